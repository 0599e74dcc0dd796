"""What happened in a case, on a time axis, wherever it is shown."""

from typing import Any

from django import template

from casework.timeline import Timeline

register = template.Library()


@register.inclusion_tag("casework/includes/timeline.html")
def case_timeline(timeline: Timeline, key: str = "timeline") -> dict[str, Any]:
    """Show a time axis and its table. `key` tells several on one page apart."""
    return {"timeline": timeline, "key": key}
