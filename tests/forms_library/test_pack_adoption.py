import io
from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from forms_library import exchange, packs, procedure_exchange
from forms_library.actions import packs as pack_actions
from forms_library.actions.drafts import UnderReview
from forms_library.models import (
    Document,
    Edition,
    OfficialForm,
    ProcedureEdition,
    ProcedurePage,
    ReusableBlock,
    TrustedPublisher,
    UploadedPack,
)
from forms_library.models.approvals import NotReady
from forms_library.packs import PackError, read_pack, shipped, signing, write_pack
from tests.forms_library import drafting
from tests.forms_library.packing import (
    CONSENT,
    FACTS,
    KEY,
    STRANGER,
    SUPPORT,
    adopt,
    agency,
    content,
    form_of,
    pack,
    procedure_of,
)


@pytest.fixture
def lib(db):
    found = drafting.library()
    found.agency.kind = CONSENT.issuing_agency
    found.agency.save()
    TrustedPublisher.objects.create(name="Область", public_key=signing.public_text(KEY))
    return found


class TestAdoption:
    def test_saves_drafts_and_publishes_nothing(self, lib):
        (form,) = adopt(lib, pack())
        assert (form.live, Edition.objects.count()) == (False, 0)
        draft = form_of().get_latest_revision_as_object()
        assert draft.schema() == CONSENT.schema
        assert draft.issuing_agency == lib.agency
        assert draft.latest_revision.user == lib.methodologist

    def test_and_export_with_the_same_key_give_the_same_bytes(self, lib):
        data = write_pack(content(replace(CONSENT, demo_answers={"б": [1, {"а": None}], "а": "1.50"})), KEY)
        adopt(lib, read_pack(data))
        again = pack_actions.export_pack(
            **FACTS,
            codes=["contact_consent"],
            block_codes=["adult", "child", "outgoing_head"],
            key=KEY,
            at=timezone.now(),
        )
        assert again == data

    def test_of_every_shipped_form_gives_the_same_bytes_again(self, lib):
        TrustedPublisher.objects.create(name="Очаг", public_key=shipped.public_key())
        for kind in shipped.pack().content.agency_kinds() - {CONSENT.issuing_agency}:
            agency(kind)
        theirs = shipped.pack().content
        adopt(lib, shipped.pack())
        ours = exchange.content(
            name=theirs.name,
            title=theirs.title,
            publisher=theirs.publisher,
            codes=shipped.codes(),
            block_codes=[block.code for block in theirs.blocks],
            at=timezone.now(),
            procedures=procedure_exchange.shared(shipped.procedure_codes(), at=timezone.now()),
        )
        assert packs.same_content(write_pack(ours, KEY), shipped.PACK.read_bytes())

    def test_of_an_unknown_publisher_is_refused(self, lib):
        with pytest.raises(pack_actions.UnknownPublisher):
            adopt(lib, pack(key=STRANGER))
        assert not OfficialForm.objects.exists()

    def test_changes_the_draft_and_not_the_edition_in_force(self, lib):
        adopt(lib, pack())
        edition = drafting.put_in_force(lib, form_of())
        adopt(lib, pack(replace(CONSENT, title="Новое согласие")))
        assert form_of().get_latest_revision_as_object().title == "Новое согласие"
        assert list(Edition.objects.in_force(at=timezone.now())) == [edition]

    def test_leaves_alone_what_is_the_same(self, lib):
        adopt(lib, pack())
        before = form_of().latest_revision_id
        assert adopt(lib, pack()) == []
        assert (form_of().latest_revision_id, Document.objects.count()) == (before, 1)

    def test_takes_only_what_was_chosen(self, lib):
        adopt(lib, pack(CONSENT, shipped.form("contact_request")), codes={"contact_request"})
        assert [form.code for form in OfficialForm.objects.all()] == ["contact_request"]
        assert not ReusableBlock.objects.exists()

    def test_during_a_review_is_refused_whole(self, lib):
        adopt(lib, pack())
        drafting.send(form_of(), by=lib.methodologist)
        with pytest.raises(UnderReview):
            adopt(lib, pack(replace(CONSENT, title="Новое"), shipped.form("contact_request")))
        assert not OfficialForm.objects.filter(code="contact_request").exists()

    def test_by_somebody_who_may_not_change_the_form_is_refused(self, lib):
        adopt(lib, pack())
        lib.methodologist = drafting.user()
        with pytest.raises(PermissionDenied):
            adopt(lib, pack(replace(CONSENT, title="Новое")))

    def test_that_fails_half_way_leaves_nothing_behind(self, lib):
        files = len(default_storage.listdir("documents")[1]) if default_storage.exists("documents") else 0
        too_long = replace(shipped.form("contact_request"), code="zzz", title="Ы" * 300)
        with pytest.raises(PackError) as caught:
            adopt(lib, pack(CONSENT, too_long))
        assert caught.value.place == "zzz"
        assert not OfficialForm.objects.exists()
        assert not ReusableBlock.objects.exists()
        assert not Document.objects.exists()
        assert (len(default_storage.listdir("documents")[1]) if default_storage.exists("documents") else 0) == files

    def test_without_such_an_agency_saves_a_draft_that_still_lacks_one(self, lib):
        lib.agency.kind = "srcn"
        lib.agency.save()
        (form,) = adopt(lib, pack())
        assert form.issuing_agency is None

    def test_gives_the_forms_to_the_chosen_agency(self, lib):
        other = agency(CONSENT.issuing_agency)
        (form,) = adopt(lib, pack(), agencies={CONSENT.issuing_agency: other})
        assert form.issuing_agency == other


