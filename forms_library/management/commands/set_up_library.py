"""`manage.py set_up_library`: the groups and the approval workflow of the forms library."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from forms_library import permissions
from forms_library.actions.packs import trust_shipped_publisher


class Command(BaseCommand):
    help = "Make the groups of methodologists and approvers and the four-eyes workflow; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        permissions.set_up()
        trust_shipped_publisher(at=timezone.now())
