"""Packs of forms made on the spot: right ones, changed ones, and their adoption."""

import hashlib
import io
import json
import zipfile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from forms_library.actions import packs as pack_actions
from forms_library.models import Agency, OfficialForm, ProcedurePage
from forms_library.packs import PackContent, PackProcedure, archive, read_pack, shipped, signing, write_pack
from forms_library.packs.content import canonical
from forms_library.procedures.definition import Procedure

KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"2" * 32)
FACTS = {"name": "forms", "title": "Формы", "publisher": "Область"}
CONSENT = shipped.form("contact_consent")
SUPPORT = PackProcedure(
    code="support",
    title="Порядок поддержки",
    purpose="Помочь семье",
    legal_basis="Порядок",
    issuing_agency=CONSENT.issuing_agency,
    act_number="1-п",
    act_date="2026-01-15",
    act_reason="Вводится впервые",
    procedure=Procedure.from_json(
        {
            "start": "Семья обратилась",
            "roles": [{"code": "officer", "title": "Специалист"}],
            "stages": [
                {
                    "code": "all",
                    "title": "Работа",
                    "steps": [
                        {
                            "code": "consent",
                            "title": "Согласие получено",
                            "role": "officer",
                            "after": ["opened"],
                            "forms": [{"code": "contact_consent"}],
                            "due": {"rule": {"number": 3, "unit": "wd"}},
                        },
                        {
                            "code": "ended",
                            "title": "Работа завершена",
                            "role": "officer",
                            "done_by": "closure",
                            "after": ["consent"],
                        },
                    ],
                }
            ],
            "grounds": [{"code": "helped", "title": "Помощь оказана"}],
        }
    ),
)


def content(*forms, procedures=(), **facts):
    return PackContent(
        **{**FACTS, **facts},
        forms=forms or (CONSENT,),
        blocks=shipped.pack().content.blocks,
        procedures=tuple(procedures),
    )


def pack(*forms, key=KEY, **facts):
    return read_pack(write_pack(content(*forms, **facts), key))


def files_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def resigned(files, key=KEY):
    """Sign changed files anew, listing them as they are."""
    listed = {name: part for name, part in files.items() if name not in {"pack.json", "signature.json"}}
    manifest = json.loads(files["pack.json"])
    manifest["files"] = [{"name": name, "sha256": archive_sha(listed[name])} for name in sorted(listed)]
    text = canonical(manifest)
    signature = {
        "algorithm": "ed25519",
        "public_key": signing.public_text(key),
        "signature": signing.sign(text, key),
    }
    return archive.write(listed | {"pack.json": text, "signature.json": canonical(signature)})


def archive_sha(data):
    return hashlib.sha256(data).hexdigest()


def changed(**parts):
    """A pack of the consent with some files changed, added or (`None`) left out, and everything signed anew."""
    files = files_of(write_pack(content(), KEY))
    for name, part in parts.items():
        files[name] = part
    return resigned({name: part for name, part in files.items() if part is not None})


def with_facts(**facts):
    data = json.loads(files_of(write_pack(content(), KEY))["forms/contact_consent/form.json"]) | facts
    return changed(**{"forms/contact_consent/form.json": canonical(data)})


def with_procedure(**facts):
    """A signed pack of the consent and one procedure that says something else; `None` leaves a fact out."""
    files = files_of(write_pack(content(procedures=[SUPPORT]), KEY))
    data = json.loads(files["procedures/support.json"]) | facts
    told = {name: fact for name, fact in data.items() if fact is not None}
    return resigned(files | {"procedures/support.json": canonical(told)})


def zipped(*entries, method=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, part in entries:
            file.writestr(name, part)
    return stream.getvalue()


def agency(kind):
    return Agency.objects.create(code=kind.replace("_", "-"), name=kind, short_name=kind, kind=kind, territory="Город")


def adopt(lib, theirs, **options):
    return pack_actions.adopt_pack(
        pack=theirs, catalogue=lib.catalogue, actor=lib.methodologist, at=timezone.now(), **options
    )


def form_of(code="contact_consent"):
    return OfficialForm.objects.get(code=code)


def procedure_of(code="support"):
    return ProcedurePage.objects.get(code=code)
