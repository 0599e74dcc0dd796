"""`manage.py set_up_library`: the groups and the approval workflow of the forms library."""

from typing import Any

from django.core.management.base import BaseCommand

from forms_library import permissions


class Command(BaseCommand):
    help = "Make the groups of methodologists and approvers and the four-eyes workflow; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        permissions.set_up()
