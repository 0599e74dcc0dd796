"""What a methodologist writes is what a procedure says; what visitors read of it, and how they find it."""

from dataclasses import replace

import pytest
from django.urls import reverse
from hypothesis import given, settings as hypothesis_settings, strategies as st
from lxml import html

from forms_library.deadlines import MAX_NUMBER, Rule, Unit
from forms_library.models import ProcedureEdition, ProcedurePage
from forms_library.procedure_values import procedure_of, values_of
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
from forms_library.procedures.problems import LONGEST_WARNING
from tests.forms_library import drafting, procedure_drafting as drafts

CODES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
EVENTS = st.from_regex(r"[a-z][a-z0-9_]{0,5}(\.[a-z][a-z0-9_]{0,5})?", fullmatch=True)
PAIRS = st.from_regex(r"[a-z][a-z0-9_]{0,5}\.[a-z][a-z0-9_]{0,5}", fullmatch=True)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["C"], include_characters="\n"), max_size=12)
RULES = st.one_of(
    st.builds(
        Rule,
        number=st.integers(1, MAX_NUMBER),
        unit=st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS]),
        roll=st.booleans(),
        clause=TEXTS,
    ),
    st.builds(Rule, number=st.just(0), unit=st.just(Unit.AT_ONCE), clause=TEXTS),
)
NONE = st.none()


