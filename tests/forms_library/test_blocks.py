from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from forms_library import permissions, reusable_blocks
from forms_library.actions import blocks
from forms_library.actions.drafts import UnderReview
from forms_library.actions.packs import save_block
from forms_library.models import Edition, ReusableBlock
from forms_library.models.blocks import copied_blocks
from forms_library.packs import PackBlock, shipped
from forms_library.schema import Column, Kind, Question, Schema
from tests.forms_library import drafting

FIO = Question(key="child_fio", label="ФИО ребёнка", kind=Kind.FIO, required=True, fact="child.fio")
BIRTH = Question(key="child_birth", label="Дата рождения", kind=Kind.BIRTH_DATE)
SCHOOL = Question(key="child_school", label="Школа", kind=Kind.TEXT, shown_when="age(child_birth, today) > 6")
CHILD = (FIO, BIRTH, SCHOOL)
OWN = Question(key="why", label="Почему", kind=Kind.TEXT)
FORM = Schema(questions=(OWN,))


def keys(schema):
    return [question.key for question in schema]


def inserted(schema=FORM, block=CHILD, after=None):
    return reusable_blocks.insert(schema, block, code="child", after=after)


def taken(schema, block):
    return reusable_blocks.take(schema, block, code="child")


class TestACopy:
    def test_remembers_the_block_and_its_wording(self):
        stamps = {question.block for question in inserted().questions[1:]}
        assert stamps == {f"child@{reusable_blocks.version(CHILD)}"}

    def test_says_what_the_block_says(self):
        copied = [replace(question, block="") for question in inserted().questions[1:]]
        assert tuple(copied) == CHILD

    def test_stands_at_the_end_or_behind_a_question(self):
        longer = Schema(questions=(OWN, replace(OWN, key="when")))
        assert keys(inserted(longer)) == ["why", "when", *(question.key for question in CHILD)]
        assert keys(inserted(longer, after="why"))[1] == "child_fio"

    def test_gets_a_prefix_when_a_key_is_taken_in_its_rules_too(self):
        twice = inserted(inserted())
        assert keys(twice)[4:] == ["child2_child_fio", "child2_child_birth", "child2_child_school"]
        assert twice["child2_child_school"].shown_when == "age(child2_child_birth, today) > 6"
        assert keys(inserted(twice))[7] == "child3_child_fio"

    def test_with_a_prefix_leaves_texts_and_columns_alone(self):
        tricky = (
            BIRTH,
            Question(
                key="rows",
                label="Т",
                kind=Kind.TABLE,
                shown_when='other == "child_birth" and child_birth and x.child_birth',
                columns=(
                    Column(key="a", label="А", kind=Kind.INTEGER),
                    Column(key="b", label="Б", kind=Kind.COMPUTED, expression="a + days(child_birth, today)"),
                ),
            ),
        )
        copied = inserted(inserted(block=tricky), tricky)["child2_rows"]
        assert copied.shown_when == 'other == "child_birth" and child2_child_birth and x.child_birth'
        assert copied.columns[1].expression == "a + days(child2_child_birth, today)"

    def test_never_has_a_key_that_is_too_long(self):
        long = (replace(FIO, key="c" * 40),)
        assert max(map(len, keys(inserted(inserted(block=long), long)))) == 40


class TestTheVersionOfABlock:
    def test_changes_with_its_wording_and_its_order_only(self):
        same = tuple(replace(question, block="x@y") for question in CHILD)
        assert reusable_blocks.version(same) == reusable_blocks.version(CHILD)
        assert reusable_blocks.version(CHILD[::-1]) != reusable_blocks.version(CHILD)
        assert reusable_blocks.version((replace(FIO, label="Имя"),)) != reusable_blocks.version((FIO,))

    def test_tells_a_form_that_copied_an_older_one(self):
        schema = inserted()
        assert not reusable_blocks.is_outdated(schema, "child", reusable_blocks.version(CHILD))
        assert reusable_blocks.is_outdated(schema, "child", "newer")
        assert not reusable_blocks.is_outdated(schema, "adult", "newer")


SEX = Question(key="child_sex", label="Пол", kind=Kind.CHOICE, choices=("м", "ж"))


class TestTheNewWording:
    def test_takes_the_place_of_the_old_one(self):
        new = (replace(FIO, label="Имя ребёнка"), SEX, BIRTH)
        schema = taken(inserted(Schema(questions=(OWN, replace(OWN, key="when"))), after="why"), new)
        assert keys(schema) == ["why", "child_fio", "child_sex", "child_birth", "when"]
        assert schema["child_fio"].label == "Имя ребёнка"
        assert not reusable_blocks.is_outdated(schema, "child", reusable_blocks.version(new))

    def test_leaves_own_questions_behind_those_they_stood_behind(self):
        schema = inserted()
        among = replace(schema, questions=(*schema.questions[:2], replace(OWN, key="among"), *schema.questions[2:]))
        assert keys(taken(among, (BIRTH, FIO, SEX))) == ["why", "child_birth", "child_fio", "among", "child_sex"]
        assert keys(taken(among, (BIRTH, SEX))) == ["why", "child_birth", "child_sex", "among"]

    def test_reaches_every_copy_under_the_keys_of_each(self):
        schema = taken(inserted(inserted()), (FIO, SEX))
        assert keys(schema) == ["why", "child_fio", "child_sex", "child2_child_fio", "child2_child_sex"]

    def test_never_overwrites_a_question_of_the_form(self):
        schema = Schema(questions=(*inserted().questions, replace(OWN, key="child_sex")))
        with pytest.raises(reusable_blocks.KeysTaken) as refusal:
            taken(schema, (FIO, SEX))
        assert refusal.value.keys == ("child_sex",)

    def test_taken_twice_changes_nothing(self):
        once = taken(inserted(inserted()), (FIO, SEX))
        assert taken(once, (FIO, SEX)) == once


