"""What a methodologist says about a pack of forms: which forms to export, which file to import, what of it to take."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from forms_library.exchange import Agencies, Comparison, agencies_for
from forms_library.models import AgencyKind, OfficialForm, ProcedurePage, ReusableBlock
from forms_library.packs import CODE, MAX_PACK, Pack, PackError, problem_text, read_pack

LATIN = _("Use small Latin letters, digits and «_», starting with a letter.")


class ExportForm(forms.Form):
    """Which forms and blocks go into the file, and what it is called."""

    title = forms.CharField(label=_("Title of the pack"), max_length=200)
    name = forms.CharField(
        label=_("Name of the file"), max_length=60, initial="forms", validators=[RegexValidator(rf"^{CODE}$", LATIN)]
    )
    publisher = forms.CharField(label=_("Who publishes it"), max_length=200, initial=settings.WAGTAIL_SITE_NAME)
    codes = forms.MultipleChoiceField(label=_("Forms"), widget=forms.CheckboxSelectMultiple, required=False)
    procedure_codes = forms.MultipleChoiceField(
        label=_("Procedures"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick their forms, too, when the other site may lack them."),
    )
    block_codes = forms.MultipleChoiceField(
        label=_("Reusable blocks"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The blocks that the forms were copied from go with them anyway."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = OfficialForm.objects.order_by("title").values_list("code", "title")
        blocks = ReusableBlock.objects.order_by("title").values_list("code", "title")
        self.fields["codes"].choices = list(titles)  # type: ignore[attr-defined]
        procedures = ProcedurePage.objects.order_by("title").values_list("code", "title")
        self.fields["block_codes"].choices = list(blocks)  # type: ignore[attr-defined]
        self.fields["procedure_codes"].choices = list(procedures)  # type: ignore[attr-defined]
        if not blocks:
            del self.fields["block_codes"]
        if not procedures:
            del self.fields["procedure_codes"]

    def clean(self) -> dict[str, Any]:
        """Refuse an empty pack."""
        cleaned_data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned_data.get("codes") and not cleaned_data.get("procedure_codes"):
            self.add_error("codes", ValidationError(_("Tick at least one form or procedure."), code="required"))
        return cleaned_data


class ImportForm(forms.Form):
    """The file of a pack. What is wrong with it is said beside it."""

    file = forms.FileField(label=_("File of the pack"), widget=forms.FileInput(attrs={"accept": ".pack"}))

    def clean_file(self) -> bytes:
        """Return the bytes of a pack that can be read."""
        file = self.cleaned_data["file"]
        try:
            if file.size > MAX_PACK:
                raise PackError("too_big", str(file.size))
            data: bytes = file.read()
            read_pack(data)
        except PackError as error:
            raise ValidationError(problem_text(error), code=error.code) from error
        return data


class AdoptForm(forms.Form):
    """What of a pack is taken, and which agency of this site issues the forms of each kind."""

    def __init__(self, *args: Any, pack: Pack, comparisons: list[Comparison], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comparisons = {
            each.code: each for each in comparisons if each.state != "same" and not each.is_under_review
        }
        self.fields["codes"] = forms.MultipleChoiceField(
            choices=[(code, each.title) for code, each in self.comparisons.items()],
            initial=list(self.comparisons),
            error_messages={"required": _("Tick at least one form or procedure.")},
        )
        self.kinds = agencies_for(pack.content.agency_kinds())
        for kind, agencies in self.kinds.items():
            if len(agencies) > 1:
                self.fields[f"agency_{kind}"] = forms.TypedChoiceField(
                    label=AgencyKind(kind).label if kind in AgencyKind else kind,
                    choices=[(agency.pk, agency.name) for agency in agencies],
                    coerce=int,
                )

    @property
    def agency_fields(self) -> list[forms.BoundField]:
        """The kinds of agencies of which this site has several."""
        return [self[name] for name in self.fields if name.startswith("agency_")]

    @property
    def kinds_without_agency(self) -> list[str]:
        """The kinds of which this site has none: their drafts are saved without an issuing agency."""
        return [
            str(AgencyKind(kind).label) if kind in AgencyKind else kind
            for kind, found in self.kinds.items()
            if not found
        ]

    def agencies(self) -> Agencies:
        """Return the agency that was chosen for each kind."""
        chosen = {kind: self.cleaned_data.get(f"agency_{kind}") for kind in self.kinds}
        return {
            kind: next((agency for agency in agencies if chosen[kind] in {None, agency.pk}), None)
            for kind, agencies in self.kinds.items()
        }
