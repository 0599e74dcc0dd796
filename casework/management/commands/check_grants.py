"""`manage.py check_grants`: are the sort keys in the grant table still those of the cases?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import F
from django.utils.translation import gettext as _

from casework.models import CaseGroupObjectPermission, CaseUserObjectPermission, Share


class Command(BaseCommand):
    help = "Prove that every grant repeats its case's opening time, comes from a standing share and belongs to a team."

    def handle(self, *args: Any, **options: Any) -> None:
        grants = CaseGroupObjectPermission.objects.all()
        wrong = {
            _("the opening time differs from the case"): grants.exclude(
                opened_at=F("content_object__opened_at")
            ).count(),
            _("comes from a withdrawn share"): grants.filter(share__withdrawn_at__isnull=False).count(),
            _("the last day differs from the share"): grants.filter(share__isnull=False)
            .exclude(last_day=F("share__last_day"))
            .count(),
            _("belongs to no team"): grants.filter(group__team__isnull=True).count(),
            _("is given to a person, not to a team"): CaseUserObjectPermission.objects.count(),
        }
        found = [f"{reason}: {count}" for reason, count in wrong.items() if count]
        if found:
            raise CommandError("; ".join(found))
        self.stdout.write(
            _("%(grants)d grants, %(shares)d shares: all in order")
            % {"grants": grants.count(), "shares": Share.objects.count()}
        )
