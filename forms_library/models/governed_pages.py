"""What the draft board of a form and that of a procedure have in common: the act, the approval, the editions."""

import logging
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page, Revision
from wagtail.search import index
from wagtail.url_routing import RouteResult

from forms_library.models.approvals import Governed, NotApproved, approval_of
from forms_library.models.editions import BaseEdition
from forms_library.morphology import lemmas
from forms_library.schema import digest

PUBLISHED_BY_THE_CLOCK = "wagtail.publish.scheduled"
FROZEN = ("code", "title", "purpose", "legal_basis", "act_number", "act_date", "act_reason", "review_on")
"""What every edition repeats of its draft, whatever it lays down."""
ACT_PANEL = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("act_number"), FieldPanel("act_date")]),
        FieldPanel("act_reason"),
        FieldPanel("review_on"),
    ],
    heading=_("The act that brings this edition into force"),
)
logger = logging.getLogger(__name__)
_Edition = TypeVar("_Edition", bound=BaseEdition)


class GovernedPage(Governed, Page):
    """A page that comes into force by the approval of a second person, and whose editions are what counts."""

    code: Any
    purpose: Any
    issuing_agency: Any
    issuing_agency_id: Any
    editions: Any

    legal_basis = models.CharField(_("legal basis"), max_length=500)
    act_number = models.CharField(_("number of the act"), max_length=60, blank=True, default="")
    act_date = models.DateField(_("date of the act"), null=True, blank=True)
    act_reason = models.TextField(_("why this edition"), blank=True, default="")
    review_on = models.DateField(_("review on"), null=True, blank=True)

    parent_page_types = ["forms_library.FormsCatalogue", "forms_library.FormsBranch"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["code"]
    search_fields = [
        *Page.search_fields,
        index.SearchField("purpose"),
        index.SearchField("code"),
        index.SearchField("search_lemmas"),
    ]

    class Meta:
        abstract = True

    @property
    def search_lemmas(self) -> str:
        """The words of the page in their dictionary shape, so that search finds every inflection."""
        return lemmas(f"{self.title} {self.purpose}")

    def as_edition(self) -> Any:
        """Return the draft as an edition that is not numbered, approved or saved yet."""
        raise NotImplementedError

    def wording_problems(self) -> tuple[str, ...]:
        """Return, in words, why nobody could use the draft as it is worded."""
        raise NotImplementedError

    def frozen_into(self, edition: _Edition) -> _Edition:
        """Give an edition what every edition repeats of its draft, and its digest; return it."""
        for name in FROZEN:
            setattr(edition, name, getattr(self, name))
        edition.issuing_agency_name = self.issuing_agency.name if self.issuing_agency else ""
        edition.digest = digest(edition.frozen())
        return edition

    def fingerprint(self) -> str:
        return str(self.as_edition().digest)

    def act_problems(self) -> tuple[str, ...]:
        """Return what is missing of the act behind this wording; the act of another wording does not count."""
        if not (self.act_number.strip() and self.act_date and self.act_reason.strip()):
            return (
                gettext("State the act that brings this edition into force: its number, its date, and why it is made."),
            )
        current = self.editions.in_force(at=timezone.now()).first()
        is_of_current = current and (current.act_number, current.act_reason) == (self.act_number, self.act_reason)
        if current and is_of_current and current.digest != self.fingerprint():
            return (
                gettext(
                    "The act and the reason are still those of edition %(number)s. State why there is a change now."
                )
                % {"number": current.number},
            )
        return ()

    def draft_problems(self) -> tuple[str, ...]:
        problems = [*self.wording_problems(), *self.act_problems()]
        # A draft may be saved half empty, and two drafts may choose one code: neither can be published.
        try:
            self.full_clean()
        except ValidationError as error:
            problems.extend(error.messages)
        branch_agency = getattr(self.get_parent().specific, "agency", None)
        if branch_agency and branch_agency.pk != self.issuing_agency_id:
            problems.append(
                gettext("What stands in this branch is issued by %(agency)s.") % {"agency": branch_agency.name}
            )
        if self.editions.exclude(code=self.code).exists():
            problems.append(gettext("The code of what has been in force cannot change."))
        return tuple(problems)

    def editions_to_show(self, editions: models.QuerySet[Any]) -> dict[str, Any]:
        """Return `editions`, newest first, the `edition` in force, and the wording to show.

        `shown` is the edition in force, else the last one that was, and `not_in_force_since` when it stopped being; a
        preview without any shows the draft.
        """
        known = list(editions.select_related("end").order_by("-number"))
        now = timezone.now()
        current = next((edition for edition in known if edition.is_in_force(at=now)), None)
        return {
            "editions": known,
            "edition": current,
            "shown": current or next(iter(known), None) or self.as_edition(),
            "not_in_force_since": known[0].in_force_to if known and not current else None,
        }

    def publish(self, revision: Revision, **options: Any) -> None:
        """Publish, and put the new edition in force, in one breath (see `forms_library.governance`).

        Raises `NotApproved` unless a second person approved exactly this wording, also when it is only scheduled. When
        the time of a schedule comes and the wording is no longer the approved one, the schedule lapses, so that it cannot
        stop the clock for everything else.
        """
        try:
            with transaction.atomic():
                approval_of(revision)
                super().publish(revision, **options)
        except NotApproved as refusal:
            if options.get("log_action") != PUBLISHED_BY_THE_CLOCK:
                raise
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
            logger.warning("the schedule of %s lapsed: %s", self, refusal)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page also when it is out of force: people acted on it, and ask what it was."""
        if not self.live and not path_components and self.editions.exists():
            return RouteResult(self)
        return super().route(request, path_components)
