from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = _("Casework")

    def ready(self) -> None:
        from casework import form_impact, signers
        from forms_library import daily_digest, impact

        impact.register(form_impact.open_drafts)
        daily_digest.register(signers.forms_nobody_can_sign)
