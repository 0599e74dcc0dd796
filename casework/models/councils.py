"""Councils: the boards that decide together (консилиум организации, Территориальный консилиум, МРГ), and their meetings.

A meeting goes by the three stages of the source (S000): exchange and analysis of information; types of services; decisions and
recommendations recorded. What it decided about a family is filed in that family's case as the protocol, an official form.
"""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.disclosures import Disclosure
from casework.models.procedures import CaseProcedure
from casework.models.protected import ProtectedRecord
from casework.models.submissions import Submission


class CouncilKind(models.TextChoices):
    """Kinds of councils, by the codes of domain.md A.1."""

    ORG_CONSILIUM = "org_consilium", _("council of the organisation")
    TERRITORIAL_CONSILIUM = "territorial_consilium", _("territorial council")
    MRG = "mrg", _("interagency working group")


def sits_on(day: dt.date, *, through: str = "") -> Q:
    """Return the condition that a member of a council sits in it on a day; `through` leads from the model asked to the member."""
    stays = Q(**{f"{through}left_on__isnull": True}) | Q(**{f"{through}left_on__gt": day})
    return stays & Q(**{f"{through}since__lte": day})


class CouncilQuerySet(models.QuerySet["Council"]):
    """Questions about councils."""

    def deciding_for(self, case: Case) -> "CouncilQuerySet":
        """Those that work and decide for a case: of its keeper's territory, and the keeper's own."""
        own = Q(kind=CouncilKind.ORG_CONSILIUM, agency=case.agency_id)
        of_place = ~Q(kind=CouncilKind.ORG_CONSILIUM) & Q(territory=case.agency.territory) & ~Q(territory="")
        return self.filter(own | of_place, is_open=True)

    def with_quorum_on(self, day: dt.date) -> "CouncilQuerySet":
        """Those whose members on a day can make their quorum: a council that is only founded decides nothing yet."""
        sitting = models.Count("members", filter=sits_on(day, through="members__"))
        return self.alias(sitting=sitting).filter(sitting__gte=F("quorum"))


class Council(ProtectedRecord):
    """A board of people of several agencies on one territory, held by one of them."""

    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("who holds it")
    )
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=40, choices=CouncilKind.choices)
    territory = models.CharField(_("territory"), max_length=200)
    place = models.CharField(_("place of meetings"), max_length=300, blank=True, default="")
    quorum = models.PositiveSmallIntegerField(
        _("quorum"), help_text=_("How many members, the chair included, have to take part")
    )
    is_open = models.BooleanField(_("works now"), default=True)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("councils")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="one_council_of_a_name"),
            models.CheckConstraint(condition=Q(quorum__gte=2), name="quorum_of_two_at_least"),
        ]

    def __str__(self) -> str:
        return self.name


