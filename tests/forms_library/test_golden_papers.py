"""Every shipped form, filled in by every invented family, prints what it printed before."""

import json

import pytest

from forms_library.packs import shipped
from tests.golden_papers import HASHES, PLACE, text_of


class TestGoldenPapers:
    @pytest.mark.parametrize("code", shipped.codes())
    def test_say_the_same_words_in_the_same_bytes(self, code):
        text, hashes = text_of(code)
        assert text == (PLACE / f"{code}.txt").read_text(encoding="utf-8")
        assert hashes == json.loads(HASHES.read_text(encoding="utf-8"))[code]

    def test_are_kept_for_the_shipped_forms_and_no_others(self):
        assert {path.stem for path in PLACE.glob("*.txt")} == set(shipped.codes())