class TestTheDifference:
    def test_tells_new_same_and_changed_forms(self, lib):
        adopt(lib, pack())
        fewer = replace(CONSENT.schema, questions=CONSENT.schema.questions[:-1])
        other = replace(shipped.form("contact_request"), code="new_form")
        found = exchange.compared(pack(replace(CONSENT, schema=fewer), other))
        assert [(each.code, each.state) for each in found] == [("contact_consent", "changed"), ("new_form", "new")]
        assert [pair.question.key for pair in found[0].differences.removed] == [CONSENT.schema.questions[-1].key]
        assert {each.state for each in exchange.compared(pack())} == {"same"}

    def test_tells_of_another_template_and_of_other_answers(self, lib):
        adopt(lib, pack())
        template = shipped.form("contact_request").template
        (found,) = exchange.compared(pack(replace(CONSENT, template=template, demo_answers={"a": 1})))
        assert (found.state, found.number_of_changes) == ("changed", 2)

    def test_of_blocks_tells_the_same(self, lib):
        adopt(lib, pack())
        assert {each.state for each in exchange.compared_blocks(pack())} == {"same"}


def renamed_step(title):
    """The procedure of the pack with another title of its first step."""
    (stage,) = SUPPORT.procedure.stages
    steps = (replace(stage.steps[0], title=title), *stage.steps[1:])
    return replace(SUPPORT, procedure=replace(SUPPORT.procedure, stages=(replace(stage, steps=steps),)))


def approved(lib, page):
    """Send a draft to review and approve it as a second person."""
    state = page.get_workflow().start(page, lib.methodologist).current_task_state
    state.task.specific.on_action(state, lib.approver, "approve")


