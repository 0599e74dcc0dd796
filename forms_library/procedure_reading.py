"""A procedure as a visitor reads it: stages and steps in sentences, with the papers and where they are. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from django.utils.translation import gettext as _

from forms_library.procedures import in_words
from forms_library.procedures.definition import DoneBy, Ground, Level, Procedure, Stage, Step

Papers = Mapping[str, tuple[str, str]]
"""The title and the address of official forms in force, by their codes."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A form and where its page is; without an address it is not in force now."""

    title: str
    url: str = ""
    marks: str = ""


@dataclass(frozen=True, kw_only=True)
class StepReading:
    """One step: what happens, after what, who does it, by when and on which papers, and how it can end."""

    step: Step
    opens: str
    who: str
    term: str
    clause: str
    ends: str
    done_by: str
    waiver: str
    papers: tuple[Paper, ...]
    required: tuple[Paper, ...]
    conditions: tuple[str, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StageReading:
    """A stage and its steps; they are counted through all stages, and `first` is the number of its first one."""

    stage: Stage
    first: int
    steps: tuple[StepReading, ...]


@dataclass(frozen=True, kw_only=True)
class GroundReading:
    """A ground of ending, and what it asks for."""

    ground: Ground
    words: str


@dataclass(frozen=True, kw_only=True)
class LevelReading:
    """A risk level, and who gets which papers while it lasts."""

    level: Level
    words: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A whole procedure."""

    stages: tuple[StageReading, ...]
    grounds: tuple[GroundReading, ...]
    levels: tuple[LevelReading, ...]
    level_role: str
    checklists: tuple[tuple[str, str, tuple[str, ...]], ...]


def read(procedure: Procedure, *, papers: Papers, procedures: Mapping[str, str] | None = None) -> Reading:
    """Return a procedure in sentences; a form that `papers` do not know is named by its code.

    `procedures` are the titles of other procedures; one that is not known is not named as what may follow.
    """
    following = procedures or {}
    titles = _titles(papers)
    firsts = accumulate((len(stage.steps) for stage in procedure.stages), initial=1)
    return Reading(
        stages=tuple(
            StageReading(stage=stage, first=first, steps=tuple(_step(procedure, step, papers) for step in stage.steps))
            for stage, first in zip(procedure.stages, firsts, strict=False)
        ),
        grounds=tuple(
            GroundReading(ground=each, words=in_words.ground_in_words(each, procedures=following))
            for each in procedure.grounds
        ),
        levels=tuple(
            LevelReading(level=each, words=in_words.level_in_words(procedure, each, titles=titles))
            for each in procedure.levels
        ),
        level_role=in_words.role_title(procedure, procedure.level_role),
        checklists=tuple(
            (each.title, in_words.role_title(procedure, each.role), each.items) for each in procedure.checklists
        ),
    )


def _step(procedure: Procedure, step: Step, papers: Papers) -> StepReading:
    titles = _titles(papers)
    return StepReading(
        step=step,
        opens=in_words.opens_in_words(procedure, step),
        who=in_words.role_title(procedure, step.role),
        term=in_words.term_in_words(procedure, step),
        clause=step.every.clause if step.every else step.due.rule.clause if step.due else "",
        ends=in_words.ends_in_words(procedure, step),
        waiver=in_words.waiver_in_words(procedure, step),
        # The papers stand in a list of their own, with links.
        done_by=in_words.done_by_in_words(replace(step, forms=()), titles=titles),
        papers=tuple(
            _paper(use.code, papers, marks=_marks(procedure, use.per_child, use.is_optional, use.to))
            for use in step.forms
        ),
        required=tuple(_paper(code, papers) for code in step.required),
        conditions=in_words.conditions_in_words(procedure, replace(step, required=(), waived_by=""), titles=titles),
        # The grounds of ending are listed once, below.
        outcomes=() if step.done_by == DoneBy.CLOSURE else in_words.outcomes_in_words(procedure, step, titles=titles),
    )


def _titles(papers: Papers) -> in_words.Titles:
    return {code: title for code, (title, _url) in papers.items()}


def _marks(procedure: Procedure, per_child: bool, is_optional: bool, to: Iterable[str]) -> str:
    receivers = ", ".join(in_words.role_title(procedure, role) for role in to)
    marks = (
        _("one for each child") if per_child else "",
        _("when it is needed") if is_optional else "",
        _("goes to: %(receivers)s") % {"receivers": receivers} if receivers else "",
    )
    return ", ".join(mark for mark in marks if mark)


def _paper(code: str, papers: Papers, *, marks: str = "") -> Paper:
    title, url = papers.get(code, (code, ""))
    return Paper(title=title, url=url or "", marks=marks)
