"""Put the peers into a scratch portal: the same words on bare pages, the same questions in bare forms."""

import json

import django

django.setup()

from django.utils.text import Truncator  # noqa: E402
from wagtail.models import Page  # noqa: E402

from bench.bare.models import BareForm, BareFormField, BarePage  # noqa: E402
from forms_library.packs import shipped  # noqa: E402
from forms_library.schema import Kind  # noqa: E402
from portal.models import HomePage, ProgrammePage  # noqa: E402

FIELD_TYPES = {
    Kind.LONG_TEXT: "multiline",
    Kind.EMAIL: "email",
    Kind.CHOICE: "radio",
    Kind.YES_NO: "radio",
    Kind.AGENCY: "radio",
}
"""Wagtail's own fields that stand nearest to ours; all else is a line of text."""


def main() -> None:
    home = HomePage.objects.get()
    programme = ProgrammePage.objects.live().order_by("path").first()
    cards = [f"<p>{page.title} {page.summary}</p>" for page in ProgrammePage.objects.live()]
    home_words = [home.intro, *_words(home, "can_help"), *_words(home, "steps"), *_words(home, "body"), *cards]
    _page(home, "bare-home", home_words)
    programme_words = [programme.summary, programme.for_whom, *_words(programme, "body"), programme.next_step]
    # As deep in the tree as our own: the way to a page is walked step by step.
    _page(_page(home, "bare-programmes", []), "bare-programme", programme_words)
    questions = [
        question for question in shipped.form("contact_request").schema.questions if question.kind != Kind.SECTION
    ]
    _form(home, "bare-form", [(q.key, q.label, FIELD_TYPES.get(q.kind, "singleline"), q.choices) for q in questions])
    _form(home, "bare-form-15", [(f"q{number}", f"Question {number}", "singleline", ()) for number in range(15)])


def _words(page: HomePage | ProgrammePage, name: str) -> list[str]:
    body = getattr(page, name)
    return [" ".join(block.block.get_searchable_content(block.value)) for block in body]


def _page(above: Page, slug: str, words: list[str]) -> BarePage:
    body = [
        block
        for text in words
        for block in (
            {"type": "heading", "value": Truncator(text).words(4)},
            {"type": "paragraph", "value": text if text.startswith("<p>") else f"<p>{text}</p>"},
        )
    ]
    page: BarePage = above.add_child(instance=BarePage(title=slug, slug=slug, body=json.dumps(body)))
    return page


def _form(home: HomePage, slug: str, questions: list[tuple[str, str, str, tuple[str, ...]]]) -> None:
    page = home.add_child(instance=BareForm(title=slug, slug=slug))
    for order, (name, label, kind, choices) in enumerate(questions):
        offered = ", ".join(choices) or "yes, no"
        BareFormField.objects.create(
            page=page,
            sort_order=order,
            clean_name=name,
            label=label,
            field_type=kind,
            required=False,
            choices=offered if kind == "radio" else "",
        )


if __name__ == "__main__":
    main()
