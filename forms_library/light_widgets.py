"""Inputs that are drawn without a template of their own: a form with a table of two hundred rows has over a thousand.

They look to the letter like Django's.
"""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LightText(forms.TextInput):
    """A line of text."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        widget = context["widget"]
        value = format_html(' value="{}"', widget["value"]) if widget["value"] is not None else ""
        return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attrs(widget))


class LightEmail(LightText):
    """An e-mail address."""

    input_type = "email"


class LightLongText(forms.Textarea):
    """Several lines of text."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        widget = context["widget"]
        value = widget["value"] or ""
        return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attrs(widget), value)


class LightRadios(forms.RadioSelect):
    """One of several choices."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        widget = context["widget"]
        options = [option for _group, options, _index in widget["optgroups"] for option in options]
        lines = [(option["attrs"].get("id", ""), _option(option), option["label"]) for option in options]
        inside = format_html_join("", '<div><label for="{}">{} {}</label></div>', lines)
        attrs = {name: value for name, value in widget["attrs"].items() if name in {"id", "class"}}
        return format_html("<div{}>{}</div>", flatatt(attrs), inside)


LIGHT: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.TextInput: LightText,
    forms.EmailInput: LightEmail,
    forms.Textarea: LightLongText,
    forms.RadioSelect: LightRadios,
}


def lighten(field: forms.Field) -> forms.Field:
    """Give a field the light widget of the same kind, where there is one."""
    heavy: Any = field.widget
    if (light := LIGHT.get(type(heavy))) is not None:
        field.widget = light(attrs=heavy.attrs)
        field.widget.is_required = heavy.is_required
        if isinstance(field, forms.ChoiceField):
            field.widget.choices = field.choices
    return field


def _attrs(widget: dict[str, Any]) -> SafeString:
    return flatatt({name: value for name, value in widget["attrs"].items() if value is not None})


def _option(option: dict[str, Any]) -> SafeString:
    return format_html('<input type="radio" name="{}" value="{}"{}>', option["name"], option["value"], _attrs(option))
