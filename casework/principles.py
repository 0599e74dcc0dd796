"""The seven principles of those who decide together about a child (S000, «Принципы участников МРГ»)."""

from django.utils.translation import gettext_lazy as _

PRINCIPLES = (
    _("A child is better off in a family"),
    _("The interests of the child come first"),
    _("The opinion of the child has to be taken into account"),
    _("Decisions are taken together"),
    _("What counts is the long term in the life of the child"),
    _("The relations of the child with the family have to be kept"),
    _("The family takes an active part in the rehabilitation"),
)
