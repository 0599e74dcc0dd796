"""What one wording of a procedure says otherwise than another, in words: its steps side by side, and all the rest.

No database, no clock, no request. Marked as breaking is what a case under way would feel (see `changes_in_words`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms_library.changes import Change, DifferencesOf, PairOf, aligned, said
from forms_library.procedures.changes_in_words import NAMES, Tongue, fact_changes
from forms_library.procedures.definition import Procedure, Step
from forms_library.procedures.in_words import NO_TITLES, Titles


@dataclass(frozen=True, kw_only=True)
class StepPair(PairOf[Step]):
    """A step of the older wording beside its place in the newer one, each with its stage."""

    old_stage: str = ""
    new_stage: str = ""

    @property
    def title(self) -> str:
        """What the step is called."""
        return self.part.title

    @property
    def is_breaking(self) -> bool:
        """True when cases under way would feel it: the step is no more, or is done otherwise."""
        return self.new is None or super().is_breaking


@dataclass(frozen=True, kw_only=True)
class ProcedureDifferences(DifferencesOf[StepPair]):
    """All that two wordings of a procedure say differently. False when they say the same."""

    rest: tuple[Change, ...] = ()  # roles, levels, grounds, principles, checklists, stages, the beginning

    @property
    def others(self) -> tuple[Change, ...]:
        return self.rest

    @property
    def breaking_in_words(self) -> tuple[str, ...]:
        """What cases under way would feel, in words: by steps, then the rest."""
        return tuple(self._breaking_words())

    def _breaking_words(self) -> Iterator[str]:
        for pair in self.breaking:
            told = [change.words for change in pair.changes if change.breaking]
            yield f"{pair.title}: {'; '.join(told) if told else pair.state_in_words}"
        yield from (change.words for change in self.rest if change.breaking)


def differences(old: Procedure, new: Procedure, *, titles: Titles = NO_TITLES) -> ProcedureDifferences:
    """Compare two wordings. Steps are the same when their codes are; `titles` names the forms."""
    tongue = Tongue(old=old, new=new, titles=titles)
    return ProcedureDifferences(pairs=tuple(_pairs(tongue)), rest=tuple(tongue.other_changes()))


def differences_of_procedures(
    old: Mapping[str, Any], new: Mapping[str, Any], *, titles: Titles = NO_TITLES
) -> ProcedureDifferences:
    """Compare two procedures whole, each as `ProcedureEdition.frozen()` tells it: what is said about them, too."""
    compared = differences(
        Procedure.from_json(old["definition"]), Procedure.from_json(new["definition"]), titles=titles
    )
    return replace(compared, facts=tuple(fact_changes(old, new)))


def _pairs(tongue: Tongue) -> Iterator[StepPair]:
    before, after = ({step.code: step for step in each.steps} for each in (tongue.old, tongue.new))
    old_stages, new_stages = _stages(tongue.old), _stages(tongue.new)
    for was, now, is_moved in aligned(before, after):
        stages = tuple(known[step.code] if step else ("", "") for step, known in ((was, old_stages), (now, new_stages)))
        changes: tuple[Change, ...] = ()
        if was and now:
            told = said(NAMES["stage"], stages[0][1], stages[1][1]) if stages[0][0] != stages[1][0] else ()
            changes = (*tongue.step_changes(was, now), *told)
        yield StepPair(
            old=was, new=now, changes=changes, is_moved=is_moved, old_stage=stages[0][1], new_stage=stages[1][1]
        )


def _stages(procedure: Procedure) -> dict[str, tuple[str, str]]:
    """Return the code and the title of the stage of each step."""
    return {step.code: (stage.code, stage.title) for stage in procedure.stages for step in stage.steps}