class CouncilMember(ProtectedRecord):
    """Who sits in a council: by agency and post. Without an account (`person` is empty) they hear of meetings by paper."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="members", verbose_name=_("council"))
    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("agency")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("account")
    )
    full_name = models.CharField(_("full name"), max_length=200)
    post = models.CharField(_("post"), max_length=200)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MEMBER)
    since = models.DateField(_("since"))
    left_on = models.DateField(_("left on"), null=True)

    class Meta:
        verbose_name = _("member of a council")
        verbose_name_plural = _("members of councils")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "role"],
                condition=Q(left_on__isnull=True, role__in=["chair", "secretary"]),
                name="one_chair_and_one_secretary",
            ),
            models.UniqueConstraint(
                fields=["council", "person"],
                condition=Q(left_on__isnull=True, person__isnull=False),
                name="one_seat_for_a_person",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("since")), name="member_leaves_after_joining"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Meeting(ProtectedRecord):
    """One meeting of a council."""

    class Stage(models.TextChoices):
        """How far it has come; the three in the middle are the source's (S000)."""

        CALLED = "called", _("called")
        INFORMATION = "information", _("exchange and analysis of information")
        SERVICES = "services", _("types of services")
        DECISIONS = "decisions", _("decisions and recommendations")
        SIGNED = "signed", _("protocol signed")
        CANCELLED = "cancelled", _("cancelled")

    OVER = (Stage.SIGNED, Stage.CANCELLED)
    """The stages at which nothing in a meeting changes any more."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("council"))
    number = models.PositiveIntegerField(_("number in the year"))
    year = models.PositiveSmallIntegerField(_("year"))
    held_at = models.DateTimeField(_("when"))
    place = models.CharField(_("where"), max_length=300)
    is_remote_allowed = models.BooleanField(_("members may take part remotely"), default=True)
    opinions_by = models.DateField(_("opinions are asked by"), null=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices, default=Stage.CALLED)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("called by")
    )
    called_at = models.DateTimeField(_("called at"))
    invited_at = models.DateTimeField(_("members invited at"), null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed at"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    token = models.UUIDField(_("name in addresses"), unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["council", "year", "number"], name="meeting_number_once_a_year"),
            models.CheckConstraint(
                condition=Q(stage="signed", signed_at__isnull=False) | (~Q(stage="signed") & Q(signed_at__isnull=True)),
                name="meeting_signed_exactly_when_it_has_a_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}/{self.year}"

    @property
    def is_over(self) -> bool:
        """Whether nothing in it changes any more."""
        return self.stage in self.OVER


class Attendance(ProtectedRecord):
    """A member at a meeting: invited, and how they took part."""

    class Presence(models.TextChoices):
        UNKNOWN = "unknown", _("not marked yet")
        PRESENT = "present", _("present")
        REMOTE = "remote", _("remotely")
        ABSENT = "absent", _("absent")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance", verbose_name=_("meeting"))
    member = models.ForeignKey(
        CouncilMember, on_delete=models.PROTECT, related_name="attendance", verbose_name=_("member")
    )
    presence = models.CharField(_("took part"), max_length=20, choices=Presence.choices, default=Presence.UNKNOWN)

    class Meta:
        verbose_name = _("member at a meeting")
        verbose_name_plural = _("members at meetings")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="member_once_at_a_meeting")]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.member}"


class AgendaItem(ProtectedRecord):
    """One family on the agenda: why, what is approved, what was said and decided. Filed as the protocol when signed.

    `step` and `outcome` name the decision of the case's procedure that belongs to the council (empty when there is none).
    """

    class Reason(models.TextChoices):
        """Why the radar proposes a case."""

        APPROVAL = "approval", _("the procedure asks the council to decide")
        REVIEW = "review", _("review is due")
        PLAN_EXPIRED = "plan_expired", _("the plan has run out")
        SILENT_REFERRAL = "silent_referral", _("nobody answers a referral")
        NOT_DONE = "not_done", _("decisions of the council are not carried out")
        RISK_RAISED = "risk_raised", _("the level of risk has been raised")
        ASKED = "asked", _("a member has asked for it")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items", verbose_name=_("meeting"))
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agenda_items", verbose_name=_("case"))
    order = models.PositiveSmallIntegerField(_("place on the agenda"))
    reason = models.CharField(_("why"), max_length=20, choices=Reason.choices)
    question = models.TextField(_("question"))
    case_procedure = models.ForeignKey(
        CaseProcedure, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("procedure of the case")
    )
    step = models.CharField(_("step that the council decides"), max_length=60, blank=True, default="")
    outcome = models.CharField(_("what the council decided"), max_length=60, blank=True, default="")
    until = models.DateField(_("new last day"), null=True)
    family_invited = models.BooleanField(_("the family is invited"), null=True)
    not_invited_reason = models.TextField(_("why the family is not invited"), blank=True, default="")
    family_attended = models.BooleanField(_("the family took part"), null=True)
    child_opinion = models.TextField(_("opinion of the child"), blank=True, default="")
    child_opinion_how = models.CharField(_("how it was obtained"), max_length=300, blank=True, default="")
    heard = models.TextField(_("heard"), blank=True, default="")
    decided = models.TextField(_("decided"), blank=True, default="")
    votes_for = models.PositiveSmallIntegerField(_("votes for"), null=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True)
    votes_abstained = models.PositiveSmallIntegerField(_("abstained"), null=True)
    protocol = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="agenda_item", null=True, verbose_name=_("protocol")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    token = models.UUIDField(_("name in addresses"), unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "case"], name="case_once_on_an_agenda")]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.order}"


class ItemDisclosure(ProtectedRecord):
    """What one agency's members may see of one item until the protocol is signed: their pack."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="packs", verbose_name=_("item"))
    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("agency")
    )
    disclosure = models.OneToOneField(
        Disclosure, on_delete=models.PROTECT, related_name="pack", verbose_name=_("what is shown")
    )

    class Meta:
        verbose_name = _("pack of a council member")
        verbose_name_plural = _("packs of council members")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "agency"], name="one_pack_for_an_agency")]

    def __str__(self) -> str:
        return f"{self.item} → {self.agency}"


class Opinion(ProtectedRecord):
    """What a member thinks of an item: asked in advance, given remotely, or dissenting. A member says one of a kind."""

    class Kind(models.TextChoices):
        ADVANCE = "advance", _("asked in advance")
        REMOTE = "remote", _("given remotely")
        DISSENT = "dissent", _("dissenting")

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("item"))
    member = models.ForeignKey(CouncilMember, on_delete=models.PROTECT, related_name="+", verbose_name=_("member"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    text = models.TextField(_("opinion"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "member", "kind"], name="one_opinion_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.item}: {self.member}"


class ItemInformation(ProtectedRecord):
    """Stage 1: what a member has told about the family."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="information", verbose_name=_("item"))
    member = models.ForeignKey(CouncilMember, on_delete=models.PROTECT, related_name="+", verbose_name=_("member"))
    facts = models.TextField(_("information"))

    class Meta:
        verbose_name = _("information of a member")
        verbose_name_plural = _("information of members")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="one_information_of_a_member")]

    def __str__(self) -> str:
        return f"{self.item}: {self.member}"


class ItemService(ProtectedRecord):
    """Stage 2: a type of service that fits what the child or the family needs."""

    class Who(models.TextChoices):
        CHILD = "child", _("the child")
        FAMILY = "family", _("the family")

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="services", verbose_name=_("item"))
    who = models.CharField(_("for whom"), max_length=10, choices=Who.choices)
    need = models.TextField(_("need"))
    service = models.TextField(_("service"))
    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("agency")
    )
    token = models.UUIDField(_("token of the page it was typed on"), unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("service proposed")
        verbose_name_plural = _("services proposed")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item}: {self.pk}"


class ItemDecision(ProtectedRecord):
    """Stage 3: a decision or recommendation, who carries it out and by when."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("item"))
    text = models.TextField(_("decision"))
    agency = models.ForeignKey(
        "forms_library.Agency", on_delete=models.PROTECT, related_name="+", verbose_name=_("executor")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("who does it")
    )
    due = models.DateField(_("by what day"))
    token = models.UUIDField(_("token of the page it was typed on"), unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("decision of a council")
        verbose_name_plural = _("decisions of councils")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item}: {self.pk}"

    def is_late(self, *, today: dt.date) -> bool:
        """Return whether its last day has passed."""
        return self.due < today
