"""`manage.py library_digest`: what methodologists have to look after, once a day. Part of `tick`; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from forms_library.actions.digests import make_digest


class Command(BaseCommand):
    help = "Look once a day for forms that nobody can approve or sign, that no longer print, or that wait for a review."

    def handle(self, *args: Any, **options: Any) -> None:
        make_digest(at=timezone.now())
