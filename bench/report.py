"""Tables: what was measured, beside whom, the ratio, the goal, and whether it is met."""

from dataclasses import dataclass
from statistics import median

HEADINGS = ("what", "ours", "peer", "ratio", "goal", "met?")


@dataclass(frozen=True)
class Row:
    """One comparison. `ours` and `peer` are in the same unit; `at_least` and `at_most` bound `ours / peer`."""

    what: str
    ours: float
    peer: float
    at_least: float | None = None
    at_most: float | None = None
    digits: int = 2

    @property
    def ratio(self) -> float:
        return self.ours / self.peer if self.peer else float("nan")

    def cells(self) -> tuple[str, ...]:
        goal, met = "", ""
        if self.at_least is not None:
            goal, met = f"≥ {self.at_least:g}", "yes" if self.ratio >= self.at_least else "NO"
        if self.at_most is not None:
            goal, met = f"≤ {self.at_most:g}", "yes" if self.ratio <= self.at_most else "NO"
        numbers = (f"{self.ours:,.{self.digits}f}", f"{self.peer:,.{self.digits}f}", f"{self.ratio:.2f}")
        return (self.what, *numbers, goal, met)


def show(title: str, rows: list[Row], *notes: str) -> None:
    """Print a table under its title, then what should be known about it."""
    table = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADINGS))]
    print(f"\n{title}\n")
    for number, line in enumerate(table):
        cells = [
            cell.ljust(width) if not column else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  " + "  ".join(cells).rstrip())
        if not number:
            print("  " + "  ".join("-" * width for width in widths))
    for note in notes:
        print(f"  {note}")
    print(flush=True)


def middle(values: list[float]) -> float:
    """Return the median: one slow round on a shared machine does not spoil it."""
    return median(values)
