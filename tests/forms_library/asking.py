"""Questions as somebody is asked them on the screen, and what is made of the words typed there."""

import datetime as dt

from hypothesis import strategies as st

from forms_library.questionnaire import Questionnaire, Surroundings
from forms_library.schema import CELL_KINDS, Column, Kind, Question, Row, Schema

AGENCIES = {"Школа № 17": 17, "Служба «Единое окно»": 1}
ATTACHED = {5: {"id": 5, "name": "Согласие.pdf", "sha256": "0"}, 6: {"id": 6, "name": "Акт.pdf", "sha256": "1"}}
DOCUMENTS = {3: {"id": 3, "name": "№ 3, Извещение", "form": "nso_risk_notice"}}
AROUND = Surroundings(agencies=AGENCIES, attached=ATTACHED, documents=DOCUMENTS)
CHILDREN = Question(
    key="children",
    label="Дети",
    kind=Kind.TABLE,
    min_rows=1,
    max_rows=4,
    columns=(
        Column(key="fio", label="ФИО", kind=Kind.FIO, required=True),
        Column(key="birth", label="Дата рождения", kind=Kind.DATE),
    ),
)
RISKS = Question(
    key="risks",
    label="Риски",
    kind=Kind.FIXED_TABLE,
    rows=tuple(Row(label=label) for label in ("Жильё", "Здоровье", "Школа")),
    max_rows=2,
    columns=(Column(key="level", label="Уровень", kind=Kind.CHOICE, choices=("низкий", "высокий")),),
)


def question(kind, **facts):
    return Question(key="it", label="Вопрос", kind=kind, **facts)


TODAY = dt.date(2026, 3, 5)


def asked(*questions, typed=None, check=True, today=None):
    around = Surroundings(agencies=AGENCIES, attached=ATTACHED, documents=DOCUMENTS, today=today)
    return Questionnaire(Schema(questions=questions), typed=typed or {}, check=check, around=around)


def answer(kind, *values, **facts):
    """Return the answer to one question after `values` were typed."""
    return asked(question(kind, **facts), typed={"it": list(values)}).answers()["it"]


def refusal(kind, *values, **facts):
    """Return the code of the only thing that is wrong after `values` were typed."""
    questionnaire = asked(question(kind, **facts), typed={"it": list(values)})
    assert not questionnaire.is_valid()
    ((place, label, message),) = questionnaire.error_summary
    assert (place, label) == ("id_it", "Вопрос")
    assert message
    (error,) = questionnaire.form.errors.as_data()["it"]
    return error.code


WORDS = st.text(max_size=30)
DAYS = st.dates().map(lambda day: f"{day.day:02}.{day.month:02}.{day.year:04}")
PLAIN = {
    Kind.DATE: DAYS,
    Kind.BIRTH_DATE: DAYS,
    Kind.DATE_TIME: st.builds(lambda day, hour: f"{day} {hour:02}:05", DAYS, st.integers(0, 23)),
    Kind.INTEGER: st.integers(-(10**9), 10**9).map(str),
    Kind.YES_NO: st.sampled_from(["yes", "no", ""]),
    Kind.CHOICE: st.sampled_from(["а", "б", ""]),
    Kind.PHONE: st.from_regex(r"\A(\+?[78]?[ (]?[0-9]{3}[) ]{0,2}[0-9]{5,7})?\Z"),
    Kind.EMAIL: st.sampled_from(["anna@mail.ru", "a+b@mail.ru", ""]),
    Kind.AGENCY: st.one_of(WORDS, st.sampled_from(list(AGENCIES))),
    Kind.MONEY: st.sampled_from(["12 345,50", "0", "-1.5", "1e9", ""]),
    Kind.SNILS: st.sampled_from(["112-233-445 95", "11223344595", "112-233-445 96", ""]),
}
TABLE_COLUMNS = tuple(
    Column(key=kind.value, label=kind, kind=kind, choices=("а", "б"), expression="integer * 2") for kind in CELL_KINDS
)


@st.composite
def filled_forms(draw):
    """Draw a schema with any kinds of questions and what somebody typed into it."""
    kinds = draw(st.lists(st.sampled_from([kind for kind in Kind if kind.is_answered]), min_size=1, max_size=8))
    questions, typed = [], {}
    for number, kind in enumerate(kinds):
        key = f"q{number}"
        columns = TABLE_COLUMNS if kind.is_table else ()
        rows = tuple(Row(label=each, scale=each, weight=2, choices=("а", "б", "в")) for each in ("раз", "два"))
        questions.append(
            Question(
                key=key,
                label=key,
                kind=kind,
                choices=("а", "б"),
                columns=columns,
                rows=rows if kind.has_fixed_rows else (),
                expression="1 + 1" if kind == Kind.COMPUTED else "",
                recommended=draw(st.booleans()) and kind.is_typed,
            )
        )
        if kind.is_table:
            for index in range(draw(st.integers(0, 3))):
                for column in columns:
                    typed[f"{key}-{index}-{column.key}"] = [draw(PLAIN.get(column.kind, WORDS))]
        elif kind == Kind.SIGNATURE:
            typed |= {f"{key}__post": [draw(WORDS)], f"{key}__name": [draw(WORDS)]}
        elif kind == Kind.CHOICES:
            typed[key] = draw(st.lists(st.sampled_from(["а", "б"]), unique=True))
        elif kind == Kind.ATTACHMENT:
            typed[key] = draw(st.lists(st.sampled_from(["5", "6", "7"])))
        elif kind == Kind.DOCUMENT:
            typed[key] = draw(st.lists(st.sampled_from(["3", "4"]), unique=True))
        else:
            typed[key] = [draw(PLAIN.get(kind, WORDS))]
    return Schema(questions=tuple(questions)), typed
