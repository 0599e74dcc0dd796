"""What an administrator may type about a member of staff in the Wagtail admin."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm

STAFF_FIELDS = {"patronymic", "post", "work_phone"}


class StaffCreationForm(UserCreationForm):
    """A new member of staff."""

    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | STAFF_FIELDS


class StaffEditForm(UserEditForm):
    """A member of staff, changed by an administrator; nobody lets themselves in to the cases of an agency."""

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | STAFF_FIELDS

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, editing_self=editing_self, **kwargs)
        self.editing_self = editing_self

    def clean_groups(self) -> QuerySet[Group]:
        """Leave the teams as they are when administrators edit their own account."""
        groups: QuerySet[Group] = self.cleaned_data["groups"]
        mine = set(self.instance.groups.filter(team__isnull=False))
        if self.editing_self and {group for group in groups if hasattr(group, "team")} - mine:
            raise ValidationError(
                _("You cannot put yourself into the team of an agency. Ask another administrator."), code="own_team"
            )
        return groups