def several(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


YES_NO = st.booleans()
GUARDS = st.builds(
    Guard,
    kind=st.sampled_from(GuardKind),
    words=TEXTS,
    event=EVENTS,
    form=CODES,
    question=CODES,
    value=TEXTS,
    term=NONE | RULES,
)
OUTCOMES = st.builds(
    Outcome,
    code=CODES,
    title=TEXTS,
    answer=TEXTS,
    level=CODES,
    needs_words=YES_NO,
    asks_until=YES_NO,
    guards=several(GUARDS),
)
STEPS = st.builds(
    Step,
    code=CODES,
    title=TEXTS,
    role=CODES,
    done_by=st.sampled_from(DoneBy),
    after=several(EVENTS),
    hint=TEXTS,
    needs=several(GUARDS),
    required=several(CODES),
    forms=several(
        st.builds(FormUse, code=CODES, per_child=YES_NO, is_optional=YES_NO, dated_by=CODES, to=several(CODES))
    ),
    decided_by=PAIRS,
    outcomes=several(OUTCOMES),
    appoints=CODES,
    due=NONE | st.builds(Due, rule=RULES, since=EVENTS, is_internal=YES_NO, warn_days=st.integers(0, LONGEST_WARNING)),
    every=NONE | RULES,
    ends_with=several(EVENTS),
    waived_by=CODES,
    is_optional=YES_NO,
    source=TEXTS,
)
PROCEDURES = st.builds(
    Procedure,
    start=TEXTS,
    roles=several(
        st.builds(
            Role,
            code=CODES,
            title=TEXTS,
            played_by=st.sampled_from(PlayedBy),
            agency_kinds=several(st.just("srcn")),
            named_by=PAIRS,
        )
    ),
    stages=several(st.builds(Stage, code=CODES, title=TEXTS, hint=TEXTS, steps=several(STEPS))),
    grounds=several(
        st.builds(
            Ground,
            code=CODES,
            title=TEXTS,
            answer=TEXTS,
            guards=several(GUARDS),
            needs_words=YES_NO,
            leads_to=CODES,
        )
    ),
    levels=several(st.builds(Level, code=CODES, title=TEXTS, at_once=YES_NO, papers=several(CODES), to=several(CODES))),
    level_role=CODES,
    suggested_by=several(PAIRS),
    principles=several(TEXTS),
    checklists=several(st.builds(Checklist, title=TEXTS, role=CODES, items=several(TEXTS))),
)


@pytest.mark.django_db
class TestWritingAProcedure:
    """Blocks of the editor and the pure definition say the same."""

    def test_keeps_every_field(self):
        page = ProcedurePage(title="Порядок").from_procedure(drafts.full())
        assert page.procedure() == drafts.full()

    @given(procedure=PROCEDURES)
    @hypothesis_settings(max_examples=40, deadline=None)
    def test_keeps_whatever_a_procedure_says(self, procedure):
        page = ProcedurePage(title="Порядок").from_procedure(procedure)
        assert page.procedure() == procedure
        for name in ("roles", "stages", "grounds", "levels", "principles", "checklists"):
            field = ProcedurePage._meta.get_field(name)
            setattr(page, name, field.to_python(field.get_prep_value(getattr(page, name))))
        assert page.procedure() == procedure

    def test_replaces_what_stood_there(self):
        page = ProcedurePage(title="Порядок").from_procedure(drafts.full()).from_procedure(drafts.small())
        assert page.procedure() == drafts.small()

    def test_reads_the_ends_of_lines_as_browsers_send_them(self):
        values = {**values_of(Procedure(start="а\r\nб")), "principles": []}
        values = {name: value for name, value in values.items() if isinstance(value, str)}
        assert procedure_of(values).start == "а\nб"

    def test_survives_the_database(self):
        page = drafts.draft(drafting.library(), procedure=drafts.full())
        assert drafts.fresh(page).procedure() == drafts.full()
        assert drafts.fresh(page).get_latest_revision_as_object().procedure() == drafts.full()

    def test_of_an_empty_draft_is_an_empty_procedure(self):
        assert ProcedurePage(title="Порядок").procedure() == Procedure(start="")


@pytest.fixture
def form(lib):
    form = drafting.draft(lib, title="Соглашение о сопровождении")
    drafting.put_in_force(lib, form)
    return drafting.fresh(form)


@pytest.fixture
def drafted(lib, form):
    return drafts.draft(lib, procedure=drafts.small(form=form.code), title="Порядок сопровождения семьи")


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def words_of(response):
    (main,) = html.fromstring(text_of(response)).xpath("//main")
    return " ".join(" ".join(main.itertext()).split())


def words_in(data):
    """Yield the words that people read in the data of a procedure, and no codes."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name in {"title", "hint", "words", "start", "source", "principles", "items"}:
                yield from value if isinstance(value, list) else [value]
            else:
                yield from words_in(value)
    elif isinstance(data, list):
        for each in data:
            yield from words_in(each)


@pytest.mark.django_db
class TestProcedurePage:
    def test_is_not_there_for_a_draft(self, drafted, client):
        assert client.get(drafted.get_url()).status_code == 404

    def test_tells_who_does_what_by_when_and_on_which_paper(self, lib, form, drafted, client):
        drafts.put_in_force(lib, drafted)
        response = client.get(drafted.get_url())
        words = words_of(response)
        for told in (
            "Рассказать родителю о помощи 1",
            "ответственный за работу с семьёй",
            "п. 4 порядка",
            "Знакомство",
        ):
            assert told in words
        assert Rule(number=3, unit=Unit.WORKING_DAYS).in_words() in words
        (link,) = html.fromstring(text_of(response)).xpath(f"//main//ol//a[@href='{form.get_url()}']")
        assert link.text == form.title

    def test_tells_everything_a_procedure_can_say(self, lib):
        # What cannot run is never in force, but every word of it has to have a place.
        page = drafts.draft(lib, procedure=drafts.full(), intro="Вас не оставят одних", level_role="head")
        shown = words_of(page.make_preview_request().render())
        texts = set(words_in(drafts.full().to_json()))
        assert {text for text in texts if " ".join(text.split()) not in shown} == set()
        assert "Вас не оставят одних" in shown

    def test_tells_who_gets_which_papers_while_a_level_lasts(self, lib, form, client):
        small = drafts.small(form=form.code)
        police = Role(
            code="police", title="Полиция", played_by=PlayedBy.OTHER_AGENCY, agency_kinds=("police_juvenile_unit",)
        )
        danger = Level(code="danger", title="Угроза жизни", papers=(form.code,), to=("police",))
        page = drafts.draft(lib, procedure=replace(small, roles=(*small.roles, police), levels=(danger,)))
        drafts.put_in_force(lib, page)
        (levels,) = html.fromstring(text_of(client.get(page.get_url()))).xpath("//section[@aria-labelledby='levels']")
        assert form.title in levels.text_content()
        assert "Полиция" in levels.text_content()

    def test_names_what_may_follow_by_its_title_and_shows_no_code(self, lib, form, client):
        following = drafts.draft(lib, title="Порядок работы группы")
        drafts.put_in_force(lib, following)
        small = drafts.small(form=form.code)
        handed_over = Ground(code="handed_over", title="Дело передано", leads_to=following.code)
        page = drafts.draft(lib, procedure=replace(small, grounds=(*small.grounds, handed_over)))
        drafts.put_in_force(lib, page)
        words = words_of(client.get(page.get_url()))
        assert "Порядок работы группы" in words
        assert following.code not in words
        assert page.code not in words

    def test_shows_an_earlier_edition_as_it_was(self, lib, form, drafted, client):
        drafts.put_in_force(lib, drafted)
        drafts.change(
            drafted, by=lib.methodologist, procedure=drafts.small(days=5, form=form.code), title="Новое название"
        )
        drafts.put_in_force(lib, drafted)
        now, earlier = client.get(drafted.get_url()), client.get(drafted.get_url(), {"edition": 1})
        three, five = (Rule(number=number, unit=Unit.WORKING_DAYS).in_words() for number in (3, 5))
        assert (three in words_of(now), five in words_of(now)) == (False, True)
        assert (three in words_of(earlier), five in words_of(earlier)) == (True, False)
        assert "Новое название" in words_of(now)
        assert earlier.context["shown"].title == "Порядок сопровождения семьи"
        assert f"{drafted.get_url()}?edition=1" in text_of(now)
        assert 'content="noindex"' in text_of(earlier)

    @pytest.mark.parametrize("asked", ["0", "2", "-1", "abc", "1'--", "01", "999999999999999999999"])
    def test_is_not_found_for_an_edition_that_never_was(self, lib, drafted, client, asked):
        drafts.put_in_force(lib, drafted)
        assert client.get(drafted.get_url(), {"edition": asked}).status_code == 404

    def test_does_not_show_the_next_draft(self, lib, drafted, client):
        drafts.put_in_force(lib, drafted)
        drafts.change(drafted, by=lib.methodologist, title="Ещё не утверждено")
        assert "Ещё не утверждено" not in text_of(client.get(drafted.get_url()))

    def test_stays_when_the_procedure_is_withdrawn_and_says_since_when(self, lib, drafted, client):
        edition = drafts.put_in_force(lib, drafted)
        drafts.fresh(drafted).unpublish()
        response = client.get(drafted.get_url())
        assert response.context["edition"] is None
        assert response.context["not_in_force_since"] == ProcedureEdition.objects.get().in_force_to
        assert "callout" in text_of(response)
        assert edition.title in words_of(response)

    def test_says_when_a_form_is_no_longer_in_force(self, lib, form, drafted, client):
        drafts.put_in_force(lib, drafted)
        form.unpublish()
        assert form.code in words_of(client.get(drafted.get_url()))

    def test_shows_markup_literally(self, lib, client):
        page = drafts.draft(lib, title="<script>alert(1)</script>", intro="<script>alert(2)</script>")
        drafts.put_in_force(lib, page)
        assert "<script>alert(" not in text_of(client.get(page.get_url()))

    def test_sets_no_cookie(self, lib, drafted, client):
        drafts.put_in_force(lib, drafted)
        assert not client.get(drafted.get_url()).cookies

    @pytest.mark.parametrize("steps", [1, 30])
    def test_takes_the_same_number_of_queries_for_any_number_of_steps(
        self, lib, form, client, steps, django_assert_num_queries
    ):
        page = drafts.draft(lib, procedure=drafts.small(form=form.code, steps=steps))
        drafts.put_in_force(lib, page)
        client.get(page.get_url())
        with django_assert_num_queries(QUERIES_OF_PAGE):
            assert words_of(client.get(page.get_url())).count("Рассказать родителю о помощи") >= steps


QUERIES_OF_PAGE = 13
QUERIES_OF_CATALOGUE = 13


@pytest.mark.django_db
class TestCatalogue:
    def test_lists_what_is_in_force_and_names_what_is_not_any_more(self, lib, drafted, client):
        drafts.draft(lib, title="Только черновик")
        gone = drafts.draft(lib, title="Прежний порядок")
        for page in (drafted, gone):
            drafts.put_in_force(lib, page)
        drafts.fresh(gone).unpublish()
        response = client.get(lib.catalogue.url)
        assert [edition.title for edition in response.context["procedures"]] == [drafted.title]
        assert [edition.title for edition in response.context["withdrawn_procedures"]] == ["Прежний порядок"]
        words = words_of(response)
        assert drafted.title in words
        assert "Прежний порядок" in words
        assert "Только черновик" not in words

    @pytest.mark.parametrize("number", [1, 4])
    def test_takes_the_same_number_of_queries_for_any_number_of_procedures(
        self, lib, client, number, django_assert_num_queries
    ):
        for _number in range(number):
            drafts.put_in_force(lib, drafts.draft(lib))
        client.get(lib.catalogue.url)
        with django_assert_num_queries(QUERIES_OF_CATALOGUE):
            assert len(client.get(lib.catalogue.url).context["procedures"]) == number


@pytest.mark.django_db
class TestSearch:
    @pytest.mark.parametrize("query", ["порядки сопровождения семей", "кто поможет родителю"])
    def test_finds_a_procedure_by_any_inflection(self, lib, drafted, client, query):
        drafts.put_in_force(lib, drafted)
        assert drafted.get_url() in text_of(client.get(reverse("search"), {"q": query}))

    def test_finds_no_draft_and_nothing_that_is_withdrawn(self, lib, drafted, client):
        url, asked = drafted.get_url(), {"q": "порядок сопровождения"}
        assert url not in text_of(client.get(reverse("search"), asked))
        drafts.put_in_force(lib, drafted)
        drafts.fresh(drafted).unpublish()
        assert url not in text_of(client.get(reverse("search"), asked))
        assert url not in text_of(client.get(reverse("sitemap")))
