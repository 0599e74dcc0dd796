"""Telephone numbers as links."""

import re

import phonenumbers

SHORTEST_WITH_AREA_CODE = 10


def tel_href(number: str) -> str:
    """Return the `tel:` address of a number as people write it in Russia; an empty text when there are no digits.

    A number without its area code, or a short one (112), is left as it is dialled.
    """
    digits = re.sub(r"\D", "", number or "")
    if not digits:
        return ""
    if len(digits) < SHORTEST_WITH_AREA_CODE:
        return f"tel:{digits}"
    try:
        parsed = phonenumbers.parse(number, "RU")
    except phonenumbers.NumberParseException:
        return f"tel:{digits}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.RFC3966).split(";")[0].replace("-", "")