class TestTheAdoptionOfAProcedure:
    def test_saves_a_draft_after_the_forms_and_publishes_nothing(self, lib):
        form, page = adopt(lib, pack(procedures=[SUPPORT]))
        assert (form.code, page.code) == ("contact_consent", "support")
        assert (page.live, ProcedureEdition.objects.count()) == (False, 0)
        draft = procedure_of().get_latest_revision_as_object()
        assert draft.procedure() == SUPPORT.procedure
        assert (draft.issuing_agency, draft.latest_revision.user) == (lib.agency, lib.methodologist)

    def test_and_export_with_the_same_key_give_the_same_bytes(self, lib):
        data = write_pack(content(procedures=[replace(SUPPORT, intro="Мы рядом", review_on="2027-01-15")]), KEY)
        adopt(lib, read_pack(data))
        again = pack_actions.export_pack(
            **FACTS,
            codes=["contact_consent"],
            block_codes=["adult", "child", "outgoing_head"],
            procedure_codes=["support"],
            key=KEY,
            at=timezone.now(),
        )
        assert again == data

    def test_leaves_alone_what_is_the_same(self, lib):
        adopt(lib, pack(procedures=[SUPPORT]))
        before = procedure_of().latest_revision_id
        assert adopt(lib, pack(procedures=[SUPPORT])) == []
        assert procedure_of().latest_revision_id == before

    def test_takes_only_what_was_chosen(self, lib):
        adopt(lib, pack(procedures=[SUPPORT]), codes={"contact_consent"})
        assert not ProcedurePage.objects.exists()

    def test_changes_the_draft_and_not_the_edition_in_force(self, lib):
        form, page = adopt(lib, pack(procedures=[SUPPORT]))
        approved(lib, form)
        approved(lib, page)
        edition = ProcedureEdition.objects.get()
        adopt(lib, pack(procedures=[renamed_step("Согласие подписано")]))
        draft = procedure_of().get_latest_revision_as_object()
        assert draft.procedure().step("consent").title == "Согласие подписано"
        assert list(ProcedureEdition.objects.in_force(at=timezone.now())) == [edition]
        assert edition.procedure == SUPPORT.procedure

    def test_without_its_forms_is_possible_but_its_approval_is_not(self, lib):
        request = shipped.form("contact_request")
        (found,) = procedure_exchange.compared_procedures(pack(request, procedures=[SUPPORT]), at=timezone.now())
        assert found.missing_forms == ("contact_consent",)
        _form, page = adopt(lib, pack(request, procedures=[SUPPORT]))
        with pytest.raises(NotReady):
            approved(lib, page)

    def test_during_a_review_is_refused_whole(self, lib):
        _form, page = adopt(lib, pack(procedures=[SUPPORT]))
        page.get_workflow().start(page, lib.methodologist)
        with pytest.raises(UnderReview):
            adopt(lib, pack(shipped.form("contact_request"), procedures=[renamed_step("Иначе")]))
        assert not OfficialForm.objects.filter(code="contact_request").exists()

    def test_by_somebody_who_may_not_change_it_is_refused(self, lib):
        adopt(lib, pack(procedures=[SUPPORT]))
        lib.methodologist = drafting.user()
        with pytest.raises(PermissionDenied):
            adopt(lib, pack(procedures=[renamed_step("Иначе")]))

    @pytest.mark.parametrize("wrong", [replace(SUPPORT, title="Ы" * 300), renamed_step("Ы" * 2000)])
    def test_that_does_not_fit_leaves_nothing_behind(self, lib, wrong):
        with pytest.raises(PackError) as caught:
            adopt(lib, pack(procedures=[wrong]))
        assert (caught.value.place, bool(caught.value.detail.strip())) == ("support", True)
        assert not OfficialForm.objects.exists()
        assert not ProcedurePage.objects.exists()

    def test_is_told_before_it_is_done(self, lib):
        (found,) = procedure_exchange.compared_procedures(pack(procedures=[SUPPORT]), at=timezone.now())
        assert (found.state, len(found.differences.added), found.missing_forms) == ("new", 2, ())
        adopt(lib, pack(procedures=[SUPPORT]))
        other = replace(renamed_step("Иначе"), legal_basis="Закон", act_number="2-п")
        (found,) = procedure_exchange.compared_procedures(pack(procedures=[other]), at=timezone.now())
        assert (found.state, found.number_of_changes) == ("changed", 3)
        assert [pair.title for pair in found.differences.noticed] == ["Иначе"]
        (found,) = procedure_exchange.compared_procedures(pack(procedures=[SUPPORT]), at=timezone.now())
        assert found.state == "same"


class TestTheChangesOfAProcedure:
    def address(self):
        return reverse("forms_library_procedure_differences", args=[procedure_of().pk])

    def test_stand_beside_the_last_edition(self, lib, client):
        form, page = adopt(lib, pack(procedures=[SUPPORT]))
        client.force_login(lib.methodologist)
        assert client.get(self.address()).context["differences"] is None
        approved(lib, form)
        approved(lib, page)
        adopt(lib, pack(procedures=[renamed_step("Согласие подписано")]))
        answer = client.get(self.address())
        assert [pair.title for pair in answer.context["differences"].noticed] == ["Согласие подписано"]
        assert "Согласие подписано" in answer.text

    def test_are_for_those_who_draft_and_approve(self, lib, client):
        adopt(lib, pack(procedures=[SUPPORT]))
        stranger = drafting.user()
        stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
        for person, status in ((lib.methodologist, 200), (lib.approver, 200), (stranger, 302)):
            client.force_login(person)
            assert client.get(self.address()).status_code == status


