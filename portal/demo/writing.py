"""The words a demo page is written with: what a page is, and one short function for each kind of block on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True)
class DemoPage:
    """One page of the demo portal.

    `kind` names the page model of `portal`, `parent` is the slug of the page above ("" is the home page). A list in
    `fields` is the content of a StreamField; forms in it are named by code and pages by slug until they are stored.
    `contact_agency` is the code of the agency that a programme names at its end.
    """

    slug: str
    kind: str
    title: str
    search_description: str
    parent: str = ""
    in_menu: bool = False
    contact_agency: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


def heading(text: str) -> Block:
    """Return a heading inside a page."""
    return {"type": "heading", "value": text}


def paragraph(*sentences: str) -> Block:
    """Return one rich text block: a paragraph for each argument."""
    return {"type": "paragraph", "value": "".join(f"<p>{text}</p>" for text in sentences)}


def bullets(*items: str, lead: str = "") -> Block:
    """Return a list with dots, after an optional sentence that leads to it."""
    before = f"<p>{lead}</p>" if lead else ""
    return {"type": "paragraph", "value": f"{before}<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"}


def steps(*rows: tuple[str, str, str, str]) -> Block:
    """Return numbered steps; a row is (title, text, term, who), the last two may be empty."""
    keys = ("title", "text", "term", "who")
    return {"type": "steps", "value": [dict(zip(keys, row, strict=True)) for row in rows]}


def facts(*rows: tuple[str, str]) -> Block:
    """Return a list of (term, meaning)."""
    return {"type": "facts", "value": [{"term": term, "meaning": meaning} for term, meaning in rows]}


def callout(kind: str, title: str, *sentences: str) -> Block:
    """Return a framed note; `kind` is info, next or danger."""
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return {"type": "callout", "value": {"kind": kind, "title": title, "text": text}}


def table(caption: str, head: Iterable[str], *rows: Iterable[str]) -> Block:
    """Return a table with a caption and a row of headings."""
    cells = [{"cells": list(row)} for row in rows]
    return {"type": "table", "value": {"caption": caption, "head": list(head), "rows": cells}}


def forms(*codes: str) -> Block:
    """Return links to official forms, named by code."""
    return {"type": "forms", "value": list(codes)}


def phone(label: str, number: str) -> Block:
    """Return one telephone number to tap."""
    return {"type": "phone", "value": {"label": label, "number": number}}


def pages(*slugs: str) -> Block:
    """Return links to other pages of the demo, named by slug; those of procedures begin with «poryadok»."""
    return {"type": "pages", "value": list(slugs)}
