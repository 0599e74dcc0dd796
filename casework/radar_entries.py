"""What has happened under a procedure, line by line and in words. Pure: the rows come in as plain values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forms_library.procedures.definition import Procedure


@dataclass(frozen=True, kw_only=True)
class PaperLink:
    """A filed document of the case: its number there and its title."""

    number: int
    title: str


@dataclass(frozen=True, kw_only=True)
class Taken:
    """That an entry was taken back: by whom, when and why."""

    who: str
    on: dt.date
    why: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line. `number` names it in addresses when it can be taken back; `said` is what somebody wrote; `bare` is the same
    as `words`, without names."""

    on: dt.date
    written_at: dt.datetime
    what: str
    words: str
    bare: str
    said: str = ""
    stated: tuple[str, ...] = ()
    who: str = ""
    number: int | None = None
    step: str = ""
    until: dt.date | None = None
    paper: PaperLink | None = None
    taken: Taken | None = None

    @property
    def is_about_a_term(self) -> bool:
        """Whether it let a term stand still, run again, or last longer."""
        return self.what in {"suspended", "resumed", "extended"}

    @property
    def is_late(self) -> bool:
        """Whether it was written down on another day than the one that counts."""
        return self.on != self.written_at.date()


def in_words(
    procedure: Procedure,
    *,
    what: str,
    step: str = "",
    code: str = "",
    person: str = "",
    until: dt.date | None = None,
    titles: Mapping[str, str],
) -> str:
    """Return what an entry says. What an edition does not know any more (it was moved on) stands by its code."""
    place = procedure.event_in_words(step) if step else ""
    told = {
        "opened": _("The procedure begins: %(what)s") % {"what": procedure.start},
        "children": _("Children in the case from now on: %(number)s") % {"number": code},
        "happened": place,
        "decided": procedure.event_in_words(f"{step}.{code}"),
        "appointed": f"{place}: {person}" if person else place,
        "level": _("Risk level: %(level)s") % {"level": procedure.event_in_words(f"level.{code}")},
        "suspended": _("The term stands still: %(step)s") % {"step": place},
        "resumed": _("The term runs again: %(step)s") % {"step": place},
        "extended": _("The term is extended to %(day)s: %(step)s")
        % {"step": place, "day": f"{until:%d.%m.%Y}" if until else ""},
        "closed": _("The work has ended: %(ground)s") % {"ground": _ground(procedure, code)},
        "moved": _("Moved to another edition of the procedure: %(editions)s") % {"editions": code},
        "filed": _("Filed: %(title)s") % {"title": titles.get(code, code)},
    }
    if what == "waived":
        return _waived(place, titles.get(code, code))
    return told[what]


def _waived(step: str, thing: str) -> str:
    if not thing:
        return _("Done without the step: %(step)s") % {"step": step}
    return _("Done without “%(thing)s”: %(step)s") % {"thing": thing, "step": step}


def _ground(procedure: Procedure, code: str) -> str:
    return next((ground.title for ground in procedure.grounds if ground.code == code), code)