@pytest.fixture
def key_file(settings, tmp_path):
    settings.PACK_KEY = tmp_path / "keys" / "pack_key.pem"
    return settings.PACK_KEY


class TestTheCommands:
    def test_make_a_key_once_and_for_the_owner_only(self, key_file, capsys):
        call_command("make_pack_key")
        assert key_file.stat().st_mode & 0o077 == 0
        assert signing.public_text(signing.read_key(key_file)) in capsys.readouterr().out
        with pytest.raises(CommandError):
            call_command("make_pack_key")

    def test_export_without_a_key_says_how_to_make_one(self, lib, key_file, tmp_path):
        with pytest.raises(CommandError, match="make_pack_key"):
            call_command("export_pack", codes=["contact_consent"], out=tmp_path / "x.pack")

    def test_export_and_import_a_pack(self, lib, key_file, tmp_path, capsys):
        adopt(lib, pack())
        call_command("make_pack_key")
        file = tmp_path / "x.pack"
        call_command("export_pack", codes=["contact_consent"], out=file)
        call_command("import_pack", file)
        assert "= contact_consent" in capsys.readouterr().out
        with pytest.raises(CommandError):
            call_command("import_pack", file, adopt=True, actor=lib.methodologist.email)
        OfficialForm.objects.get().delete()
        public = signing.public_text(signing.read_key(key_file))
        TrustedPublisher.objects.create(name="Мы", public_key=public)
        call_command("import_pack", file, adopt=True, actor=lib.methodologist.email)
        assert not form_of().live

    def test_export_of_an_unknown_form_says_so(self, lib, key_file, tmp_path):
        call_command("make_pack_key")
        with pytest.raises(CommandError, match="nothing_like_it"):
            call_command("export_pack", codes=["nothing_like_it"], out=tmp_path / "x.pack")

    def test_export_and_import_procedures(self, lib, key_file, tmp_path, capsys):
        adopt(lib, pack(procedures=[SUPPORT]))
        call_command("make_pack_key")
        file = tmp_path / "x.pack"
        with pytest.raises(CommandError, match="--procedures"):
            call_command("export_pack", out=file)
        call_command("export_pack", procedures=["support"], out=file)
        assert read_pack(file.read_bytes()).procedure("support") == SUPPORT
        call_command("import_pack", file)
        told = capsys.readouterr().out
        assert "= support" in told
        assert "contact_consent" in told.partition("= support")[2]
        with pytest.raises(CommandError, match="nothing_like_it"):
            call_command("export_pack", procedures=["nothing_like_it"], out=file)

    def test_loading_the_demo_brings_a_procedure_into_force_after_its_forms(self, lib):
        for kind in shipped.pack().content.agency_kinds() - {CONSENT.issuing_agency}:
            agency(kind)
        procedure = shipped.procedure("tom_support").procedure
        for _twice in range(2):
            call_command("load_demo_forms", only=["tom_support", *procedure.form_codes()], verbosity=0)
        assert ProcedureEdition.objects.get().procedure == procedure

    def test_import_of_a_broken_file_says_what_is_wrong(self, db, tmp_path):
        (tmp_path / "x.pack").write_bytes(b"x")
        with pytest.raises(CommandError):
            call_command("import_pack", tmp_path / "x.pack")

    def test_set_up_trusts_the_shipped_publisher_once(self, db):
        call_command("set_up_library")
        call_command("set_up_library")
        assert TrustedPublisher.objects.get().public_key == shipped.public_key()


def upload(client, data, name="x.pack"):
    file = io.BytesIO(data)
    file.name = name
    return client.post(reverse("form_pack_upload"), {"file": file}, follow=True)


