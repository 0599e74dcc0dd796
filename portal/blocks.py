"""The pieces that editors build a page from. Each looks the same wherever it stands (templates/portal/blocks/)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.models import Page

from portal.telephones import tel_href

RICH_TEXT = ["bold", "italic", "link", "document-link", "ol", "ul", "h3"]
RICH_LINE = ["bold", "italic", "link", "document-link", "ol", "ul"]


class StepBlock(blocks.StructBlock):
    """One step of a road: what is done, by when, by whom."""

    title = blocks.CharBlock(label=_("What is done"), max_length=300)
    text = blocks.TextBlock(label=_("Details"), required=False, rows=3)
    term = blocks.CharBlock(label=_("Term"), required=False, max_length=200)
    who = blocks.CharBlock(label=_("Who does it"), required=False, max_length=300)

    class Meta:
        icon = "order"
        label = _("Step")


class FactBlock(blocks.StructBlock):
    """A word and what it means."""

    term = blocks.CharBlock(label=_("Word"), max_length=300)
    meaning = blocks.TextBlock(label=_("What it means"), rows=3)

    class Meta:
        icon = "info-circle"
        label = _("Fact")


class CalloutBlock(blocks.StructBlock):
    """A few lines that must not be missed."""

    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("info", _("Good to know")), ("next", _("What to do")), ("danger", _("Danger"))],
        default="info",
    )
    title = blocks.CharBlock(label=_("Heading"), required=False, max_length=200)
    text = blocks.RichTextBlock(label=_("Text"), features=RICH_LINE)

    class Meta:
        icon = "warning"
        label = _("Callout")
        template = "portal/blocks/callout.html"


class RowBlock(blocks.StructBlock):
    """A line of a table."""

    cells = blocks.ListBlock(blocks.TextBlock(rows=1, required=False, label=_("Cell")), label=_("Cells"))

    class Meta:
        icon = "list-ul"
        label = _("Row")


class TableBlock(blocks.StructBlock):
    """A table with a caption and column headings, so that it can be read aloud."""

    caption = blocks.CharBlock(label=_("Caption"), max_length=300)
    head = blocks.ListBlock(blocks.CharBlock(label=_("Heading"), max_length=300), label=_("Column headings"))
    rows = blocks.ListBlock(RowBlock(), label=_("Rows"))

    class Meta:
        icon = "table"
        label = _("Table")
        template = "portal/blocks/table.html"


class PublishedPagesBlock(blocks.ListBlock):
    """Links to other pages; those that are not published are left out."""

    def get_context(self, value: list[Page | None], parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["pages"] = [page for page in value if page and page.live]
        return context


class PhoneBlock(blocks.StructBlock):
    """A telephone that is dialled by a touch."""

    label = blocks.CharBlock(label=_("Who answers"), max_length=200)
    number = blocks.CharBlock(label=_("Number"), max_length=40)

    def get_context(self, value: dict[str, Any], parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        context["href"] = tel_href(value["number"])
        return context

    class Meta:
        icon = "mobile-alt"
        label = _("Telephone")
        template = "portal/blocks/phone.html"


def body_blocks() -> list[tuple[str, blocks.Block]]:
    """Return the blocks of a page's body, in the order in which the editor offers them."""
    return [
        (
            "heading",
            blocks.CharBlock(label=_("Heading"), icon="title", max_length=200, template="portal/blocks/heading.html"),
        ),
        (
            "paragraph",
            blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT, template="portal/blocks/paragraph.html"),
        ),
        (
            "steps",
            blocks.ListBlock(StepBlock(), label=_("Steps"), icon="order", template="portal/blocks/steps.html"),
        ),
        (
            "facts",
            blocks.ListBlock(FactBlock(), label=_("Facts"), icon="info-circle", template="portal/blocks/facts.html"),
        ),
        ("callout", CalloutBlock()),
        ("table", TableBlock()),
        (
            "forms",
            PublishedPagesBlock(
                blocks.PageChooserBlock("forms_library.OfficialForm", label=_("Official form")),
                label=_("Official forms"),
                icon="doc-full",
                template="portal/blocks/forms.html",
            ),
        ),
        ("phone", PhoneBlock()),
        (
            "pages",
            PublishedPagesBlock(
                blocks.PageChooserBlock(label=_("Page")),
                label=_("See also"),
                icon="link",
                template="portal/blocks/pages.html",
            ),
        ),
    ]
