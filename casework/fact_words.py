"""Whose fact it is and what about: «Mother: telephone». On its own form a question is clear; away from it «ФИО» is not. Pure.

The keys are those of `forms_library/packs/sources/FACTS.md`; a methodologist may have invented another one, and then the words
of the question itself stay.
"""

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

Words = str | Promise

WHOSE: dict[str, Words] = {
    "child": gettext_lazy("child"),
    "mother": gettext_lazy("mother"),
    "father": gettext_lazy("father"),
    "adult": gettext_lazy("adult in the family"),
    "relative": gettext_lazy("relative"),
    "legal_representative": gettext_lazy("legal representative"),
    "parent": gettext_lazy("parent"),
    "carer": gettext_lazy("professional parent"),
    "family": gettext_lazy("the family"),
    "case": gettext_lazy("case"),
}
OF_A_PERSON: dict[str, Words] = {
    "fio": gettext_lazy("surname, first name, patronymic"),
    "birth_date": gettext_lazy("date of birth"),
    "sex": gettext_lazy("sex"),
    "relation": gettext_lazy("relation to the child"),
    "phone": gettext_lazy("telephone"),
    "email": gettext_lazy("e-mail"),
    "work": gettext_lazy("place of work"),
    "document": gettext_lazy("identity document"),
    "snils": gettext_lazy("SNILS"),
    "registered_address": gettext_lazy("address of registration"),
    "address": gettext_lazy("address"),
    "school": gettext_lazy("school or kindergarten"),
    "class": gettext_lazy("class or group"),
    "health": gettext_lazy("state of health"),
    "opinion": gettext_lazy("opinion"),
}
OF_THE_FAMILY: dict[str, Words] = {
    "address": OF_A_PERSON["address"],
    "registered_address": OF_A_PERSON["registered_address"],
    "phone": OF_A_PERSON["phone"],
    "strengths": gettext_lazy("strengths and resources"),
    "risk_factors": gettext_lazy("risk factors"),
    "income_per_person": gettext_lazy("income per person"),
    "housing_state": gettext_lazy("sanitary state of the home"),
}
OF_THE_CASE: dict[str, Words] = {
    "risk_level": gettext_lazy("level of risk"),
    "found_on": gettext_lazy("day when the risk factors were found"),
    "organisation": gettext_lazy("responsible organisation"),
    "curator_fio": gettext_lazy("curator, full name"),
    "curator_post": gettext_lazy("curator, post"),
    "curator_phone": gettext_lazy("curator, telephone"),
    "responsible": gettext_lazy("who answers for the work with the family"),
    "responsible_fio": gettext_lazy("who answers for the work with the family, full name"),
    "responsible_post": gettext_lazy("who answers for the work with the family, post"),
    "responsible_phone": gettext_lazy("who answers for the work with the family, telephone"),
    "goal": gettext_lazy("goal of the work with the family"),
    "agreement_number": gettext_lazy("number of the agreement on support"),
    "agreement_date": gettext_lazy("date of the agreement on support"),
    "returned_on": gettext_lazy("day when the child came back to the family"),
    "plan_from": gettext_lazy("first day of the plan"),
    "plan_to": gettext_lazy("last day of the plan"),
    "approved_on": gettext_lazy("day when the first plan was approved"),
}
_WHAT = {"family": OF_THE_FAMILY, "case": OF_THE_CASE}


def about_what(key: str, label: str) -> str:
    """Return whose fact it is and what about; `label` is the question, for keys that have no words of their own."""
    whose, _dot, what = key.partition(".")
    if whose not in WHOSE:
        return label
    words = _WHAT.get(whose, OF_A_PERSON).get(what, label)
    return _("%(whose)s: %(what)s") % {"whose": capfirst(str(WHOSE[whose])), "what": words}
