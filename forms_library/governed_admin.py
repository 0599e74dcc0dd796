"""How what is governed is drafted in the admin: its code is kept, and nothing changes while somebody reviews it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from forms_library.models.approvals import FourEyesTask, authors_of


class GovernedAdminForm(WagtailAdminPageForm):
    """The editor's form of a form or a procedure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            # The default of a new code is a function; without this every saved code would count as changed.
            self.fields["code"].show_hidden_initial = False

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        is_under_review = self.instance.pk and isinstance(self.instance.current_workflow_task, FourEyesTask)
        if is_under_review and self.says_otherwise_than(self.instance.get_latest_revision().as_object()):
            self.add_error(
                None,
                ValidationError(
                    _("The draft is under review and cannot be changed now. Return it to its author first."),
                    code="under_review",
                ),
            )
        return cleaned_data

    def clean_code(self) -> str:
        """Refuse another code for what has been in force."""
        code: str = self.cleaned_data["code"]
        if self.instance.pk and self.instance.editions.exclude(code=code).exists():
            raise ValidationError(
                _("This page has been in force under another code. It keeps that code for ever."), code="code_is_fixed"
            )
        return code

    def says_otherwise_than(self, reviewed: Any) -> bool:
        """Return whether what was typed differs from the draft that somebody reviews."""
        raise NotImplementedError


class ReadinessPanel(Panel):
    """Tells what the draft still lacks before it can be approved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "forms_library/admin/readiness_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            if self.instance.pk:
                context |= self.wording()
                context["problems"] = (*context["problems"], *self.instance.act_problems())
                latest = self.instance.get_latest_revision()
                context["is_author"] = bool(latest and self.request and self.request.user.pk in authors_of(latest))
            return context

        def wording(self) -> dict[str, Any]:
            """Return what is told of the wording itself, its `problems` among it."""
            return {"problems": self.instance.wording_problems()}
