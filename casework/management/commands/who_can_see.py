"""`manage.py who_can_see 2026-00017`: everybody who can see a case, and why."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.models import Case, CasePermission, TeamRole


class Command(BaseCommand):
    help = "Print every person who can see a case today, and the grant that lets them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference")

    def handle(self, *args: Any, reference: str, **options: Any) -> None:
        case = Case.objects.filter(reference=reference).first()
        if case is None:
            raise CommandError(_("There is no case No. %(reference)s.") % {"reference": reference})
        viewers = access.viewers_of(case, today=timezone.localdate())
        for viewer in viewers:
            self.stdout.write(f"{viewer.user} <{viewer.user.email}>\t{viewer.agency}\t{why(viewer)}")
        if not viewers:
            self.stdout.write(_("Nobody can see this case."))


def why(viewer: access.Viewer) -> str:
    """Return one sentence: the person's team, what it may do, and on what ground."""
    allowed = ", ".join(str(CasePermission(codename).label) for codename in viewer.permissions)
    role = TeamRole(viewer.role).label
    if viewer.share is None:
        return _("%(role)s of the agency that keeps the case: %(allowed)s") % {"role": role, "allowed": allowed}
    return _("%(role)s of an agency with a share up to %(day)s: %(allowed)s. Reason: %(reason)s") % {
        "role": role,
        "day": f"{viewer.share.last_day:%d.%m.%Y}",
        "allowed": allowed,
        "reason": viewer.share.reason,
    }
