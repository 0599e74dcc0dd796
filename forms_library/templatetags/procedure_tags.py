"""A procedure as a picture, wherever it is shown."""

from typing import Any

from django import template

from forms_library.procedures.definition import Procedure
from forms_library.procedures.diagram import NOWHERE, Diagram, Standing, diagram
from forms_library.procedures.diagram_words import StageWords, diagram_words

register = template.Library()


@register.inclusion_tag("forms_library/includes/procedure_diagram.html")
def procedure_diagram(procedure: Procedure, standing: Standing | None = None, key: str = "procedure") -> dict[str, Any]:
    """Show the picture of a procedure; with `standing`, where a case stands in it. `key` tells the pictures of one page
    apart."""
    return {"procedure": procedure, "standing": standing, "key": key}


@register.simple_tag
def picture_of(procedure: Procedure, standing: Standing | str | None = None) -> Diagram:
    """Return the picture of a procedure as numbers. The template that is included without `standing` passes ""."""
    return diagram(procedure, standing=standing if standing and not isinstance(standing, str) else NOWHERE)


@register.simple_tag
def picture_in_words(procedure: Procedure, standing: Standing | str | None = None) -> tuple[StageWords, ...]:
    """Return the same in words."""
    return diagram_words(procedure, standing=standing if standing and not isinstance(standing, str) else NOWHERE)
