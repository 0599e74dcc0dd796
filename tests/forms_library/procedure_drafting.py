"""Steps in the life of a procedure, as its methodologist and its approver take them."""

import datetime as dt
import itertools
from types import SimpleNamespace
from typing import Any

from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from forms_library.deadlines import Rule, Unit
from forms_library.models import ProcedurePage
from forms_library.procedures.definition import (
    Checklist,
    DoneBy,
    Due,
    FormUse,
    Ground,
    Guard,
    GuardKind,
    Level,
    Outcome,
    PlayedBy,
    Procedure,
    Role,
    Stage,
    Step,
)
from portal.accounts.models import User
from tests.forms_library.drafting import actions_for, approve, fresh, put_in_force, send

__all__ = ["actions_for", "approve", "change", "draft", "editor_data", "fresh", "full", "put_in_force", "send", "small"]

_numbers = itertools.count(1001)


def working_days(number: int, **more: Any) -> Rule:
    """Return a term in working days."""
    return Rule(number=number, unit=Unit.WORKING_DAYS, **more)


def small(*, days: int = 3, form: str = "", steps: int = 1) -> Procedure:
    """Return a procedure that can run: it is talked to the parent within `days`, then the work ends.

    `form` is the code of the form that the talk produces; `steps` how many talks there are.
    """
    done = {"done_by": DoneBy.FORMS, "forms": (FormUse(code=form),)} if form else {"done_by": DoneBy.EVENT}
    talks = tuple(
        Step(
            code=f"talk_{number}",
            title=f"Рассказать родителю о помощи {number}",
            role="responsible",
            after=("opened",),
            due=Due(rule=working_days(days, clause="п. 4 порядка")),
            **done,
        )
        for number in range(1, steps + 1)
    )
    end = Step(code="end", title="Закончить работу", role="head", done_by=DoneBy.CLOSURE, after=("talk_1",))
    return Procedure(
        start="семья обратилась",
        roles=(
            Role(code="responsible", title="ответственный за работу с семьёй"),
            Role(code="head", title="директор учреждения", played_by=PlayedBy.HEAD),
        ),
        stages=(Stage(code="only", title="Знакомство", steps=(*talks, end)),),
        grounds=(Ground(code="goals", title="Цели достигнуты"),),
    )


def full() -> Procedure:
    """Return a procedure in which every field says something; whether it can run does not matter."""
    guard = Guard(
        kind=GuardKind.UNTIL_WITHIN,
        words="не больше 6 месяцев",
        event="first.yes",
        form="plan",
        question="result",
        value="да",
        term=Rule(number=6, unit=Unit.MONTHS, roll=False, clause="п. 9"),
    )
    outcome = Outcome(
        code="yes",
        title="Согласие, запятая; и «кавычки»",
        answer="да",
        level="high",
        needs_words=True,
        asks_until=True,
        guards=(guard, Guard(kind=GuardKind.CHILDREN_ADULT, words="все взрослые")),
    )
    step = Step(
        code="first",
        title="Первый шаг",
        role="specialist",
        done_by=DoneBy.DECISION,
        after=("opened", "level.high", "first.yes"),
        hint="Объяснение\nв две строки",
        needs=(guard,),
        required=("plan", "act"),
        forms=(FormUse(code="plan", per_child=True, is_optional=True, dated_by="signed_on", to=("head", "agency")),),
        decided_by="plan.result",
        outcomes=(outcome, Outcome(code="no", title="Отказ")),
        appoints="head",
        due=Due(rule=working_days(7, clause="п. 4"), since="opened", is_internal=True, warn_days=14),
        every=Rule(number=3, unit=Unit.MONTHS),
        ends_with=("end", "first.no"),
        waived_by="head",
        is_optional=True,
        source="S002",
    )
    at_once = Step(code="now", title="Сразу", role="head", due=Due(rule=Rule(number=0, unit=Unit.AT_ONCE)))
    return Procedure(
        start="сигнал получен",
        roles=(
            Role(code="specialist", title="специалист"),
            Role(code="head", title="руководитель", played_by=PlayedBy.HEAD),
            Role(
                code="agency",
                title="опека",
                played_by=PlayedBy.OTHER_AGENCY,
                agency_kinds=("guardianship_body", "srcn"),
                named_by="plan.agency",
            ),
        ),
        stages=(
            Stage(code="one", title="Этап", hint="Пояснение", steps=(step, at_once)),
            Stage(code="empty", title="Пустой этап"),
        ),
        grounds=(
            Ground(code="moved", title="Переезд", answer="уехали", guards=(guard,), needs_words=True, leads_to="other"),
        ),
        levels=(
            Level(code="low", title="низкий"),
            Level(code="high", title="высокий", at_once=True, papers=("plan", "act"), to=("agency",)),
        ),
        level_role="specialist",
        suggested_by=("plan.result", "act.sum"),
        principles=("Ребёнку лучше в семье", "Мнение ребёнка\nважно"),
        checklists=(Checklist(title="Обязанности", role="head", items=("вести карту", "помогать, поддерживать")),),
    )


