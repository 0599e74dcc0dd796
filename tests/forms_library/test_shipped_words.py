"""Small rules of printing that every shipped form keeps."""

import io
import re
import zipfile
from collections import Counter

import pytest

from forms_library.packs import shipped
from forms_library.starter import starter_template
from tests.forms_library.test_sample_families import every_kind
from tests.forms_library.test_starter_template import FACTS

WORDS = re.compile(r"word/\w+\.xml")
NUMBER_SIGN_THAT_MAY_PART = re.compile(r"№ (?!п/п)")
"""A narrow heading «№ п/п» stands in two lines; any other number stays with its sign."""


def words_of(docx):
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return "".join(package.read(name).decode() for name in package.namelist() if WORDS.fullmatch(name))


class TestTheShippedForms:
    @pytest.mark.parametrize("code", shipped.codes())
    def test_never_part_a_number_from_its_sign(self, code):
        words = words_of(shipped.form(code).template)
        assert "№\N{NO-BREAK SPACE}" in words
        assert not NUMBER_SIGN_THAT_MAY_PART.search(words)

    def test_show_it_to_those_who_begin_with_a_starter(self):
        words = words_of(starter_template(every_kind(), about=FACTS))
        assert "№\N{NO-BREAK SPACE}" in words
        assert not NUMBER_SIGN_THAT_MAY_PART.search(words)

    def test_are_told_apart_by_their_titles(self):
        titles = Counter(form.title for form in shipped.pack().content.forms)
        assert [title for title, times in titles.items() if times > 1] == []