@pytest.fixture
def lib(db):
    return drafting.library()


def child(questions=CHILD):
    return save_block(PackBlock(code="child", title="Ребёнок", schema=Schema(questions=tuple(questions))))


def insert(lib, form, **options):
    return blocks.insert_block(
        **{"form": form, "block": ReusableBlock.objects.get(), "after": None, "actor": lib.methodologist, **options}
    )


def take(lib, form, **options):
    return blocks.take_new_wording(
        **{"form": drafting.fresh(form), "block": ReusableBlock.objects.get(), "actor": lib.methodologist, **options}
    )


def draft_of(form):
    return drafting.fresh(form).get_latest_revision_as_object()


class TestInsertion:
    def test_saves_a_draft_and_publishes_nothing(self, lib):
        child()
        form = drafting.draft(lib)
        insert(lib, form)
        assert keys(draft_of(form).schema()) == ["name", "child_fio", "child_birth", "child_school"]
        assert draft_of(form).latest_revision.user == lib.methodologist
        assert not Edition.objects.exists()

    def test_behind_a_question_that_is_gone_goes_to_the_end(self, lib):
        child()
        form = drafting.draft(lib)
        insert(lib, form, after="gone")
        assert keys(draft_of(form).schema())[0] == "name"

    def test_during_a_review_is_refused(self, lib):
        child()
        form = drafting.draft(lib)
        drafting.send(form, by=lib.methodologist)
        with pytest.raises(UnderReview):
            insert(lib, drafting.fresh(form))

    def test_by_somebody_who_drafts_no_forms_is_refused(self, lib):
        child()
        with pytest.raises(PermissionDenied):
            insert(lib, drafting.draft(lib), actor=drafting.user())


class TestAChangeOfABlock:
    def test_changes_no_form(self, lib):
        child()
        form = drafting.draft(lib)
        insert(lib, form)
        before = draft_of(form).schema()
        child((FIO, SEX))
        assert draft_of(form).schema() == before

    def test_is_told_of_the_block_and_of_the_form(self, lib):
        block = child()
        forms = [drafting.draft(lib) for _ in range(3)]
        for form in forms[:2]:
            insert(lib, form)
        assert [use.is_outdated for use in blocks.uses(block)] == [False, False]
        child((FIO, SEX))
        assert [(use.form, use.is_outdated) for use in blocks.uses(ReusableBlock.objects.get())] == [
            (form, True) for form in forms[:2]
        ]
        assert [is_outdated for _block, is_outdated in copied_blocks(drafting.fresh(forms[0]))] == [True]
        assert copied_blocks(drafting.fresh(forms[2])) == []

    def test_is_found_with_the_same_number_of_questions_to_the_database(self, lib, django_assert_num_queries):
        block = child()
        for _ in range(3):
            insert(lib, drafting.draft(lib))
        block = ReusableBlock.objects.get()
        with django_assert_num_queries(2):
            blocks.uses(block)

    def test_is_taken_form_by_form_as_a_new_draft(self, lib):
        child()
        form, other = drafting.draft(lib), drafting.draft(lib)
        insert(lib, form)
        insert(lib, other)
        child((FIO, SEX))
        told = blocks.would_change(drafting.fresh(form), ReusableBlock.objects.get())
        assert [pair.question.key for pair in told.added] == ["child_sex"]
        assert [pair.question.key for pair in told.removed] == ["child_birth", "child_school"]
        take(lib, form)
        assert keys(draft_of(form).schema()) == ["name", "child_fio", "child_sex"]
        assert "child_birth" in draft_of(other).schema()

    def test_is_not_taken_during_a_review(self, lib):
        child()
        form = drafting.draft(lib)
        insert(lib, form)
        child((FIO, SEX))
        drafting.send(form, by=lib.methodologist)
        with pytest.raises(UnderReview):
            take(lib, form)

    def test_is_not_taken_where_there_is_nothing_new(self, lib):
        child()
        form = drafting.draft(lib)
        insert(lib, form)
        with pytest.raises(blocks.NothingToTake):
            take(lib, form)


