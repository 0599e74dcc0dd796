"""A procedure is drawn whole: nothing is left out, nothing lies on anything, and the same is said in words."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings, strategies as st

from forms_library import packs
from forms_library.deadlines import Rule
from forms_library.picture_text import text_width, wrapped
from forms_library.procedures.definition import DoneBy, Due, Ground, Level, Outcome, Procedure, Role, Stage, Step
from forms_library.procedures.diagram import Diagram, Shape, StandingState, StepStanding, diagram, level_words
from forms_library.procedures.diagram_words import diagram_words
from forms_library.templatetags.procedure_tags import procedure_diagram
from tests.forms_library.invented_procedures import SUPPORT

SOURCES = sorted((Path(packs.__file__).parent / "sources" / "procedures").glob("*.json"))
SHIPPED = [Procedure.from_json(json.loads(path.read_text())["procedure"]) for path in SOURCES]
KNOWN = [pytest.param(SUPPORT, id="support")] + [
    pytest.param(procedure, id=path.stem) for path, procedure in zip(SOURCES, SHIPPED, strict=True)
]
NASTY = "<script>alert(1)</script> & \"кавычки\" 'и' ]]>"
TEMPLATE = "forms_library/includes/procedure_diagram.html"


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Any procedure with any ways, the foolish ones included: loops, steps that open themselves, and no way at all."""
    number = draw(st.integers(0, 12))
    codes = [f"step{at}" for at in range(number)]
    events = [
        "opened",
        "level.high",
        "nobody",
        *codes,
        *(f"{code}.yes" for code in codes),
        *(f"{code}.no" for code in codes),
    ]
    steps = []
    for code in codes:
        decides = draw(st.booleans())
        outcomes = (Outcome(code="yes", title="Да", level="high"), Outcome(code="no", title="Нет")) if decides else ()
        steps.append(
            Step(
                code=code,
                title=draw(st.text(max_size=120)),
                role=draw(st.sampled_from(["", "who", "unknown"])),
                done_by=draw(st.sampled_from([DoneBy.EVENT, DoneBy.CLOSURE])) if not decides else DoneBy.DECISION,
                after=tuple(draw(st.lists(st.sampled_from(events), max_size=4))),
                outcomes=outcomes,
                every=draw(st.sampled_from([None, Rule.parse("3 m")])),
                due=draw(
                    st.sampled_from([None, Due(rule=Rule.parse("3 wd")), Due(rule=Rule.parse("1 m"), since="step0")])
                ),
            )
        )
    cuts = sorted(draw(st.lists(st.integers(0, number), max_size=4)))
    edges = [0, *cuts, number]
    stages = tuple(
        Stage(code=f"stage{at}", title=f"Этап {at}", steps=tuple(steps[first:last]))
        for at, (first, last) in enumerate(pairwise(edges))
    )
    return Procedure(
        start="Начало",
        roles=(Role(code="who", title="Кто-то"),),
        levels=(Level(code="high", title="Высокий", at_once=draw(st.booleans())),),
        grounds=(Ground(code="done", title="Всё сделано"),),
        stages=stages,
    )


