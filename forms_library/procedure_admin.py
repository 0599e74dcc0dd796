"""How a procedure is drafted in the admin: what the editor's screen checks, and what it tells."""

from typing import Any

from django.utils import timezone
from wagtail.admin.panels import Panel

from forms_library.governed_admin import GovernedAdminForm
from forms_library.models.editions import Edition
from forms_library.procedure_blocks import STREAMS
from forms_library.procedure_impact import impact
from forms_library.procedure_values import procedure_of
from forms_library.procedures.definition import Procedure


class ProcedureAdminForm(GovernedAdminForm):
    """The editor's form of a procedure."""

    class Media:
        """What makes a long list of blocks readable; everything is there without it."""

        css = {"all": ["css/admin.css"]}

    def says_otherwise_than(self, reviewed: Any) -> bool:
        # A stream always counts as changed, so what it says is compared; what cannot be read is refused anyway.
        return not self.errors and (
            bool({*self.changed_data} - {*STREAMS}) or procedure_of(self.cleaned_data) != reviewed.procedure()
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
