import json
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings as hypothesis_settings, strategies as st

from forms_library import packs
from forms_library.packs import PackError, archive, folder, read_pack, shipped, signing, write_pack
from forms_library.packs.content import canonical
from forms_library.procedures import in_words
from forms_library.procedures.problems import problems
from forms_library.readiness import readiness
from tests.forms_library.packing import (
    CONSENT,
    KEY,
    SUPPORT,
    changed,
    content,
    files_of,
    pack,
    resigned,
    with_facts,
    with_procedure,
    zipped,
)


def refusal(data):
    with pytest.raises(PackError) as caught:
        read_pack(data)
    assert packs.problem_text(caught.value)
    return caught.value


class TestAPack:
    def test_is_the_same_bytes_for_the_same_content_and_key(self):
        data = write_pack(content(), KEY)
        assert data == write_pack(content(), KEY)
        assert write_pack(read_pack(data).content, KEY) == data

    def test_bears_the_key_of_its_publisher(self):
        assert pack().public_key == signing.public_text(KEY)

    def test_brings_forms_templates_answers_and_blocks(self):
        form = replace(CONSENT, demo_answers={"name": "Анна"})
        read = pack(form)
        assert read["contact_consent"] == form
        assert {block.code for block in read.content.blocks} == {"adult", "child", "outgoing_head"}

    @hypothesis_settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=300))
    def test_is_not_just_any_bytes(self, data):
        with pytest.raises(PackError):
            read_pack(data)

    @hypothesis_settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_with_one_byte_changed_is_refused(self, data):
        good = write_pack(content(), KEY)
        place = data.draw(st.integers(0, len(good) - 1))
        flipped = bytes([good[place] ^ data.draw(st.integers(1, 255))])
        with pytest.raises(PackError):
            read_pack(good[:place] + flipped + good[place + 1 :])


class TestASignature:
    def test_of_somebody_else_on_changed_content_is_refused(self):
        files = files_of(write_pack(content(), KEY))
        other = files_of(write_pack(content(title="Другое"), KEY))
        assert refusal(archive.write(files | {"pack.json": other["pack.json"]})).code == "bad_signature"

    def test_cannot_be_left_out(self):
        files = files_of(write_pack(content(), KEY))
        del files["signature.json"]
        assert refusal(archive.write(files)).code == "no_signature"

    @pytest.mark.parametrize("text", [b"{}", b"[]", b'{"public_key":"AA==","signature":"AA=="}'])
    def test_that_is_none_is_refused(self, text):
        files = files_of(write_pack(content(), KEY))
        assert refusal(archive.write(files | {"signature.json": text})).code == "bad_signature"

    def test_covers_every_file(self):
        files = files_of(write_pack(content(), KEY))
        name = "forms/contact_consent/template.docx"
        assert refusal(archive.write(files | {name: shipped.form("contact_request").template})).code == "damaged"

    def test_shows_itself_as_a_short_fingerprint(self):
        groups = signing.fingerprint(signing.public_text(KEY)).split()
        assert (len(groups), {len(group) for group in groups}) == (8, {4})


