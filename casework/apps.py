from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = _("Casework")

    def ready(self) -> None:
        from casework import form_impact, procedure_impact, signers
        from casework.actions import recounting
        from forms_library import calendar_changes, daily_digest, impact, procedure_impact as impact_of_procedures

        impact.register(form_impact.open_drafts)
        impact_of_procedures.register(procedure_impact.running_cases)
        daily_digest.register(signers.forms_nobody_can_sign)
        calendar_changes.on_change(recounting.calendar_changed)
