"""The small language of official forms: conditions and computed answers that a methodologist writes without a developer.

    угроза = да and age(child_birth, today) < 14

`syntax` reads a text, `kinds` says whether it fits the questions of a form and what comes out, `values` and `tree` work it
out, `evaluation` does so for a whole filled form. Jinja only parses; nothing is ever executed. No database, no clock.
"""

from forms_library.expressions.evaluation import Evaluation
from forms_library.expressions.kinds import check, check_cell, kind_of, kind_of_cell
from forms_library.expressions.syntax import Expression, ExpressionError, parse, scale_of
from forms_library.expressions.values import level, score

__all__ = [
    "Evaluation",
    "Expression",
    "ExpressionError",
    "check",
    "check_cell",
    "kind_of",
    "kind_of_cell",
    "level",
    "parse",
    "scale_of",
    "score",
]
