"""What the editor of a form shows of its governance: who would feel the change."""

from typing import Any

from django.utils import timezone
from wagtail.admin.panels import Panel

from forms_library.impact import impact
from forms_library.remark_panels import remarks_on


class ImpactPanel(Panel):
    """Names, before anybody approves, what uses the form and what a draft loses."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "forms_library/admin/impact_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            if self.instance.pk:
                current = self.instance.editions.in_force(at=timezone.now()).without_template().first()
                context["impact"] = impact(self.instance, current=current)
                context["open_remarks"] = sum(map(len, remarks_on(self.request, self.instance.pk).values()))
            return context