class TestATrickyPack:
    @pytest.mark.parametrize(
        "name",
        [
            "../forms/x.json",
            "/etc/passwd",
            "forms\\x\\form.json",
            "C:forms/x.json",
            "forms//form.json",
            "forms/./form.json",
            "forms/con/form.json",
            "blocks/lpt1.json",
        ],
    )
    def test_with_a_dangerous_name_is_refused_before_anything_is_read(self, name):
        newer = canonical({"format": packs.FORMAT + 1})
        assert refusal(zipped(("pack.json", newer), ("forms/a/form.json", b"{}"))).code == "newer_version"
        assert refusal(zipped(("pack.json", newer), (name, b"{}"))).code == "bad_path"

    def test_with_two_files_of_one_name_is_refused(self):
        files = files_of(write_pack(content(), KEY))
        again = [*files.items(), ("PACK.json", files["pack.json"])]
        assert refusal(zipped(*again)).code == "bad_path"

    def test_with_a_file_that_is_not_listed_is_refused(self):
        files = files_of(write_pack(content(), KEY))
        data = archive.write(files | {"forms/other/form.json": b"{}"})
        assert refusal(data).code == "bad_path"

    def test_with_a_file_of_another_kind_is_refused(self):
        assert refusal(changed(**{"forms/contact_consent/run.sh": b"x"})).code == "bad_path"

    def test_without_a_template_is_refused(self):
        assert refusal(changed(**{"forms/contact_consent/template.docx": None})).code == "bad_path"

    def test_that_lacks_a_listed_file_is_refused(self):
        files = files_of(write_pack(content(), KEY))
        del files["blocks/child.json"]
        assert refusal(archive.write(files)).code == "bad_path"

    def test_of_a_newer_version_says_so_first(self):
        files = files_of(write_pack(content(), KEY))
        manifest = json.loads(files["pack.json"]) | {"format": packs.FORMAT + 1}
        data = archive.write({"pack.json": canonical(manifest), "wholly_new.bin": b"x"})
        assert refusal(data).code == "newer_version"

    def test_that_was_packed_by_another_program_is_refused(self):
        files = files_of(write_pack(content(), KEY))
        assert refusal(zipped(*files.items())).code == "damaged"
        assert refusal(zipped(*files.items(), method=zipfile.ZIP_DEFLATED)).code == "damaged"

    def test_with_something_before_or_behind_it_is_refused(self):
        data = write_pack(content(), KEY)
        for tampered in (b"#!/bin/sh\n" + data, data + b"tail"):
            assert refusal(tampered).code in {"damaged", "not_a_pack"}

    def test_that_unpacks_into_something_huge_is_refused_before_it_is_unpacked(self):
        bomb = zipped(("pack.json", b" " * (archive.MAX_PACK + 1)), method=zipfile.ZIP_DEFLATED)
        assert len(bomb) < 100_000
        assert refusal(bomb).code == "too_big"

    def test_of_too_many_files_is_refused(self):
        assert refusal(zipped(*((f"blocks/b{n}.json", b"") for n in range(archive.MAX_FILES + 1)))).code == "too_big"

    def test_that_is_only_a_zip_is_none(self):
        assert refusal(zipped(("letter.txt", b"x"))).code == "not_a_pack"
        assert refusal(b"%PDF-1.7").code == "not_a_pack"


class TestAFormOfAPack:
    @pytest.mark.parametrize(
        "facts",
        [
            {"title": 5},
            {"kept_over_ten_years": "да"},
            {"questions": [{"key": "a", "label": 5, "kind": "singleline"}]},
            {"questions": [{"key": "a", "label": "А", "kind": "singleline", "columns": [{"key": "x", "label": 1}]}]},
            {"questions": [{"key": "a", "label": "А", "kind": "radio"}]},
            {"questions": [{"key": "a", "label": "А", "kind": "telepathy"}]},
            {"questions": [{"key": "a", "label": "А", "kind": "singleline", "max_rows": True}]},
            {"questions": []},
            {"act_date": "вчера"},
            {"publish_at_once": True},
            {"code": "nul"},
            {"code": "other"},
        ],
    )
    def test_that_is_wrong_is_named(self, facts):
        problem = refusal(with_facts(**facts))
        assert problem.code == "bad_form"
        assert problem.place

    def test_whose_template_is_unsafe_is_named(self):
        problem = refusal(changed(**{"forms/contact_consent/template.docx": b"MZ"}))
        assert (problem.code, problem.place) == ("bad_form", "contact_consent")

    def test_whose_answers_are_no_answers_is_named(self):
        problem = refusal(changed(**{"forms/contact_consent/demo_answers.json": b"[1]"}))
        assert (problem.code, problem.place) == ("bad_form", "contact_consent")


class TestABlockOfAPack:
    def test_that_bears_the_code_of_a_form_is_named(self):
        data = write_pack(content(replace(CONSENT, code="child")), KEY)
        assert (refusal(data).code, refusal(data).place) == ("bad_form", "child")


def format_of(data):
    return json.loads(files_of(data)["pack.json"])["format"]


