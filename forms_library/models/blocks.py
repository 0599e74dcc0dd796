"""Reusable blocks: questions that many forms ask alike, such as the head of an outgoing paper or a child.

A form copies a block and remembers which wording it copied («code@version»). Nothing is shared live: a block that changes
changes no form, and each form takes the newer wording when its methodologist says so.
"""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from forms_library import reusable_blocks
from forms_library.models.form_fields import LATIN, QuestionRow
from forms_library.packs import CODE
from forms_library.schema import Schema


class ReusableBlock(ClusterableModel):
    """A group of questions to copy into forms."""

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(rf"^{CODE}$", LATIN)],
        help_text=_("Forms remember it beside each question that they copied, for example child"),
    )
    title = models.CharField(_("title"), max_length=200)
    hint = models.CharField(_("when to use it"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("reusable block")
        verbose_name_plural = _("reusable blocks")

    def __str__(self) -> str:
        return self.title

    def schema(self) -> Schema:
        """Return the questions of the block as they stand now."""
        return Schema(questions=tuple(row.question() for row in self.questions.all()))

    def version(self) -> str:
        """Return the short digest by which forms remember this wording."""
        return reusable_blocks.version(self.schema().questions)

    def origin(self) -> str:
        """Return what a question that is copied now remembers of this block."""
        return reusable_blocks.origin(self.code, self.version())


class BlockField(QuestionRow):
    """One question of a reusable block."""

    reusable_block = ParentalKey(ReusableBlock, on_delete=models.CASCADE, related_name="questions")

    class Meta(QuestionRow.Meta):
        abstract = False


def origins(form: Any) -> set[str]:
    """Return where the questions of a form's last draft were copied from, without building the whole page anew."""
    revision = form.latest_revision
    rows = revision.content.get("form_fields", ()) if revision else form.form_fields.values("block")
    return {row["block"] for row in rows if row.get("block")}


def copied_blocks(form: Any) -> list[tuple[ReusableBlock, bool]]:
    """Return the blocks that a form's last draft has copied, each with whether the copy is of an older wording."""
    found = origins(form)
    codes = {each.partition("@")[0] for each in found}
    blocks = ReusableBlock.objects.filter(code__in=codes).order_by("title").prefetch_related("questions")
    return [
        (block, {each for each in found if each.partition("@")[0] == block.code} != {block.origin()})
        for block in blocks
    ]
