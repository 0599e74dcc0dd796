"""The log: every read, change, download and grant. Rows are added; the database refuses to change or delete them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.cases import Case
from casework.models.protected import ProtectedRecord


class Event(models.TextChoices):
    """What happened."""

    OPENED = "opened", _("case opened")
    READ = "read", _("case read")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    ASSIGNED = "assigned", _("curator assigned")
    NOTED = "noted", _("note written")
    CLOSED = "closed", _("closed")
    PERSON_ADDED = "person_added", _("person added")
    PERSON_CHANGED = "person_changed", _("person changed")
    PEOPLE_READ = "people_read", _("person opened for changes")
    HISTORY_READ = "history_read", _("history read")
    FACTS_READ = "facts_read", _("facts looked at")
    NAMES_READ = "names_read", _("names in all cases looked at")
    NAME_CHECKED = "name_checked", _("forms of a name checked")
    DRAFT_STARTED = "draft_started", _("form started")
    DRAFT_READ = "draft_read", _("draft read")
    DRAFT_CHANGED = "draft_changed", _("draft changed")
    DRAFT_DISCARDED = "draft_discarded", _("draft thrown away")
    DRAFT_CARRIED_OVER = "draft_carried_over", _("draft carried over to the new edition")
    PARTS_SHARED_OUT = "parts_shared_out", _("parts of a form given out")
    PART_TAKEN_BACK = "part_taken_back", _("part of a form taken back")
    PART_DONE = "part_done", _("part of a form done")
    FILED = "filed", _("form filed")
    SETTLED = "settled", _("contradiction settled")
    CORRECTED = "corrected", _("form corrected")
    ADDED_TO = "added_to", _("addendum written")
    DOCUMENT_READ = "document_read", _("document read")
    DOWNLOADED = "downloaded", _("document downloaded")
    PAPER_PRINTED = "paper_printed", _("paper printed")
    PAPER_SIGNED = "paper_signed", _("paper signed")
    SCAN_ATTACHED = "scan_attached", _("scan attached")
    FILE_ADDED = "file_added", _("file added")
    FILE_DOWNLOADED = "file_downloaded", _("file downloaded")
    FILE_READ = "file_read", _("file looked at")
    PROCEDURE_STARTED = "procedure_started", _("procedure begun")
    STEP_DONE = "step_done", _("step of the procedure")
    LEVEL_SET = "level_set", _("risk level set")
    WAIVED = "waived", _("requirement waived")
    TERM_CHANGED = "term_changed", _("term changed")
    DEADLINE_RECOUNTED = "deadline_recounted", _("deadline counted anew")
    ANNULLED = "annulled", _("entry annulled")
    PROCEDURE_MOVED = "procedure_moved", _("moved to a newer edition of the procedure")
    PROCEDURE_ENDED = "procedure_ended", _("work under the procedure ended")
    TASK_GIVEN = "task_given", _("task given")
    TASK_DONE = "task_done", _("task done")
    SENT = "sent", _("document sent")
    RECEIVED = "received", _("document received")
    RECALLED = "recalled", _("document taken back")
    GRANTED = "granted", _("access granted")
    SHARED = "shared", _("shared with an agency")
    WITHDRAWN = "withdrawn", _("access withdrawn")
    DISCLOSED = "disclosed", _("part of the case shown to an agency")
    DISCLOSURE_READ = "disclosure_read", _("shown part of the case read")
    DISCLOSURE_ENDED = "disclosure_ended", _("shown part of the case taken back")
    ASSIGNED_TO_AGENCY = "assigned_to_agency", _("asked another agency")
    ASSIGNMENT_READ = "assignment_read", _("what was asked read")
    ASSIGNMENT_ANSWERED = "assignment_answered", _("answer to what was asked")
    ASSIGNMENT_MARKED = "assignment_marked", _("mark of execution")
    ASSIGNMENT_WITHDRAWN = "assignment_withdrawn", _("what was asked taken back")
    BARRED = "barred", _("colleague kept out")
    BAR_LIFTED = "bar_lifted", _("colleague let in again")
    CATEGORY_OPENED = "category_opened", _("special category opened")
    CATEGORY_CLOSED = "category_closed", _("special category closed")
    EMERGENCY_OPENED = "emergency_opened", _("opened in an emergency")
    EMERGENCY_READ = "emergency_read", _("read in an emergency")
    EMERGENCY_REVIEWED = "emergency_reviewed", _("opening in an emergency reviewed")
    ON_AGENDA = "on_agenda", _("put on the agenda of a council")
    OFF_AGENDA = "off_agenda", _("taken off the agenda of a council")
    COUNCIL_READ = "council_read", _("read by a member of a council")
    COUNCIL_WRITTEN = "council_written", _("written down at a council")
    COUNCIL_DECIDED = "council_decided", _("protocol of a council signed")
    BLIND_MATCH = "blind_match", _("found by a blind question")
    HANDED_OVER = "handed_over", _("handed over")
    ANSWER_ASKED = "answer_asked", _("answer link sent")
    ANSWER_CAME = "answer_came", _("answer came by link")
    ANSWER_WITHDRAWN = "answer_withdrawn", _("answer link taken back")
    CARER_DECIDED = "carer_decided", _("professional family chosen or turned down")
    CHILD_PLACED = "child_placed", _("child placed in a professional family")
    PLACEMENT_ENDED = "placement_ended", _("placement in a professional family ended")
    STATE_ASKED = "state_asked", _("the parent looked at the state of the request")


LOOKS = (
    Event.READ,
    Event.DOCUMENT_READ,
    Event.DRAFT_READ,
    Event.PEOPLE_READ,
    Event.HISTORY_READ,
    Event.FACTS_READ,
    Event.NAMES_READ,
    Event.FILE_READ,
    Event.DISCLOSURE_READ,
    Event.ASSIGNMENT_READ,
    Event.EMERGENCY_READ,
    Event.COUNCIL_READ,
)
"""Events that change nothing: they are kept, and shown apart from what was done."""


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    """Questions about the log."""

    def done(self) -> "AccessRecordQuerySet":
        """What was done, without the looks."""
        return self.exclude(event__in=LOOKS)


class AccessRecord(ProtectedRecord):
    """One line of the log. `subject` names the thing («document 3», an agency), never a person of the family."""

    at = models.DateTimeField(_("when"))
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="log", verbose_name=_("case"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("who")
    )
    event = models.CharField(_("what"), max_length=30, choices=Event.choices)
    subject = models.CharField(_("on what"), max_length=300, blank=True)

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the log")
        verbose_name_plural = _("log")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["case", "-at", "-id"], name="log_of_case_newest_first")]

    @property
    def names_actor(self) -> bool:
        """Whether it was done to whoever did it: one who took a case over, or a task. The line names them once."""
        return self.actor is not None and str(self.actor) == self.subject

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.get_event_display()}"
