"""The rules of a form, in words, wherever its questions are listed."""

from django import template

from forms_library import rules_in_words
from forms_library.schema import Question, Schema

register = template.Library()


@register.simple_tag
def rules_of(question: Question, schema: Schema) -> str:
    """Return what is asked of an answer as one line of sentences; empty when anything may be answered."""
    return " ".join(rules_in_words.rules_of(question, schema))


@register.simple_tag
def rules_of_checks(schema: Schema) -> list[str]:
    """Return what must hold between several answers, a sentence each."""
    return rules_in_words.rules_of_checks(schema)
