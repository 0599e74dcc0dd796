"""How wide words are in a picture that the server draws, and how they break into lines. Pure.

The server does not know which font a visitor has, so widths are those of a common wide font (Arial and its like):
with a narrow one (PT Sans) lines end early, with the widest ones they use the padding of their box.
"""

NARROW = frozenset(" .,:;!'|()[]-·ijltfrI")
WIDE = frozenset("жмшщыюфжмШЩЖМЮФЫДОQWMm@%—№…")
BOLD = 1.05


def text_width(text: str, size: int, *, bold: bool = False) -> int:
    """Return about how wide a line is, in the units of `size`."""
    ems = sum(_ems(character) for character in text)
    return round(ems * size * (BOLD if bold else 1)) + 1


def wrapped(text: str, width: int, size: int, *, lines: int, bold: bool = False) -> tuple[str, ...]:
    """Return `text` in at most `lines` lines of `width`; what does not fit gives way to «…»."""
    words = [part for word in text.split() for part in _broken(word, width, size, bold)]
    made: list[str] = []
    for word in words:
        longer = f"{made[-1]} {word}" if made else word
        if made and text_width(longer, size, bold=bold) <= width:
            made[-1] = longer
        else:
            made.append(word)
    if len(made) <= lines:
        return tuple(made)
    return (*made[: lines - 1], _shortened(made[lines - 1], width, size, bold))


def is_shortened(text: str, lines: tuple[str, ...]) -> bool:
    """Return whether `lines` do not say all of `text`."""
    return "".join(text.split()) != "".join("".join(lines).split())


def _ems(character: str) -> float:
    if character in NARROW:
        return 0.34
    if character in WIDE:
        return 0.82
    return 0.7 if character.isupper() else 0.56


def _broken(word: str, width: int, size: int, bold: bool) -> list[str]:
    """Return a word in pieces none of which is wider than a line, parted at its hyphens where it has them."""
    if text_width(word, size, bold=bold) <= width:
        return [word]
    head, hyphen, tail = word.rpartition("-")
    if head and tail:
        return [*_broken(head + hyphen, width, size, bold), *_broken(tail, width, size, bold)]
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _shortened(line: str, width: int, size: int, bold: bool) -> str:
    while line and text_width(f"{line}…", size, bold=bold) > width:
        line = line[:-1]
    return f"{line.rstrip()}…"
