"""The screens of the Wagtail admin where members of staff are kept."""

from wagtail.users.views.users import UserViewSet

from portal.accounts.forms import StaffCreationForm, StaffEditForm


class StaffViewSet(UserViewSet):
    """Wagtail's own screens, with the fields of our staff (templates/wagtailusers/users/)."""

    def get_form_class(self, for_update: bool = False) -> type:
        return StaffEditForm if for_update else StaffCreationForm
