"""Telephone numbers as links."""

import pytest

from portal.telephones import tel_href


class TestTelHref:
    @pytest.mark.parametrize(
        ("number", "href"),
        [
            ("8 (383) 344-83-54", "tel:+73833448354"),
            ("+7 383 344 83 54", "tel:+73833448354"),
            ("8-800-2000-122", "tel:+78002000122"),
            ("344-83-54", "tel:3448354"),
            ("112", "tel:112"),
            ("", ""),
            ("спросить дежурного", ""),
        ],
    )
    def test_a_number_is_dialled_as_it_is_written(self, number, href):
        assert tel_href(number) == href

    def test_a_number_nobody_can_read_keeps_its_digits(self):
        assert tel_href("1" * 40) == f"tel:{'1' * 40}"
