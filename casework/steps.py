"""One form step by step: its sections that are asked, what each still misses, and where the person is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from forms_library.questionnaire import Questionnaire
from forms_library.questionnaire_parts import Section


@dataclass(frozen=True)
class Step:
    """One section of a form in the list of its sections."""

    number: int
    section: Section
    missing: tuple[str, ...]
    part: Any = None
    is_current: bool = False

    @property
    def key(self) -> str:
        return self.section.key


class Steps:
    """The sections of a form that are asked now; `asked` is the key of the one that is wanted."""

    def __init__(self, questionnaire: Questionnaire, *, asked: str | None, parts: Iterable[Any] = ()) -> None:
        shown = [section for section in questionnaire.sections if section.is_shown] or questionnaire.sections[:1]
        keys = [section.key for section in shown]
        here = keys.index(asked) if asked in keys else 0
        missing = {
            section.key: tuple(dict.fromkeys(label for _place, label, _message in section.mistakes()))
            for section in questionnaire.checked.sections
        }
        given_out = {part.section: part for part in parts}
        self.list = [
            Step(index + 1, section, missing[section.key], given_out.get(section.key), index == here)
            for index, section in enumerate(shown)
        ]
        self.here = here

    @property
    def current(self) -> Step:
        return self.list[self.here]

    @property
    def before(self) -> Step | None:
        """The step before this one; `None` at the first."""
        return self.list[self.here - 1] if self.here else None

    @property
    def after(self) -> Step | None:
        """The step after this one; `None` at the last."""
        return self.list[self.here + 1] if self.here + 1 < len(self.list) else None