class TestAProcedureOfAPack:
    def test_travels_whole_and_to_the_byte(self):
        data = write_pack(content(procedures=[SUPPORT]), KEY)
        assert read_pack(data).procedure("support") == SUPPORT
        assert write_pack(read_pack(data).content, KEY) == data

    def test_makes_the_pack_one_that_older_programs_refuse(self):
        assert (format_of(write_pack(content(), KEY)), format_of(write_pack(content(procedures=[SUPPORT]), KEY))) == (
            1,
            2,
        )

    def test_does_not_hide_in_a_pack_of_the_older_format(self):
        files = files_of(write_pack(content(procedures=[SUPPORT]), KEY))
        older = json.loads(files["pack.json"]) | {"format": 1}
        assert refusal(resigned(files | {"pack.json": canonical(older)})).code == "damaged"

    @pytest.mark.parametrize(
        "facts",
        [
            {"title": 5},
            {"purpose": None},
            {"procedure": None},
            {"procedure": []},
            {"procedure": {"start": 5}},
            {"procedure": {"start": "Начало", "telepathy": True}},
            {"procedure": {"start": "Начало", "stages": "нет"}},
            {"procedure": SUPPORT.procedure.to_json() | {"grounds": []}},
            {"procedure": SUPPORT.procedure.to_json() | {"roles": []}},
            {"act_date": "вчера"},
            {"review_on": "2026-02-30"},
            {"in_force": True},
            {"code": "nul"},
            {"code": "other"},
            {"code": "контакт"},
        ],
    )
    def test_that_is_wrong_is_named(self, facts):
        problem = refusal(with_procedure(**facts))
        assert problem.code == "bad_form"
        assert problem.place

    def test_that_nests_without_end_is_refused(self):
        deep = b'{"code":"support","procedure":' + b'{"stages":[' * 100_000
        files = files_of(write_pack(content(procedures=[SUPPORT]), KEY))
        assert refusal(resigned(files | {"procedures/support.json": deep})).code == "damaged"

    def test_that_no_case_could_follow_says_why(self):
        steps = SUPPORT.procedure.to_json() | {"grounds": []}
        assert str(in_words.PROBLEMS["no_grounds"]) in packs.problem_text(refusal(with_procedure(procedure=steps)))

    def test_may_name_forms_that_the_pack_does_not_hold(self):
        data = write_pack(content(shipped.form("contact_request"), procedures=[SUPPORT]), KEY)
        assert read_pack(data).procedure("support").procedure.form_codes() == {"contact_consent"}

    def test_that_bears_the_code_of_a_form_is_named(self):
        data = write_pack(content(procedures=[replace(SUPPORT, code="contact_consent")]), KEY)
        assert (refusal(data).code, refusal(data).place) == ("bad_form", "contact_consent")


class TestAFolderOfSources:
    def test_brings_procedures(self, tmp_path):
        (tmp_path / "procedures").mkdir()
        (tmp_path / "pack.json").write_text(json.dumps({"name": "x", "title": "Х", "publisher": "Мы"}))
        file = tmp_path / "procedures" / "support.json"
        file.write_text(json.dumps(SUPPORT.to_json()))
        assert folder.read_sources(tmp_path).procedures == (SUPPORT,)
        file.rename(file.with_name("other.json"))
        with pytest.raises(PackError) as caught:
            folder.read_sources(tmp_path)
        assert caught.value.place == "other.json"


class TestTheShippedPack:
    def test_equals_what_its_sources_build(self):
        built = write_pack(folder.read_sources(shipped.SOURCES), KEY)
        assert packs.same_content(built, shipped.PACK.read_bytes()), "run manage.py build_pack"

    def test_is_signed_by_the_key_beside_it(self):
        assert shipped.pack().public_key == shipped.public_key()

    @pytest.mark.parametrize("code", shipped.codes())
    def test_holds_forms_that_can_be_approved(self, code):
        form = shipped.form(code)
        assert readiness(form.schema, template=form.template).problems == ()

    @pytest.mark.parametrize("code", shipped.procedure_codes())
    def test_holds_every_form_that_its_procedures_name(self, code):
        procedure = shipped.procedure(code).procedure
        assert problems(procedure, forms_in_force=shipped.codes()) == []
