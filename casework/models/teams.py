"""Teams: the people of one agency who do one kind of work. Grants are given to teams."""

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.protected import ProtectedRecord
from forms_library.models import Agency


class TeamRole(models.TextChoices):
    """What a team does in its agency."""

    HEAD = "head", _("head")
    SPECIALIST = "specialist", _("specialist")


class Team(ProtectedRecord):
    """One Django group for each agency and role."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams", verbose_name=_("agency"))
    role = models.CharField(_("role"), max_length=20, choices=TeamRole.choices)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="team", verbose_name=_("group"))

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [models.UniqueConstraint(fields=["agency", "role"], name="one_team_per_agency_and_role")]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_role_display()}"
