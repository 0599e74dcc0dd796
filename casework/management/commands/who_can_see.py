"""`manage.py who_can_see 2026-00017`: everybody who sees a case or a part of it, and why."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import access
from casework.actions.who_sees import WhoSees, who_sees
from casework.models import Case
from casework.why_in_words import why_category, why_emergency, why_kept_out, why_part, why_whole


class Command(BaseCommand):
    help = "Print every person who can see a case today, or a part of it, and why; and who is kept out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference")

    def handle(self, *args: Any, reference: str, **options: Any) -> None:
        case = Case.objects.select_related("agency").filter(reference=reference).first()
        if case is None:
            raise CommandError(_("There is no case No. %(reference)s.") % {"reference": reference})
        printed = list(lines(who_sees(case, at=timezone.now())))
        for line in printed:
            self.stdout.write(line)
        if not printed:
            self.stdout.write(_("Nobody can see this case."))


def lines(seen: WhoSees) -> Iterator[str]:
    """Yield one line for every person: who, of which agency, and every ground on which they see something."""
    found: dict[Any, tuple[str, list[str]]] = {}
    for person, agency, why in grounds(seen):
        _agency, said = found.setdefault(person, (agency, []))
        said.append(why)
    for person, (agency, said) in found.items():
        where = agency or ", ".join(str(each) for each in access.agencies_of(person))
        yield f"{person} <{person.email}>\t{where}\t{'; '.join(said)}"


def grounds(seen: WhoSees) -> Iterator[tuple[Any, str, str]]:
    """Yield every person with one ground, and the agency for which they see it: empty where they see it as who they are."""
    for viewer in seen.whole:
        yield viewer.user, str(viewer.agency), why_whole(viewer, seen=seen)
    for part in seen.parts:
        for person in part.people:
            yield person, str(part.agency), why_part(part)
    for opening in seen.emergencies:
        yield opening.person, "", why_emergency(opening, tells_reason=True)
    for grant in seen.leaves:
        yield grant.person, "", why_category(grant, tells_reason=True)
    for bar in seen.kept_out:
        yield bar.person, "", why_kept_out(bar, tells_reason=True)