class TestTheScreens:
    def test_insert_a_block_into_a_draft(self, lib, client):
        block = child()
        form = drafting.draft(lib)
        client.force_login(lib.methodologist)
        address = reverse("form_block_insert", args=[form.pk])
        assert "Ребёнок" in client.get(address).text
        client.post(address, {"block": block.pk, "after": "name"})
        assert keys(draft_of(form).schema())[1] == "child_fio"
        edit = client.get(reverse("wagtailadmin_pages:edit", args=[form.pk]))
        assert block.origin() in edit.text

    def test_show_the_difference_first(self, lib, client):
        child()
        form = drafting.draft(lib)
        insert(lib, form)
        block = child((FIO, SEX))
        client.force_login(lib.methodologist)
        address = reverse("form_block_take", args=[form.pk, block.pk])
        assert address in client.get(reverse("wagtailadmin_pages:edit", args=[form.pk])).text
        assert "Пол" in client.get(address).text
        assert "child_birth" in draft_of(form).schema()
        client.post(address)
        assert "child_birth" not in draft_of(form).schema()

    def test_say_why_a_wording_cannot_be_taken(self, lib, client):
        child()
        form = drafting.draft(lib)
        insert(lib, form)
        drafting.send(form, by=lib.methodologist)
        block = child((FIO, SEX))
        client.force_login(lib.methodologist)
        answer = client.post(reverse("form_block_take", args=[form.pk, block.pk]))
        assert answer.context["refusal"]

    def test_are_for_those_who_draft_the_form(self, lib, client):
        child()
        form = drafting.draft(lib)
        client.force_login(lib.approver)
        assert client.get(reverse("form_block_insert", args=[form.pk])).status_code == 302

    def test_keep_where_a_question_came_from_when_the_draft_is_saved_again(self, lib, client):
        block = child()
        form = drafting.draft(lib)
        insert(lib, form)
        client.force_login(lib.methodologist)
        address = reverse("wagtailadmin_pages:edit", args=[form.pk])
        page = client.get(address)
        posted = {**posted_from(page.context["form"]), "title": "Другое название"}
        assert client.post(address, posted).status_code == 302
        assert draft_of(form).title == "Другое название"
        assert {question.block for question in draft_of(form).schema()} == {"", block.origin()}

    def test_list_the_forms_of_a_block_on_its_page(self, lib, client):
        child()
        form = drafting.draft(lib)
        insert(lib, form)
        block = child((FIO, SEX))
        client.force_login(lib.methodologist)
        page = client.get(reverse(ReusableBlock.snippet_viewset.get_url_name("edit"), args=[block.pk]))
        assert reverse("form_block_take", args=[form.pk, block.pk]) in page.text

    def test_refuse_a_block_whose_questions_are_wrong(self, lib, client):
        block = child()
        client.force_login(lib.methodologist)
        address = reverse(ReusableBlock.snippet_viewset.get_url_name("edit"), args=[block.pk])
        posted = posted_from(client.get(address).context["form"])
        wrong = {**posted, "questions-2-shown_when": "nobody_knows = да"}
        assert "shown_when" in client.post(address, wrong).context["form"].formsets["questions"].errors[2]
        double = {**posted, "questions-1-clean_name": "child_fio"}
        assert "clean_name" in client.post(address, double).context["form"].formsets["questions"].errors[1]
        assert client.post(address, {**posted, "title": "Дитя"}).status_code == 302
        assert ReusableBlock.objects.get().title == "Дитя"

    def test_refuse_another_code_for_a_block_that_was_copied(self, lib, client):
        block = child()
        insert(lib, drafting.draft(lib))
        client.force_login(lib.methodologist)
        address = reverse(ReusableBlock.snippet_viewset.get_url_name("edit"), args=[block.pk])
        posted = posted_from(client.get(address).context["form"])
        assert "code" in client.post(address, {**posted, "code": "kid"}).context["form"].errors

    def test_are_offered_to_methodologists_only(self, lib, client):
        listing = reverse(ReusableBlock.snippet_viewset.get_url_name("list"))
        for group, status in ((permissions.METHODOLOGISTS, 200), (permissions.APPROVERS, 302)):
            client.force_login(drafting.user(group))
            assert client.get(listing).status_code == status


class TestTheShippedBlocks:
    def test_can_be_copied_into_one_form(self):
        schema = FORM
        for block in shipped.pack().content.blocks:
            schema = reusable_blocks.insert(schema, block.schema.questions, code=block.code, after=None)
        assert len(set(keys(schema))) == len(schema.questions)


def posted_from(form):
    """Return what a browser would send back of an editor's form that nobody has touched."""
    posted = {}

    def add(bound_form):
        for field in bound_form:
            posted.update(_as_posted(field))

    add(form)
    for formset in form.formsets.values():
        add(formset.management_form)
        for row in formset.forms:
            add(row)
    return posted


def _as_posted(field):
    if hasattr(field.field.widget, "block_def"):  # a StreamField, all of them without rows here
        return {f"{field.html_name}-count": "0"}
    value = field.field.prepare_value(field.value())
    if value is False:
        return {}
    return {field.html_name: "on" if value is True else "" if value is None else value}
