"""Who has the papers of a risk level, who gets them when it is set, and from whom they are taken back, in words.

Pure, as `casework.radar` is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _, gettext_lazy


class Standing(StrEnum):
    """How a paper stands with one of the bodies that are to get it."""

    HOLDS = "holds"  # the body has it
    GETS = "gets"  # gets it at once when the level is set
    LATER = "later"  # gets it as soon as it is filed
    NOBODY = "nobody"  # there is no such agency on the territory
    SEVERAL = "several"  # there is more than one: somebody chooses
    UNREACHED = "unreached"  # the one that is named is closed, or of another kind


TOLD = {
    Standing.GETS: gettext_lazy("%(paper)s goes at once to: %(receivers)s"),
    Standing.HOLDS: gettext_lazy("%(paper)s is already with: %(receivers)s"),
    Standing.LATER: gettext_lazy("%(paper)s goes, as soon as it is filed, to: %(receivers)s"),
    Standing.NOBODY: gettext_lazy("%(paper)s: there is none on the territory, send it by hand: %(receivers)s"),
    Standing.SEVERAL: gettext_lazy("%(paper)s: there are several on the territory, send it by hand: %(receivers)s"),
    Standing.UNREACHED: gettext_lazy("%(paper)s: the one that is named cannot get it, send it by hand: %(receivers)s"),
}

LEFT = {Standing.GETS, Standing.NOBODY, Standing.SEVERAL, Standing.UNREACHED}
"""Once the level is set, what stands so was not sent: somebody does it by hand."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """An agency that has a paper or gets it. What is not `for_good` is taken back with the level."""

    agency: str
    for_good: bool = False
    is_registered: bool = False
    incoming_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Body:
    """One of the bodies that are to get a paper: by its role, with its agency when that is known."""

    role: str
    standing: Standing
    holders: tuple[Holder, ...] = ()

    def __str__(self) -> str:
        return ", ".join(holder.agency for holder in self.holders) or self.role


@dataclass(frozen=True, kw_only=True)
class PaperOfLevel:
    """One paper of a risk level, or of a step, and the bodies that are to get it. Without a `number` it is not filed yet."""

    title: str
    number: int | None = None
    bodies: tuple[Body, ...] = ()

    def __str__(self) -> str:
        return self.title if self.number is None else f"№ {self.number}, {self.title}"

    @property
    def groups(self) -> list[tuple[Standing, list[Body]]]:
        """Return its bodies, those with which it stands alike together."""
        found: dict[Standing, list[Body]] = {}
        for body in self.bodies:
            found.setdefault(body.standing, []).append(body)
        return list(found.items())

    @property
    def is_left(self) -> bool:
        """Whether somebody has to send it by hand."""
        return any(standing in LEFT for standing, _bodies in self.groups)

    def held(self, *, for_good: bool) -> list[str]:
        """Return the agencies that have it, for good or as long as the level lasts."""
        holders = (each for body in self.bodies if body.standing == Standing.HOLDS for each in body.holders)
        return [holder.agency for holder in holders if holder.for_good == for_good]


def goes_out(papers: Sequence[PaperOfLevel]) -> Iterator[str]:
    """Yield who gets the papers of a level when it is set, and where somebody has to help."""
    for paper in papers:
        for standing, bodies in paper.groups:
            yield str(TOLD[standing]) % {"paper": paper, "receivers": ", ".join(map(str, bodies))}


def taken_back(papers: Sequence[PaperOfLevel], *, kept: Sequence[PaperOfLevel]) -> Iterator[str]:
    """Yield which papers of the present level are taken back when one whose papers are `kept` is set."""
    stay = {(paper.number, agency) for paper in kept for agency in paper.held(for_good=False)}
    for paper in papers:
        leaving = [agency for agency in paper.held(for_good=False) if (paper.number, agency) not in stay]
        if leaving:
            told = _("%(paper)s is taken back, as it is not registered yet, from: %(receivers)s")
            yield told % {"paper": paper, "receivers": ", ".join(leaving)}
