"""A procedure in sentences: what a step waits for, who does it, by when and how it ends; and what keeps it from running.

No database, no clock, no request. The caller knows the titles of the forms; where it does not, their codes stand.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from forms_library.deadlines import Rule, Unit
from forms_library.procedures.definition import (
    LEVEL,
    OPENED,
    CouncilKind,
    DoneBy,
    FormUse,
    Ground,
    Guard,
    GuardKind,
    Level,
    Outcome,
    PlayedBy,
    Procedure,
    Step,
)
from forms_library.procedures.problems import Problem

Titles = Mapping[str, str]
"""The titles of official forms by their codes."""
NO_TITLES: Titles = {}

PROBLEMS = {
    "no_steps": gettext_lazy("The procedure has no steps. Add at least one stage and one step in it."),
    "no_grounds": gettext_lazy("Nothing says on which grounds the work may end. Add at least one closure ground."),
    "no_end": gettext_lazy("No step ends the work. Add a step that is done by closing the case on a ground."),
    "bad_code": gettext_lazy(
        "“%(place)s”: write the code in small Latin letters, digits and «_», starting with a letter; now it is"
        " “%(subject)s”."
    ),
    "code_twice": gettext_lazy("The code “%(subject)s” is used twice. Give one of the two another code."),
    "reserved_code": gettext_lazy(
        "No step may have the code “%(subject)s”: it already names an event of every procedure. Give the step another"
        " code."
    ),
    "no_role": gettext_lazy("Step “%(place)s”: choose who does it."),
    "unknown_role": gettext_lazy(
        "Step “%(place)s”: there is no role “%(subject)s”. Add the role to the list, or choose another one."
    ),
    "no_forms": gettext_lazy(
        "Step “%(place)s”: name at least one form that has to be filed, or choose another way in which it is done."
    ),
    "no_outcomes": gettext_lazy("Step “%(place)s”: add at least one outcome that can be decided for."),
    "appoints_nobody": gettext_lazy("Step “%(place)s”: choose the role to which somebody is appointed."),
    "decided_by_unknown": gettext_lazy(
        "Step “%(place)s”: “%(subject)s” cannot decide it. Write the code of a form of this step, a dot and the key of its"
        " question."
    ),
    "outcome_without_answer": gettext_lazy(
        "Step “%(place)s”: write for the outcome “%(subject)s” which answer of the form stands for it."
    ),
    "unknown_level": gettext_lazy(
        "Step “%(place)s”: there is no risk level “%(subject)s”. Add the level to the list, or choose another one."
    ),
    "papers_to_nobody": gettext_lazy(
        "Risk level “%(place)s”: say to which roles its documents go, or take the documents out."
    ),
    "nothing_to_send": gettext_lazy(
        "Risk level “%(place)s”: name the forms that its agencies get, or take the agencies out."
    ),
    "not_an_agency": gettext_lazy(
        "Risk level “%(place)s”: documents go to other agencies only. Say of the role “%(subject)s” that another agency plays"
        " it, and of what kind, or choose another role."
    ),
    "named_but_no_agency": gettext_lazy(
        "Role “%(place)s”: a form can name another agency only. Say that another agency plays the role, and of what kind, or"
        " take the form out."
    ),
    "named_by_unknown": gettext_lazy(
        "Role “%(place)s”: “%(subject)s” cannot name its agency. Write the code of a form of one of the steps, a dot and"
        " the key of its question."
    ),
    "unknown_council": gettext_lazy(
        "Role “%(place)s”: there is no council of the kind “%(subject)s”. Choose one of the kinds offered, or none."
    ),
    "not_for_a_council": gettext_lazy(
        "Step “%(place)s”: a council decides for an outcome, writes down what it did, or ends the work. Give the step to"
        " another role, or let no form decide it."
    ),
    "unknown_event": gettext_lazy(
        "“%(place)s”: nothing brings about the event “%(subject)s”. Choose a step or an outcome of this procedure."
    ),
    "counts_from_itself": gettext_lazy(
        "Step “%(place)s”: its term cannot be counted from the step itself. Choose an earlier event."
    ),
    "comes_again_at_once": gettext_lazy(
        "Step “%(place)s”: say after how many days or months it comes again: from 1 to 366; “at once” is not a term for that."
    ),
    "warns_too_early": gettext_lazy(
        "Step “%(place)s”: say how many days before the last one people are told of it: from 1 to 366; or say nothing."
    ),
    "warns_of_no_term": gettext_lazy(
        "Step “%(place)s”: it is done at once, so nobody can be told of it days before. Name another term, or no warning."
    ),
    "never_opens": gettext_lazy("Step “%(place)s”: say after what it opens."),
    "unreachable": gettext_lazy(
        "Step “%(place)s”: no case can get there. Let it open after a step or an outcome that comes about."
    ),
    "no_exit": gettext_lazy(
        "Step “%(place)s”: from here the work goes round and round. Add an outcome that leads to the closing of the case."
    ),
    "form_not_in_force": gettext_lazy(
        "Step “%(place)s”: the form “%(subject)s” is not in force. Approve the form first, or choose another one."
    ),
}
"""What is wrong and what to do about it, by the code of the problem."""
PLACELESS = {
    "unknown_role": gettext_lazy(
        "The checklists and the levels name the role “%(subject)s”, which there is not. Add the role to the list, or choose"
        " another one."
    ),
    "form_not_in_force": gettext_lazy(
        "The conditions and the levels name the form “%(subject)s”, which is not in force. Approve the form first, or choose"
        " another one."
    ),
}
"""The same where the problem belongs to no step."""


def problem_text(problem: Problem, *, titles: Titles = NO_TITLES) -> str:
    """Return what is wrong, where, and what to do, in one or two sentences."""
    words = PROBLEMS[problem.code] if problem.place else PLACELESS.get(problem.code, PROBLEMS[problem.code])
    subject = titles.get(problem.subject, problem.subject) if problem.code == "form_not_in_force" else problem.subject
    return str(words) % {"place": problem.place, "subject": subject}


def step_in_words(procedure: Procedure, step: Step, *, titles: Titles = NO_TITLES) -> tuple[str, ...]:
    """Return all that is to be known about a step, each as a sentence, in the order of the work."""
    term = term_in_words(procedure, step)
    told = (
        opens_in_words(procedure, step),
        ends_in_words(procedure, step),
        _("Done by: %(role)s") % {"role": role_title(procedure, step.role)} if step.role else "",
        _("Term: %(term)s") % {"term": term} if term else "",
        *conditions_in_words(procedure, step, titles=titles),
        done_by_in_words(step, titles=titles),
        *outcomes_in_words(procedure, step, titles=titles),
    )
    return tuple(words for words in told if words)


def opens_in_words(procedure: Procedure, step: Step) -> str:
    """Return after what a step opens: «После: …»; empty when nothing is said."""
    return _("After: %(events)s") % {"events": events_in_words(procedure, step.after)} if step.after else ""


def ends_in_words(procedure: Procedure, step: Step) -> str:
    """Return what takes an open step away; empty when nothing does."""
    if not step.ends_with:
        return ""
    return _("Taken away by: %(events)s") % {"events": events_in_words(procedure, step.ends_with)}


def term_in_words(procedure: Procedure, step: Step) -> str:
    """Return by when a step is done, «3 рабочих дня со дня: …», or how often it comes; empty when there is no term.

    A warning in good time is told with it: «…; напомнят за 14 дней».
    """
    words = _term(procedure, step)
    if not step.due or not step.due.warn_days:
        return words
    days = step.due.warn_days
    told = ngettext(
        "%(term)s; a reminder comes %(count)s day before", "%(term)s; a reminder comes %(count)s days before", days
    )
    return told % {"term": words, "count": days}


def length_in_words(rule: Rule) -> str:
    """Return how long a term is; one that is a validity period says that its last day stays."""
    if not _stays(rule):
        return rule.in_words()
    return _("%(length)s, the last day is not moved") % {"length": rule.in_words()}


def rhythm_in_words(rule: Rule) -> str:
    """Return how often something comes again: «каждые 3 месяца»."""
    if rule.unit not in _OFTEN:  # «at once» is no rhythm, but a draft may say so
        return rule.in_words()
    if rule.number == 1:
        return str(_ONCE_EVERY[rule.unit])
    return _OFTEN[rule.unit](rule.number) % {"count": rule.number}


def conditions_in_words(procedure: Procedure, step: Step, *, titles: Titles = NO_TITLES) -> tuple[str, ...]:
    """Return what must hold before a step may be done, and who may do without it."""
    told = [*guards_in_words(step.needs)]
    if step.required:
        told.append(_("These forms are needed by then: %(forms)s") % {"forms": _forms(step.required, titles)})
    if waiver := waiver_in_words(procedure, step):
        told.append(waiver)
    if step.is_optional:
        told.append(_("Only when it is needed"))
    return tuple(told)


def waiver_in_words(procedure: Procedure, step: Step) -> str:
    """Return who may let a step do without its conditions and forms; empty when it has none, or nobody may."""
    if not step.waived_by or not (step.needs or step.required or step.forms):
        return ""
    return _("May be waived, with the reason written down, by: %(role)s") % {
        "role": role_title(procedure, step.waived_by)
    }


def done_by_in_words(step: Step, *, titles: Titles = NO_TITLES) -> str:
    """Return what finishes a step."""
    if step.done_by == DoneBy.FORMS or step.forms:
        forms = "; ".join(_form_use(use, titles) for use in step.forms)
        told = _("Done when the forms are filed: %(forms)s") if step.done_by == DoneBy.FORMS else _("Forms: %(forms)s")
        words = [told % {"forms": forms}] if forms else []
    else:
        words = []
    form, _question = step.deciding
    if form:
        words.append(_("The outcome is what the form “%(form)s” answers") % {"form": titles.get(form, form)})
    elif step.done_by in _DONE_BY:
        words.append(str(_DONE_BY[step.done_by]))
    return ". ".join(words)


def outcomes_in_words(procedure: Procedure, step: Step, *, titles: Titles = NO_TITLES) -> tuple[str, ...]:
    """Return each outcome of a step and what it leads to; for a step that ends the work, its grounds."""
    if step.done_by == DoneBy.CLOSURE:
        return tuple(ground_in_words(ground) for ground in procedure.grounds)
    return tuple(_with_details(outcome.title, _outcome_details(procedure, step, outcome)) for outcome in step.outcomes)


def ground_in_words(ground: Ground, *, procedures: Titles = NO_TITLES) -> str:
    """Return a closure ground with what it asks for, and the procedure that may follow, if its title is known."""
    details = [*guards_in_words(ground.guards)]
    if ground.needs_words:
        details.append(_("the reason is written down"))
    if next_title := procedures.get(ground.leads_to):
        details.append(_("the work may go on under the procedure “%(procedure)s”") % {"procedure": next_title})
    return _with_details(ground.title, details)


def level_in_words(procedure: Procedure, level: Level, *, titles: Titles = NO_TITLES) -> str:
    """Return who gets which documents while a risk level lasts; empty when nobody does."""
    if not level.papers:
        return ""
    return _("While the level is “%(level)s”, the documents %(forms)s go to: %(receivers)s.") % {
        "level": level.title,
        "forms": _forms(level.papers, titles),
        "receivers": ", ".join(role_title(procedure, role) for role in level.to),
    }


def guards_in_words(guards: Iterable[Guard]) -> Iterator[str]:
    """Yield what guards ask for; a statement is said by whoever acts."""
    for guard in guards:
        stated = guard.kind == GuardKind.STATEMENT
        words = _("Whoever acts confirms: %(words)s") if stated else _("Condition: %(words)s")
        yield words % {"words": guard.words}


def events_in_words(procedure: Procedure, events: Iterable[str]) -> str:
    """Return events as people name them, any of which is enough; the outcomes of one step stand together."""
    outcomes: dict[str, list[str]] = {}
    for event in events:
        first, _dot, second = event.partition(".")
        outcomes.setdefault(first, []).append(second)
    return _(" or ").join(_event(procedure, first, codes) for first, codes in outcomes.items())


def role_title(procedure: Procedure, code: str) -> str:
    """Return what a role is called; a draft may name one that there is not."""
    return next((role.title for role in procedure.roles if role.code == code), code)


def level_title(procedure: Procedure, code: str) -> str:
    """Return what a risk level is called; a draft may name one that there is not."""
    return next((level.title for level in procedure.levels if level.code == code), code)


def quoted(title: str) -> str:
    """Return a title in the quotation marks of the language."""
    return _("“%(title)s”") % {"title": title}


def _event(procedure: Procedure, first: str, codes: list[str]) -> str:
    """Return a step, with those of its outcomes that are meant, or levels."""
    if first == LEVEL:
        return _("the risk level %(levels)s") % {"levels": _listed(level_title(procedure, code) for code in codes)}
    step = quoted(procedure.event_in_words(first))
    if "" in codes:  # the step is enough, whatever its outcome
        return step
    return _("%(step)s (outcome: %(outcomes)s)") % {
        "step": step,
        "outcomes": _listed(_outcome_title(procedure, first, code) for code in codes),
    }


def _outcome_title(procedure: Procedure, step: str, code: str) -> str:
    outcomes = (each for other in procedure.steps if other.code == step for each in other.outcomes)
    return next((each.title for each in outcomes if each.code == code), code)


def _listed(titles: Iterable[str]) -> str:
    return ", ".join(quoted(title) for title in titles)


def _stays(rule: Rule) -> bool:
    """Whether the last day is not moved, although it could be a day off: a validity period (D6)."""
    return not rule.roll and rule.unit not in {Unit.AT_ONCE, Unit.WORKING_DAYS}


def _term(procedure: Procedure, step: Step) -> str:
    if step.every:
        return _counted(rhythm_in_words(step.every), procedure, step.after)
    if step.due is None:
        return ""
    since = (step.due.since,) if step.due.since else step.after
    words = _due(step.due.rule, procedure, since)
    return _("%(term)s (internal term)") % {"term": words} if step.due.is_internal else words


def _due(rule: Rule, procedure: Procedure, since: tuple[str, ...]) -> str:
    if rule.unit == Unit.AT_ONCE and since:
        return _("at once, on the day of: %(event)s") % {"event": events_in_words(procedure, since)}
    words = _counted(rule.in_words(), procedure, since)
    return (
        _("%(term)s; the last day is not moved, even if it is a day off") % {"term": words} if _stays(rule) else words
    )


def _counted(length: str, procedure: Procedure, since: tuple[str, ...]) -> str:
    if not since:
        return length
    told = {"length": length, "event": events_in_words(procedure, since)}
    if any(event.partition(".")[0] in {OPENED, LEVEL} for event in since):
        return _("%(length)s from the day of the event: %(event)s") % told
    return _("%(length)s from the day of the step %(event)s") % told


def _outcome_details(procedure: Procedure, step: Step, outcome: Outcome) -> Iterator[str]:
    yield from guards_in_words(outcome.guards)
    if outcome.needs_words:
        yield _("the reason is written down")
    if outcome.asks_until:
        yield _("a new last day is named")
    if outcome.level:
        yield _("the risk level becomes “%(level)s”") % {"level": level_title(procedure, outcome.level)}
    events = {f"{step.code}.{outcome.code}", *((f"{LEVEL}.{outcome.level}",) if outcome.level else ())}
    if opened := _steps(_("then: %(steps)s"), _opened_by(procedure, {step.code, *events})):
        yield opened


def _opened_by(procedure: Procedure, events: set[str]) -> list[str]:
    return [other.title for other in procedure.steps if events.intersection(other.after)]


def _steps(words: str, titles: list[str]) -> str:
    return words % {"steps": _listed(titles)} if titles else ""


def _with_details(title: str, details: Iterable[str]) -> str:
    """Return a title, and each detail as a sentence after it."""
    sentences = [title, *(f"{detail[:1].upper()}{detail[1:]}" for detail in details)]
    return f"{'. '.join(sentences)}." if len(sentences) > 1 else title


def _forms(codes: Iterable[str], titles: Titles) -> str:
    return "; ".join(quoted(titles.get(code, code)) for code in codes)


def _form_use(use: FormUse, titles: Titles) -> str:
    marks = (
        _("one for each child") if use.per_child else "",
        _("when it is needed") if use.is_optional else "",
    )
    marked = ", ".join(mark for mark in marks if mark)
    title = quoted(titles.get(use.code, use.code))
    return f"{title} ({marked})" if marked else title


_DONE_BY = {
    DoneBy.DECISION: gettext_lazy("Done when somebody has decided for one of the outcomes"),
    DoneBy.APPOINTMENT: gettext_lazy("Done when somebody is appointed"),
    DoneBy.EVENT: gettext_lazy("Done when the day on which it happened is written down"),
    DoneBy.CLOSURE: gettext_lazy("Ends the work on one of the grounds"),
}
_ONCE_EVERY = {
    Unit.WORKING_DAYS: gettext_lazy("every working day"),
    Unit.CALENDAR_DAYS: gettext_lazy("every day"),
    Unit.MONTHS: gettext_lazy("every month"),
}
_OFTEN: Mapping[Unit, Callable[[int], str]] = {
    Unit.WORKING_DAYS: lambda number: ngettext("every %(count)s working day", "every %(count)s working days", number),
    Unit.CALENDAR_DAYS: lambda number: ngettext("every %(count)s day", "every %(count)s days", number),
    Unit.MONTHS: lambda number: ngettext("every %(count)s month", "every %(count)s months", number),
}
DONE_BY_NAMES = {
    DoneBy.FORMS: gettext_lazy("its forms are filed"),
    DoneBy.DECISION: gettext_lazy("somebody decides"),
    DoneBy.APPOINTMENT: gettext_lazy("somebody is appointed"),
    DoneBy.EVENT: gettext_lazy("the day on which it happened is written down"),
    DoneBy.CLOSURE: gettext_lazy("the work is ended on a ground"),
}
COUNCIL_NAMES: Mapping[str, str | Promise] = {
    CouncilKind.ORG_CONSILIUM: gettext_lazy("council of the organisation"),
    CouncilKind.TERRITORIAL_CONSILIUM: gettext_lazy("territorial council"),
    CouncilKind.MRG: gettext_lazy("interagency working group"),
}
PLAYED_BY_NAMES = {
    PlayedBy.SPECIALIST: gettext_lazy("specialists of the agency that keeps the case"),
    PlayedBy.HEAD: gettext_lazy("the head of the agency that keeps the case"),
    PlayedBy.CURATOR: gettext_lazy("the curator of the case"),
    PlayedBy.OTHER_AGENCY: gettext_lazy("another agency"),
}
