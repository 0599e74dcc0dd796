"""The register of professional families (S003): who takes children in for a time, on what papers, and who lives with them now.

The children's side of it (`MatchingDecision`, `CarerPlacement`) belongs to cases; the families' own log (`CarerRecord`) does not,
because a family stands in the register whether or not a child of any case lives with it.
"""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.people import Person
from casework.models.protected import ProtectedRecord
from casework.models.submissions import Submission

REST_DAYS = 14
"""The rest of a family after a placement, unless the register says otherwise. The source gives no number [I]."""


class CarerState(models.TextChoices):
    """Where a family stands in the register."""

    CANDIDATE = "candidate", _("candidate")
    REWORK = "rework", _("to be completed")
    INCLUDED = "included", _("takes children")
    PAUSED = "paused", _("takes no children for a time")
    REFUSED = "refused", _("not included")
    LEFT = "left", _("has left the register")


class AcceptedNeed(models.TextChoices):
    """What a family is ready for, in the words of «Готовы принять» of the candidate's form.

    The age and brothers and sisters have fields of their own.
    """

    PREMATURE = "premature", _("born too early")
    DIET = "diet", _("special food, allergy")
    DELAY = "delay", _("delay in development")
    DISABILITY = "disability", _("disability")
    ILLNESS = "illness", _("frequent illness")
    CONTACT = "contact", _("meetings with the parents")


class PaperKind(models.TextChoices):
    """The papers of a carer (domain.md C.4, form 29)."""

    HEALTH = "health", _("medical report")
    RECORD = "record", _("certificate of no criminal record")
    TRAINING = "training", _("training passed")
    CONTRACT = "contract", _("contract")
    OTHER = "other", _("another paper")