def overlap(one: object, other: object) -> bool:
    """Return whether two boxes share room."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def overlaps(picture: Diagram) -> list[tuple[object, object]]:
    boxes = [*picture.nodes, *picture.labels]
    return [(one, other) for at, one in enumerate(boxes) for other in boxes[at + 1 :] if overlap(one, other)]


def expected_ways(procedure: Procedure) -> set[tuple[str, str]]:
    """Return what leads to what, read from the definition alone: codes of steps, "" for the start, levels in capitals."""
    steps = procedure.steps
    waited = {event for step in steps for event in step.after}
    made = {event for step in steps for event in procedure.events_of(step)}
    hubs = {
        f"level.{level.code}"
        for level in procedure.levels
        if f"level.{level.code}" in waited and (level.at_once or f"level.{level.code}" not in made)
    }
    ways = {("", step.code) for step in steps if "opened" in step.after}
    ways |= {(hub, step.code) for hub in hubs for step in steps if hub in step.after}
    for step in steps:
        events = set(procedure.events_of(step))
        ways |= {(step.code, hub) for hub in hubs & events}
        ways |= {(step.code, other.code) for other in steps if (events - hubs).intersection(other.after)}
    return ways


def drawn_ways(procedure: Procedure, picture: Diagram) -> set[tuple[str, str]]:
    levels = {level_words(procedure, level.code): f"level.{level.code}" for level in procedure.levels}
    names = [node.code or levels.get(node.full, "") for node in picture.nodes]
    return {(names[edge.source], names[edge.target]) for edge in picture.edges}


def verticals_and_horizontals(picture: Diagram) -> list[tuple[int, int, int, int]]:
    """Return the straight pieces of all drawn lines as x, y, x, y."""
    pieces = []
    for edge in picture.edges:
        for path in edge.paths:
            numbers = [float(each) for each in path.replace("M", " ").replace("L", " ").replace("Q", " ").split()]
            points = list(zip(numbers[::2], numbers[1::2], strict=True))
            pieces += [(*a, *b) for a, b in pairwise(points)]
    return pieces


def rendered(procedure: Procedure, **more: object) -> str:
    return render_to_string(TEMPLATE, {"procedure": procedure, **more})


def svg_of(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])  # noqa: S314


@pytest.mark.parametrize("procedure", KNOWN)
class TestEveryKnownProcedure:
    def test_all_its_steps_stand_in_the_picture(self, procedure: Procedure) -> None:
        drawn = Counter(node.code for node in diagram(procedure).nodes if node.code)
        assert drawn == Counter(step.code for step in procedure.steps)

    def test_all_its_ways_are_drawn_and_no_others(self, procedure: Procedure) -> None:
        assert drawn_ways(procedure, diagram(procedure)) == expected_ways(procedure)

    def test_nothing_lies_on_anything(self, procedure: Procedure) -> None:
        assert overlaps(diagram(procedure)) == []

    def test_no_line_runs_through_a_box(self, procedure: Procedure) -> None:
        picture = diagram(procedure)
        for x, y, to_x, to_y in verticals_and_horizontals(picture):
            for node in (*picture.nodes, *picture.labels):
                inside_x = min(x, to_x) < node.x + node.width and max(x, to_x) > node.x
                inside_y = min(y, to_y) < node.y + node.height and max(y, to_y) > node.y
                assert not (inside_x and inside_y), (node.full, (x, y, to_x, to_y))

    def test_every_step_and_way_is_said_in_words(self, procedure: Procedure) -> None:
        told = [step for stage in diagram_words(procedure) for step in stage.steps]
        assert [step.title for step in told] == [step.title for step in procedure.steps]
        picture = diagram(procedure)
        for edge in picture.edges:
            source, target = picture.nodes[edge.source], picture.nodes[edge.target]
            if target.code:
                into = next(each for each, step in zip(told, procedure.steps, strict=True) if step.code == target.code)
                name = procedure.step(source.code).title if source.code else source.full
                assert any(name in words for words in into.after)
            if source.code:
                out = next(each for each, step in zip(told, procedure.steps, strict=True) if step.code == source.code)
                name = procedure.step(target.code).title if target.code else target.full
                assert any(name in words for words in out.next_steps)

    def test_every_named_way_is_named_at_both_ends(self, procedure: Procedure) -> None:
        picture = diagram(procedure)
        numbers = {step.code: number for number, step in enumerate(procedure.steps, start=1)}
        for edge in picture.edges:
            source, target = picture.nodes[edge.source], picture.nodes[edge.target]
            if edge.is_named:
                here = " ".join(line.text for line in target.lines if line.kind == "jump")
                assert here
                assert not source.code or str(numbers[source.code]) in here
                plates = " ".join(line.text for label in picture.labels for line in label.lines if line.kind == "jump")
                assert not target.code or str(numbers[target.code]) in plates

    def test_the_picture_is_well_formed(self, procedure: Procedure) -> None:
        svg = svg_of(rendered(procedure))
        assert len(svg.findall(".//*[@class='picture-outline']")) == len(diagram(procedure).nodes)


class TestAnyProcedure:
    @given(procedures())
    @settings(max_examples=150, deadline=2000)
    def test_is_drawn_whole_and_nothing_lies_on_anything(self, procedure: Procedure) -> None:
        picture = diagram(procedure)
        assert overlaps(picture) == []
        assert drawn_ways(procedure, picture) == expected_ways(procedure)
        for node in picture.nodes:
            assert node.x >= 0
            assert node.x + node.width <= picture.width
            assert node.y + node.height <= picture.height

    @given(procedures())
    @settings(max_examples=25, deadline=4000)
    def test_stands_in_the_bands_of_its_stages(self, procedure: Procedure) -> None:
        picture = diagram(procedure)
        assert not [one for at, one in enumerate(picture.bands) for two in picture.bands[at + 1 :] if overlap(one, two)]
        for node in picture.nodes:
            holding = [
                band for band in picture.bands if band.y < node.y and node.y + node.height < band.y + band.height
            ]
            assert len(holding) == (node.shape != Shape.START)


class TestALoop:
    def test_is_drawn_at_the_side(self) -> None:
        steps = (
            Step(code="a", title="Первый", role="", after=("opened", "b", "a"), done_by=DoneBy.EVENT),
            Step(code="b", title="Второй", role="", after=("a",), done_by=DoneBy.EVENT),
        )
        picture = diagram(Procedure(start="Начало", stages=(Stage(code="s", title="Этап", steps=steps),)))
        back = {(edge.source, edge.target) for edge in picture.edges if edge.is_back}
        assert back == {(1, 1), (2, 1)}


class TestTheWordsOfThePicture:
    def procedure(self, title: str) -> Procedure:
        step = Step(code="one", title=title, role="who", after=("opened",), outcomes=(Outcome(code="a", title=title),))
        again = Step(code="two", title=title, role="who", after=("one.a",))
        return Procedure(
            start=title,
            roles=(Role(code="who", title=title),),
            stages=(Stage(code="s", title=title, steps=(step, again)),),
        )

    def test_are_escaped_everywhere(self) -> None:
        standing = {"one": StepStanding(state=StandingState.OPEN, words=NASTY)}
        html = rendered(self.procedure(NASTY), standing=standing)
        assert "<script" not in html
        assert NASTY in "".join(svg_of(html).itertext())

    def test_carry_no_style_of_their_own(self) -> None:
        html = rendered(SUPPORT)
        assert "style=" not in html
        assert "<style" not in html
        assert "<script" not in html

    def test_are_at_most_four_lines_of_a_title_with_all_of_it_in_the_tooltip(self) -> None:
        title = "Очень длинное название шага " * 12
        node = diagram(self.procedure(title.strip())).nodes[1]
        lines = [line.text for line in node.lines if line.kind == "title"]
        assert len(lines) == 4
        assert lines[-1].endswith("…")
        assert title.strip() in node.full

    @given(st.text(), st.integers(1, 5))
    def test_fit_their_lines(self, text: str, lines: int) -> None:
        made = wrapped(text, 200, 18, lines=lines)
        assert len(made) <= lines
        assert all(text_width(line, 18) <= 200 for line in made)


class TestWhereACaseStands:
    def test_is_said_by_a_word_a_shape_and_a_colour_in_both_forms(self) -> None:
        code = SUPPORT.steps[0].code
        shown = procedure_diagram(
            SUPPORT, {code: StepStanding(state=StandingState.OVERDUE, words="Просрочено на 2 дня")}
        )
        html = render_to_string(TEMPLATE, shown)
        node = next(each for each in svg_of(html).iter() if "picture-overdue" in each.get("class", ""))
        assert "Просрочено на 2 дня" in "".join(node.itertext())
        assert any(each.get("class") == "picture-mark" for each in node.iter())
        assert html.count("Просрочено на 2 дня") == 3  # in the box, in its title and in the list

    def test_is_not_shown_to_visitors(self) -> None:
        assert "picture-state" not in rendered(SUPPORT)


class TestThePictureForWhoeverDoesNotSeeIt:
    def test_is_one_image_with_a_title_and_a_description(self) -> None:
        svg = svg_of(rendered(SUPPORT))
        named = svg.get("aria-labelledby", "").split()
        found = {each.get("id"): "".join(each.itertext()) for each in svg.iter() if each.get("id")}
        assert svg.get("role") == "img"
        assert len(named) == 2
        assert all(found[each] for each in named)

    def test_has_its_own_names_when_two_are_on_a_page(self) -> None:
        assert 'id="second-picture-title"' in render_to_string(TEMPLATE, procedure_diagram(SUPPORT, None, "second"))
