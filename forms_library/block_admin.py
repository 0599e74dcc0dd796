"""Where reusable blocks stand in the admin, and what their editor checks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import URLPattern, path
from django.utils.translation import gettext as _, gettext_lazy
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, Panel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from forms_library import block_views
from forms_library.actions.blocks import uses
from forms_library.models import ReusableBlock
from forms_library.official_form_admin import BuilderMedia, QuestionRows


class ReusableBlockForm(QuestionRows, WagtailAdminModelForm):
    """The editor's form of a block: every mistake of a question is said at its place."""

    question_rows = "questions"

    class Media(BuilderMedia):
        """The same as beside the questions of a form."""

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        self.check_questions()
        return cleaned_data

    def clean_code(self) -> str:
        """Refuse another code for a block that forms have copied."""
        code: str = self.cleaned_data["code"]
        if self.instance.pk and "code" in self.changed_data:
            stored = ReusableBlock.objects.get(pk=self.instance.pk)
            if uses(stored):
                raise ValidationError(_("Forms have copied this block. It keeps its code."), code="code_is_fixed")
        return code


class UsesPanel(Panel):
    """Tells which forms have copied the block, and which of them have an older wording."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "forms_library/admin/block_uses_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            if self.instance.pk:
                found = uses(ReusableBlock.objects.get(pk=self.instance.pk))
                context["outdated"] = [use.form for use in found if use.is_outdated]
                context["present"] = [use.form for use in found if not use.is_outdated]
                context["block"] = self.instance
            return context


@register_snippet
class ReusableBlockViewSet(SnippetViewSet):
    """The blocks that methodologists copy into forms."""

    model = ReusableBlock
    icon = "copy"
    menu_label = gettext_lazy("Reusable blocks of forms")
    list_display = ["title", "code", "hint"]
    list_per_page = 50
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("title"), FieldPanel("code")]),
            FieldPanel("hint"),
            UsesPanel(heading=gettext_lazy("Where it is used")),
            InlinePanel("questions", label=gettext_lazy("question"), heading=gettext_lazy("Questions"), min_num=1),
        ],
        base_form_class=ReusableBlockForm,
    )


@hooks.register("register_admin_urls")
def block_urls() -> list[URLPattern]:
    """Where blocks are copied into forms."""
    return [
        path("forms/<int:page_id>/blocks/", block_views.insert, name="form_block_insert"),
        path("forms/<int:page_id>/blocks/<int:block_id>/", block_views.take, name="form_block_take"),
    ]