class CarerFamily(ProtectedRecord):
    """A family that takes children in for a time, or wants to. Ages in months."""

    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("agency that keeps it")
    )
    name = models.CharField(_("family"), max_length=200)
    contacts = models.CharField(_("contacts"), max_length=500, blank=True, default="")
    district = models.CharField(_("district"), max_length=200, blank=True, default="")
    state = models.CharField(_("state"), max_length=20, choices=CarerState.choices, default=CarerState.CANDIDATE)
    age_from = models.PositiveSmallIntegerField(_("age from, months"), default=0)
    age_to = models.PositiveSmallIntegerField(_("age to, months"), default=36)
    places = models.PositiveSmallIntegerField(_("children at once"), default=1)
    accepts_siblings = models.BooleanField(_("takes brothers and sisters together"), default=False)
    accepted = models.JSONField(_("ready for"), default=list, blank=True)
    limits = models.TextField(_("what the family cannot do"), blank=True, default="")
    has_pets = models.BooleanField(_("animals in the house"), default=False)
    smokes_at_home = models.BooleanField(_("somebody smokes at home"), default=False)
    rest_days = models.PositiveSmallIntegerField(_("days of rest after a placement"), default=REST_DAYS)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written down by")
    )
    written_at = models.DateTimeField(_("written down at"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    token = models.UUIDField(_("name in addresses"), unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("professional family")
        verbose_name_plural = _("professional families")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(age_from__lte=F("age_to")), name="carer_ages_in_order"),
            models.CheckConstraint(condition=Q(places__gte=1), name="carer_has_a_place"),
        ]
        indexes = [models.Index(fields=["agency", "state"], name="carer_of_agency")]

    def __str__(self) -> str:
        return f"№ {self.pk}"


class CarerPaper(ProtectedRecord):
    """One paper of a carer with its last day; of papers of one kind the one that is good for longest counts. A mistake is struck out, never deleted."""

    family = models.ForeignKey(
        CarerFamily, on_delete=models.PROTECT, related_name="papers", verbose_name=_("professional family")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind.choices)
    number = models.CharField(_("number and who gave it"), max_length=200, blank=True, default="")
    issued_on = models.DateField(_("of what day"))
    valid_until = models.DateField(_("valid up to and including"), null=True, blank=True)
    is_mistake = models.BooleanField(_("entered by mistake"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written down by")
    )
    written_at = models.DateTimeField(_("written down at"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("paper of a professional family")
        verbose_name_plural = _("papers of professional families")
        ordering = ["kind", "-issued_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                name="carer_paper_ends_after_it_begins",
            )
        ]
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=Q(is_mistake=False, valid_until__isnull=False),
                name="carer_paper_by_last_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.family}: {self.get_kind_display()}"


class CarerEvent(models.TextChoices):
    """What happened about a family of the register."""

    ADDED = "added", _("written into the register")
    CHANGED = "changed", _("card changed")
    READ = "read", _("card read")
    PAPER_ADDED = "paper_added", _("paper written down")
    PAPER_STRUCK = "paper_struck", _("paper struck out")
    INCLUDED = "included", _("included in the register")
    REWORK = "rework", _("sent back to be completed")
    REFUSED = "refused", _("not included")
    PAUSED = "paused", _("takes no children for a time")
    LEFT = "left", _("has left the register")
    CHOSEN = "chosen", _("chosen for a child")
    TURNED_DOWN = "turned_down", _("turned down for a child")
    PLACED = "placed", _("child placed")
    PLACEMENT_ENDED = "placement_ended", _("placement ended")


class CarerRecord(ProtectedRecord):
    """One line of the log of a family: who read or changed what. `AccessRecord` is of cases, and a family is of none.

    `words` are the reasons of a decision about the family, never anything of a child.
    """

    family = models.ForeignKey(
        CarerFamily, on_delete=models.PROTECT, related_name="log", verbose_name=_("professional family")
    )
    event = models.CharField(_("what"), max_length=20, choices=CarerEvent.choices)
    words = models.TextField(_("reason in words"), blank=True, default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("line of the log of a professional family")
        verbose_name_plural = _("log of professional families")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.get_event_display()}"


class MatchingDecision(ProtectedRecord):
    """That people have chosen a family for a child, or turned it down, and why. The latest about a child counts; none changes.

    `together` and `also` are what the needs card does not say: how many children must stay together, and further needs.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="matching_decisions", verbose_name=_("case"))
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("child"))
    card = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="+", verbose_name=_("card of the child's needs")
    )
    family = models.ForeignKey(
        CarerFamily, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("professional family")
    )
    is_chosen = models.BooleanField(_("chosen"))
    reasons = models.TextField(_("reasons"))
    risks = models.TextField(_("risks and what is done about them"), blank=True, default="")
    together = models.PositiveSmallIntegerField(_("children who must stay together"), default=1)
    also = models.JSONField(_("needs that the card does not name"), default=list, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True)

    class Meta:
        verbose_name = _("choice of a professional family")
        verbose_name_plural = _("choices of professional families")
        ordering = ["-id"]
        indexes = [models.Index(fields=["case", "-id"], name="matching_of_case")]

    def __str__(self) -> str:
        return f"{self.case} → {self.family}"


class PlacementEnd(models.TextChoices):
    """How the stay of a child in a professional family ends (S003, step 9)."""

    REINTEGRATION = "reintegration", _("the child went back to the parents")
    PERMANENT = "permanent", _("given to permanent guardians or adopters")
    OTHER_FAMILY = "other_family", _("moved to another professional family")
    OTHER = "other", _("otherwise")


class CarerPlacement(ProtectedRecord):
    """A child lives with a family from a day on; the place is free again from the day after the last one."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="placements", verbose_name=_("case"))
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("child"))
    family = models.ForeignKey(
        CarerFamily, on_delete=models.PROTECT, related_name="placements", verbose_name=_("professional family")
    )
    decision = models.OneToOneField(
        MatchingDecision, on_delete=models.PROTECT, related_name="placement", verbose_name=_("choice")
    )
    started_on = models.DateField(_("from"))
    expected_until = models.DateField(_("expected until"), null=True)
    ended_on = models.DateField(_("ended on"), null=True)
    ended_how = models.CharField(_("how it ended"), max_length=20, choices=PlacementEnd.choices, blank=True, default="")
    words = models.TextField(_("how it ended, in words"), blank=True, default="")
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("placed by")
    )
    placed_at = models.DateTimeField(_("written down at"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("ended by")
    )

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["child"], condition=Q(ended_on__isnull=True), name="child_lives_in_one_carer_family"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_how="") | (Q(ended_on__isnull=False) & ~Q(ended_how="")),
                name="placement_ends_in_some_way",
            ),
        ]
        indexes = [
            models.Index(fields=["family"], condition=Q(ended_on__isnull=True), name="placement_open_of_family"),
        ]

    def __str__(self) -> str:
        return f"{self.case} → {self.family}"

    def is_late(self, *, today: dt.date) -> bool:
        """Return whether it goes on after the day on which it was expected to end."""
        return self.ended_on is None and self.expected_until is not None and self.expected_until < today
