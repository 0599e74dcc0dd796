"""What an administrator may type about a member of staff in the Wagtail admin."""

from wagtail.users.forms import UserCreationForm, UserEditForm

STAFF_FIELDS = {"patronymic", "post", "work_phone"}


class StaffCreationForm(UserCreationForm):
    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | STAFF_FIELDS


class StaffEditForm(UserEditForm):
    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | STAFF_FIELDS
