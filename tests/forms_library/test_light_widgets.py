"""Inputs drawn without templates are the inputs that Django draws."""

import pytest
from django import forms
from django.test.html import parse_html

from forms_library.light_widgets import LIGHT, lighten

HOSTILE = '"><script>alert(1)</script>&\n'
ATTRS = {"id": "id_a", "maxlength": "5", "aria-invalid": "true", "required": True, "disabled": False}


@pytest.mark.parametrize("heavy", LIGHT, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("value", [None, "", "да", HOSTILE])
class TestALightWidget:
    def test_looks_like_that_of_django(self, heavy, value):
        options = (
            {"choices": [("да", "Да <b>"), (HOSTILE, "Нет"), ("", "без ответа")]} if heavy is forms.RadioSelect else {}
        )
        light = LIGHT[heavy](attrs={"class": "w"}, **options)
        drawn, expected = (
            widget.render("a", value, attrs=ATTRS) for widget in (light, heavy(attrs={"class": "w"}, **options))
        )
        assert parse_html(drawn) == parse_html(expected)
        assert "<script>" not in drawn


class TestLightening:
    def test_keeps_what_the_field_has_given_its_widget(self):
        field = lighten(forms.ChoiceField(choices=[("1", "раз")], widget=forms.RadioSelect(attrs={"class": "w"})))
        assert list(field.widget.choices) == [("1", "раз")]
        assert field.widget.attrs == {"class": "w"}
        field.choices = [("2", "два")]
        assert list(field.widget.choices) == [("2", "два")]

    def test_leaves_other_widgets_as_they_are(self):
        assert type(lighten(forms.BooleanField()).widget) is forms.CheckboxInput
