"""How a procedure is drafted in the admin: what the editor's screen checks, and what it tells."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from forms_library.models.approvals import FourEyesTask, authors_of
from forms_library.models.editions import Edition
from forms_library.procedure_blocks import STREAMS
from forms_library.procedure_impact import impact
from forms_library.procedure_values import procedure_of
from forms_library.procedures.definition import Procedure


class ProcedureAdminForm(WagtailAdminPageForm):
    """The editor's form of a procedure: its code is kept, and nothing changes while somebody reviews it."""

    class Media:
        """What makes a long list of blocks readable; everything is there without it."""

        css = {"all": ["css/admin.css"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            # The default of a new code is a function; without this every saved code would count as changed.
            self.fields["code"].show_hidden_initial = False

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        if self.instance.pk and isinstance(self.instance.current_workflow_task, FourEyesTask):
            self._refuse_changes_during_review(cleaned_data)
        return cleaned_data

    def clean_code(self) -> str:
        """Refuse another code for a procedure that has been in force."""
        code: str = self.cleaned_data["code"]
        if self.instance.pk and self.instance.editions.exclude(code=code).exists():
            raise ValidationError(
                _("The procedure has been in force under another code. It keeps that code for ever."),
                code="code_is_fixed",
            )
        return code

    def _refuse_changes_during_review(self, cleaned_data: dict[str, Any]) -> None:
        if self.errors:
            return
        reviewed = self.instance.get_latest_revision().as_object().procedure()
        # A stream always counts as changed, so what it says is compared.
        if {*self.changed_data} - {*STREAMS} or procedure_of(cleaned_data) != reviewed:
            self.add_error(
                None,
                ValidationError(
                    _("The procedure is under review and cannot be changed now. Return it to its author first."),
                    code="under_review",
                ),
            )


class CodesPanel(Panel):
    """Lists the events of the draft by code and title, and keeps the codes that the browser suggests in fields."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "forms_library/admin/procedure_codes_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            procedure = self.instance.procedure()
            return {
                **super().get_context_data(parent_context),
                "events": events_of(procedure),
                "roles": procedure.roles,
                "levels": procedure.levels,
                "forms": Edition.objects.in_force(at=timezone.now()).order_by("title").values_list("code", "title"),
            }


class ProcedureReadinessPanel(Panel):
    """Tells what the draft still lacks before it can be approved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "forms_library/admin/procedure_readiness_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            if self.instance.pk:
                context["problems"] = (*self.instance.running_problems(), *self.instance.act_problems())
                latest = self.instance.get_latest_revision()
                context["is_author"] = bool(latest and self.request and self.request.user.pk in authors_of(latest))
            return context


class ProcedureImpactPanel(Panel):
    """Names, before anybody approves, what uses the procedure and which forms it uses."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "forms_library/admin/procedure_impact_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            if self.instance.pk:
                context["uses"] = impact(self.instance)
            return context


def events_of(procedure: Procedure) -> list[tuple[str, str]]:
    """Return the events of a draft with their titles, in the order of its steps."""
    order: dict[str, None] = {"opened": None}
    for step in procedure.steps:
        order.update(dict.fromkeys(procedure.events_of(step)))
    order.update(dict.fromkeys(f"level.{level.code}" for level in procedure.levels))
    return [(event, procedure.event_in_words(event)) for event in order]
