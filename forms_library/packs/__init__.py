"""Form packs: a set of official forms that one site publishes and another adopts, as one signed file.

A pack holds the facts, questions, templates and demo answers of its forms, reusable blocks, and procedures. Whatever is read is written
back to the byte by the same key. No database, no clock, no request; what a site does with a pack is in
`forms_library.actions.packs`.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forms_library.packs import archive, signing
from forms_library.packs.archive import CODE, MANIFEST, MAX_PACK, SIGNATURE
from forms_library.packs.content import (
    FACTS,
    PROCEDURE_FACTS,
    Pack,
    PackBlock,
    PackContent,
    PackForm,
    PackProcedure,
    canonical,
    parsed,
)
from forms_library.packs.errors import PackError, problem_text

__all__ = [
    "CODE",
    "FACTS",
    "MAX_PACK",
    "PROCEDURE_FACTS",
    "Pack",
    "PackBlock",
    "PackContent",
    "PackError",
    "PackForm",
    "PackProcedure",
    "problem_text",
    "read_pack",
    "same_content",
    "write_pack",
]

FORMAT = 2
"""The newest format that is read: 2 holds procedures. A pack without any is written as 1, which older programs read, too."""


def write_pack(content: PackContent, key: Ed25519PrivateKey) -> bytes:
    """Return the pack as a file. The same content and key give the same bytes."""
    files = _files(content)
    signature = {
        "algorithm": "ed25519",
        "public_key": signing.public_text(key),
        "signature": signing.sign(files[MANIFEST], key),
    }
    return archive.write(files | {SIGNATURE: canonical(signature)})


def read_pack(data: bytes) -> Pack:
    """Return a pack whose signature is right; raise `PackError` otherwise. Who signed it is for the caller to trust."""
    files = archive.read(data)
    if MANIFEST not in files:
        raise PackError("not_a_pack")
    manifest = _manifest(files[MANIFEST])
    _check_names(files, manifest)
    public_key = _check_signature(files)
    for listed in manifest["files"]:
        if hashlib.sha256(files[listed["name"]]).hexdigest() != listed["sha256"]:
            raise PackError("damaged", listed["name"])
    content = PackContent(
        **{name: manifest[name] for name in ("name", "title", "publisher")},
        forms=tuple(_form(files, name) for name in sorted(files) if name.endswith("/form.json")),
        blocks=tuple(_block(files, name) for name in sorted(files) if name.startswith("blocks/")),
        procedures=tuple(_procedure(files, name) for name in sorted(files) if name.startswith("procedures/")),
    )
    codes = Counter([*(part.code for part in content.issued), *(block.code for block in content.blocks)])
    twice = [code for code, times in codes.items() if times > 1]
    if twice:
        raise PackError("bad_form", "code", min(twice))
    # Whatever this does not write by itself (comments, gaps between the files, other JSON) has no place in a pack.
    if archive.write(_files(content) | {SIGNATURE: files[SIGNATURE]}) != data:
        raise PackError("damaged", MANIFEST)
    return Pack(content=content, public_key=public_key, sha256=hashlib.sha256(data).hexdigest())


def same_content(first: bytes, second: bytes) -> bool:
    """Return whether two packs differ in nothing but who signed them."""
    unsigned = [
        {name: part for name, part in archive.read(data).items() if name != SIGNATURE} for data in (first, second)
    ]
    return unsigned[0] == unsigned[1]


def _files(content: PackContent) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for form in content.forms:
        files[f"forms/{form.code}/form.json"] = canonical(form.to_json())
        files[f"forms/{form.code}/template.docx"] = form.template
        if form.demo_answers:
            files[f"forms/{form.code}/demo_answers.json"] = canonical(form.demo_answers)
    for block in content.blocks:
        files[f"blocks/{block.code}.json"] = canonical(block.to_json())
    for procedure in content.procedures:
        files[f"procedures/{procedure.code}.json"] = canonical(procedure.to_json())
    manifest = {
        "format": 2 if content.procedures else 1,
        "name": content.name,
        "title": content.title,
        "publisher": content.publisher,
        "files": [{"name": name, "sha256": hashlib.sha256(files[name]).hexdigest()} for name in sorted(files)],
    }
    return files | {MANIFEST: canonical(manifest)}


def _manifest(data: bytes) -> dict[str, Any]:
    """Return the list of what the pack holds; a newer format is refused before anything else is looked at."""
    manifest = parsed(data, MANIFEST)
    version = manifest.get("format") if isinstance(manifest, dict) else None
    if not isinstance(version, int) or version < 1:
        raise PackError("not_a_pack")
    if version > FORMAT:
        raise PackError("newer_version", str(version))
    texts = (manifest.get(name) for name in ("name", "title", "publisher"))
    listed = manifest.get("files")
    if not all(isinstance(text, str) and text for text in texts) or not isinstance(listed, list):
        raise PackError("damaged", MANIFEST)
    for each in listed:
        if not isinstance(each, dict) or not all(isinstance(each.get(name), str) for name in ("name", "sha256")):
            raise PackError("damaged", MANIFEST)
    return manifest


def _check_names(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    listed = {each["name"] for each in manifest["files"]}
    strange = {name for name in {*files, *listed} if not archive.KNOWN_NAMES.fullmatch(name)}
    unlike = (set(files) - {MANIFEST, SIGNATURE}) ^ listed
    alone = {name for name in listed if name.startswith("forms/") and not _form_files(name) <= listed}
    wrong = strange | unlike | alone
    if wrong:
        raise PackError("bad_path", min(wrong))


def _form_files(name: str) -> set[str]:
    folder = name.rpartition("/")[0]
    return {f"{folder}/form.json", f"{folder}/template.docx"}


def _check_signature(files: Mapping[str, bytes]) -> str:
    """Return the public key that the pack was signed with."""
    if SIGNATURE not in files:
        raise PackError("no_signature")
    data = parsed(files[SIGNATURE], SIGNATURE)
    facts = data if isinstance(data, dict) else {}
    signature, public = facts.get("signature"), facts.get("public_key")
    if not isinstance(signature, str) or not isinstance(public, str):
        raise PackError("bad_signature")
    if not signing.is_signed(files[MANIFEST], signature=signature, public=public):
        raise PackError("bad_signature")
    if canonical({"algorithm": "ed25519", "public_key": public, "signature": signature}) != files[SIGNATURE]:
        raise PackError("bad_signature")
    return public


def _form(files: Mapping[str, bytes], name: str) -> PackForm:
    folder = name.rpartition("/")[0]
    answers = files.get(f"{folder}/demo_answers.json")
    form = PackForm.from_json(
        parsed(files[name], name),
        template=files[f"{folder}/template.docx"],
        demo_answers=None if answers is None else parsed(answers, f"{folder}/demo_answers.json"),
    )
    if f"forms/{form.code}/form.json" != name:
        raise PackError("bad_form", "code", name)
    return form


def _block(files: Mapping[str, bytes], name: str) -> PackBlock:
    block = PackBlock.from_json(parsed(files[name], name))
    if f"blocks/{block.code}.json" != name:
        raise PackError("bad_form", "code", name)
    return block


def _procedure(files: Mapping[str, bytes], name: str) -> PackProcedure:
    procedure = PackProcedure.from_json(parsed(files[name], name))
    if f"procedures/{procedure.code}.json" != name:
        raise PackError("bad_form", "code", name)
    return procedure