def draft(
    lib: SimpleNamespace, *, procedure: Procedure | None = None, by: User | None = None, **fields: Any
) -> ProcedurePage:
    """Return a procedure whose first draft is saved."""
    number = next(_numbers)
    page = ProcedurePage(
        **{
            "title": f"Порядок {number}",
            "slug": f"poryadok-{number}",
            "code": f"procedure_{number}",
            "purpose": "Чтобы родители знали, кто и когда им поможет",
            "legal_basis": "Приказ о порядке",
            "issuing_agency": lib.agency,
            "act_number": f"{number}-п",
            "act_date": dt.date(2026, 1, 15),
            "act_reason": "Порядок вводится впервые",
            "live": False,
            **fields,
        }
    ).from_procedure(procedure or small())
    Page.objects.get(pk=lib.catalogue.pk).add_child(instance=page)
    page.save_revision(user=by or lib.methodologist)
    return page


def change(page: ProcedurePage, *, by: User, procedure: Procedure | None = None, **fields: Any) -> ProcedurePage:
    """Save a next draft that says something else, and say why."""
    latest = page.get_latest_revision_as_object()
    latest.act_reason = f"Правка {next(_numbers)}"
    for name, value in fields.items():
        setattr(latest, name, value)
    if procedure:
        latest.from_procedure(procedure)
    latest.save_revision(user=by)
    return fresh(page)


def editor_data(page: ProcedurePage, **changes: Any) -> dict[str, Any]:
    """Return what the editor's form of a page would post."""
    latest = fresh(page).get_latest_revision().as_object()
    streams = {
        name: streamfield([(block.block_type, posted(block.block, block.value)) for block in getattr(latest, name)])
        for name in ("roles", "levels", "stages", "grounds", "principles", "checklists")
    }
    plain = ("title", "slug", "code", "purpose", "intro", "legal_basis", "start", "level_role", "suggested_by")
    data = nested_form_data(
        {
            **{name: getattr(latest, name) for name in plain},
            **streams,
            "issuing_agency": latest.issuing_agency_id,
            "act_number": latest.act_number,
            "act_date": latest.act_date or "",
            "act_reason": latest.act_reason,
            "review_on": latest.review_on or "",
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            "comments": inline_formset([]),
        }
    )
    return {**data, **changes}


def posted(block: Any, value: Any) -> Any:
    """Return the value of a block as a browser posts it."""
    if hasattr(block, "child_blocks"):
        given = {name: child for name, child in block.child_blocks.items() if value[name] is not False}
        return {name: posted(child, value[name]) for name, child in given.items()}
    if hasattr(block, "child_block"):
        rows = [
            {"value": posted(block.child_block, each), "deleted": "", "order": place, "id": ""}
            for place, each in enumerate(value)
        ]
        return {"count": len(rows), **{str(place): row for place, row in enumerate(rows)}}
    if value is True:
        return "on"
    if isinstance(value, list):
        return tuple(value)  # several values under one name
    return "" if value is None else value
