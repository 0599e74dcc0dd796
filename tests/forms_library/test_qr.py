"""The code on a paper: form and record, nothing personal."""

import pytest

from forms_library import qr


class TestTheCodeOfARecord:
    def test_is_read_back(self):
        assert qr.read_record_code(qr.record_code("nso_risk_notice", "2026-00012", "3")) == (
            "nso_risk_notice",
            "2026-00012",
            3,
        )

    def test_of_a_blank_names_only_the_form(self):
        assert qr.record_code("nso_risk_notice", "", "") == "OCHAG:nso_risk_notice"
        assert qr.read_record_code("OCHAG:nso_risk_notice") is None

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "https://example.org",
            "OCHAG:a:2026-00012/3 ",
            "OCHAG:a:2026-00012/",
            "OCHAG:a:2026-00012/3\n",
            "OCHAG:А:2026-00012/3",
            "OCHAG:a:2026-00012/٣",
        ],
    )
    def test_is_nobody_elses_text(self, text):
        assert qr.read_record_code(text) is None


class TestThePicture:
    def test_is_the_same_bytes_for_the_same_text_and_others_for_another(self):
        first, again, other = qr.png("OCHAG:a"), qr.png("OCHAG:a"), qr.png("OCHAG:b")
        assert first == again != other
        assert first.startswith(b"\x89PNG")