class TestTheScreens:
    def test_are_for_those_who_draft_forms(self, lib, client):
        for person, status in ((lib.methodologist, 200), (lib.approver, 302), (drafting.user(), 302)):
            client.force_login(person)
            assert client.get(reverse("form_packs")).status_code == status

    def test_ask_the_database_the_same_number_of_times_for_many_forms(self, lib, client, django_assert_max_num_queries):
        adopt(lib, pack(CONSENT, shipped.form("contact_request")))
        client.force_login(lib.methodologist)
        client.get(reverse("form_packs"))
        with django_assert_max_num_queries(30):
            client.get(reverse("form_packs"))

    def test_show_the_difference_and_adopt_what_is_ticked(self, lib, client):
        client.force_login(lib.methodologist)
        page = upload(client, write_pack(content(CONSENT, shipped.form("contact_request")), KEY))
        assert CONSENT.title in page.text
        assert not OfficialForm.objects.exists()
        client.post(reverse("form_pack_import"), {"codes": ["contact_consent"]})
        assert [form.code for form in OfficialForm.objects.all()] == ["contact_consent"]
        assert not UploadedPack.objects.exists()

    def test_show_the_difference_of_procedures_and_the_forms_they_lack(self, lib, client):
        client.force_login(lib.methodologist)
        data = write_pack(content(shipped.form("contact_request"), procedures=[SUPPORT]), KEY)
        page = upload(client, data)
        assert SUPPORT.title in page.text
        assert "<code>contact_consent</code>" in page.text
        client.post(reverse("form_pack_import"), {"codes": ["support"]})
        assert procedure_of().get_latest_revision_as_object().procedure() == SUPPORT.procedure

    def test_hand_out_procedures(self, lib, client, key_file):
        adopt(lib, pack(procedures=[SUPPORT]))
        call_command("make_pack_key", stdout=io.StringIO())
        client.force_login(lib.methodologist)
        answer = client.post(reverse("form_pack_export"), {**FACTS, "procedure_codes": ["support"]})
        assert read_pack(answer.content).procedure("support") == SUPPORT
        answer = client.post(reverse("form_pack_export"), FACTS)
        assert answer.context["export_form"].errors.as_data()["codes"][0].code == "required"

    def test_show_the_difference_of_an_unknown_publisher_but_adopt_nothing(self, lib, client):
        client.force_login(lib.methodologist)
        data = write_pack(content(), STRANGER)
        page = upload(client, data)
        assert signing.fingerprint(signing.public_text(STRANGER)) in page.text
        client.post(reverse("form_pack_import"), {"codes": ["contact_consent"]})
        assert not OfficialForm.objects.exists()

    def test_say_beside_the_file_what_is_wrong_with_it(self, lib, client):
        client.force_login(lib.methodologist)
        page = upload(client, b"not a pack")
        assert page.context["import_form"].errors.as_data()["file"][0].code == "not_a_pack"
        assert not UploadedPack.objects.exists()

    def test_keep_an_upload_from_other_people(self, lib, client):
        client.force_login(lib.methodologist)
        upload(client, write_pack(content(), KEY))
        client.force_login(drafting.user("Методисты"))
        assert client.get(reverse("form_pack_import")).status_code == 404

    def test_forget_a_file_that_nobody_wants(self, lib, client):
        client.force_login(lib.methodologist)
        upload(client, write_pack(content(), KEY))
        client.post(reverse("form_pack_forget"))
        assert not UploadedPack.objects.exists()

    def test_hand_out_a_signed_pack(self, lib, client, key_file):
        adopt(lib, pack())
        call_command("make_pack_key", stdout=io.StringIO())
        client.force_login(lib.methodologist)
        answer = client.post(
            reverse("form_pack_export"), {**FACTS, "codes": ["contact_consent"], "block_codes": ["child"]}
        )
        assert read_pack(answer.content)["contact_consent"] == CONSENT

    def test_without_a_key_say_whom_to_ask(self, lib, client, key_file):
        adopt(lib, pack())
        client.force_login(lib.methodologist)
        answer = client.post(reverse("form_pack_export"), {**FACTS, "codes": ["contact_consent"]})
        assert "make_pack_key" in answer.text

    def test_let_only_administrators_trust_a_publisher(self, lib, client):
        address = reverse(TrustedPublisher.snippet_viewset.get_url_name("add"))
        client.force_login(lib.methodologist)
        assert client.get(address).status_code == 302
        client.force_login(drafting.user(is_superuser=True, is_staff=True))
        text = signing.public_text(STRANGER)
        client.post(address, {"name": "Сосед", "public_key": text})
        assert TrustedPublisher.objects.filter(public_key=text).exists()
        client.post(address, {"name": "Сосед", "public_key": "A" * 44})
        assert TrustedPublisher.objects.count() == 2
