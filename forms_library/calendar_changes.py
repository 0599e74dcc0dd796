"""Who must hear that the working calendar has changed: whatever keeps dates that were counted with it.

What stands above the library registers a listener when it is loaded, as with `impact`. Listeners run in the transaction
that changes the days: the table and the dates that rest on it change together or not at all.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Protocol


class Listener(Protocol):
    """What wants to know which days mean something else now, since when, and by whom (`None`: by the machine)."""

    def __call__(self, days: frozenset[dt.date], *, at: dt.datetime, actor: Any) -> None: ...


_listeners: list[Listener] = []


def on_change(listener: Listener) -> Listener:
    """Let `listener` hear of every change. Called once, when its application is ready."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def announce(days: Iterable[dt.date], *, at: dt.datetime, actor: Any = None) -> None:
    """Tell every listener which days have changed; an empty change is no news."""
    changed = frozenset(days)
    if changed:
        for listener in _listeners:
            listener(changed, at=at, actor=actor)
