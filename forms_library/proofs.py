"""Proof that an edition still prints what it printed: the same sample answers give the same bytes for ever.

The inflected names of the sample are kept with it, as they are with a filed form: a later dictionary of names changes
neither.
"""

import datetime as dt
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from forms_library import rendering
from forms_library.inflection import suggested
from forms_library.models.editions import Edition, EditionProof
from forms_library.template_check import sample_answers


def sample_proof(edition: Edition, *, at: dt.datetime) -> EditionProof:
    """Return the proof of an edition, not saved yet. Raises `TemplateError` when it cannot be printed."""
    answers = sample_answers(edition.schema)
    inflected = rendering.inflected_words(
        edition.schema,
        answers,
        template=bytes(edition.docx_template),
        template_sha256=edition.template_sha256,
        about=edition.about(),
    )
    forms = {words: suggested(words) for words in sorted(inflected)}
    proof = EditionProof(edition=edition, answers=answers, name_forms=forms, made_at=at)
    proof.sha256, proof.blank_sha256 = digests(edition, answers, name_forms=forms)
    return proof


def digests(
    edition: Edition, answers: Mapping[str, Any], *, name_forms: Mapping[str, Mapping[str, Any]]
) -> tuple[str, str]:
    """Return the SHA-256 of the filled sample and of the blank of an edition."""
    template, about = bytes(edition.docx_template), edition.about()
    filled = rendering.document(
        edition.schema,
        answers,
        template=template,
        template_sha256=edition.template_sha256,
        about=about,
        name_forms=name_forms,
    )
    blank = rendering.blank(edition.schema, template=template, template_sha256=edition.template_sha256, about=about)
    return sha256(filled).hexdigest(), sha256(blank).hexdigest()
