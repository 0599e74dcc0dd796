"""Packs of forms in the admin: give forms to another site, take forms from one. Nothing comes into force by it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from forms_library import exchange, procedure_exchange
from forms_library.actions import packs
from forms_library.models import FormsCatalogue, TrustedPublisher, UploadedPack
from forms_library.pack_forms import AdoptForm, ExportForm, ImportForm
from forms_library.packs import Pack, PackError, problem_text, read_pack, signing

PACK_MEDIA_TYPE = "application/zip"
View = Callable[[HttpRequest, FormsCatalogue], HttpResponse]


def methodologists_only(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Give the view the catalogue of forms; refuse whoever may not add forms to it."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        catalogue = FormsCatalogue.objects.first()
        if catalogue is None or not catalogue.permissions_for_user(request.user).can_add_subpage():
            raise PermissionDenied
        return view(request, catalogue)

    return guarded


@require_safe
@methodologists_only
def index(request: HttpRequest, catalogue: FormsCatalogue) -> HttpResponse:
    """Show what can be exported and imported, and whose packs this site believes."""
    return _index(request, export_form=ExportForm(), import_form=ImportForm())


@require_POST
@methodologists_only
def export(request: HttpRequest, catalogue: FormsCatalogue) -> HttpResponse:
    """Hand out the ticked forms as one signed file."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _index(request, export_form=form, import_form=ImportForm())
    try:
        facts = {"block_codes": [], **form.cleaned_data}
        data = packs.export_pack(**facts, key=signing.read_key(settings.PACK_KEY), at=timezone.now())
    except (FileNotFoundError, signing.NotAKey):
        form.add_error(None, _no_key())
    except PackError as error:
        form.add_error("codes", problem_text(error))
    else:
        response = HttpResponse(data, content_type=PACK_MEDIA_TYPE)
        name = f"{form.cleaned_data['name']}.pack"
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
        return response
    return _index(request, export_form=form, import_form=ImportForm())


@require_POST
@methodologists_only
def upload(request: HttpRequest, catalogue: FormsCatalogue) -> HttpResponse:
    """Keep an uploaded pack, and show what it would change."""
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _index(request, export_form=ExportForm(), import_form=form)
    packs.keep_upload(data=form.cleaned_data["file"], actor=request.user, at=timezone.now())
    return redirect("form_pack_import")


@methodologists_only
def adopt(request: HttpRequest, catalogue: FormsCatalogue) -> HttpResponse:
    """Show what the uploaded pack would change here; save what is ticked as drafts."""
    uploaded = get_object_or_404(UploadedPack, uploaded_by_id=request.user.pk)
    try:
        pack = read_pack(bytes(uploaded.data))
    except PackError as error:
        messages.error(request, problem_text(error))
        return redirect("form_packs")
    comparisons = [
        *exchange.compared_blocks(pack),
        *exchange.compared(pack),
        *procedure_exchange.compared_procedures(pack, at=timezone.now()),
    ]
    form = AdoptForm(request.POST or None, pack=pack, comparisons=comparisons)
    publisher = packs.publisher_of(pack)
    if request.method == "POST" and publisher and form.is_valid():
        done = _adopted(request, pack, catalogue, form)
        if done:
            return done
    ticked = form["codes"].value() if form.is_bound else list(form.comparisons)
    context = {
        "pack": pack,
        "fingerprint": signing.fingerprint(pack.public_key),
        "publisher": publisher,
        "comparisons": comparisons,
        "form": form,
        "ticked": ticked,
        **_crumbs(_("What the pack would change")),
    }
    return render(request, "forms_library/admin/pack_import.html", context)


@require_POST
@methodologists_only
def forget(request: HttpRequest, catalogue: FormsCatalogue) -> HttpResponse:
    """Throw the uploaded pack away."""
    UploadedPack.objects.filter(uploaded_by_id=request.user.pk).delete()
    return redirect("form_packs")


def _adopted(request: HttpRequest, pack: Pack, catalogue: FormsCatalogue, form: AdoptForm) -> HttpResponse | None:
    """Adopt what is ticked and go to the catalogue; return `None` when it was refused, which the form then tells."""
    try:
        drafts = packs.adopt_pack(
            pack=pack,
            catalogue=catalogue,
            actor=request.user,
            at=timezone.now(),
            codes=form.cleaned_data["codes"],
            agencies=form.agencies(),
        )
    except PackError as error:
        form.add_error(None, problem_text(error))
        return None
    except PermissionDenied as refusal:
        form.add_error(None, str(refusal))
        return None
    UploadedPack.objects.filter(uploaded_by_id=request.user.pk).delete()
    messages.success(request, _drafts_saved(len(drafts)))
    return redirect("wagtailadmin_explore", catalogue.pk)


def _drafts_saved(count: int) -> str:
    return ngettext(
        "%(count)s draft is saved. Look at it and send it to review.",
        "%(count)s drafts are saved. Look at them and send them to review.",
        count,
    ) % {"count": count}


def _index(request: HttpRequest, *, export_form: ExportForm, import_form: ImportForm) -> HttpResponse:
    context: dict[str, Any] = {
        "export_form": export_form,
        "import_form": import_form,
        "publishers": TrustedPublisher.objects.order_by("name"),
        "uploaded": UploadedPack.objects.filter(uploaded_by_id=request.user.pk).defer("data").first(),
        "no_key": _no_key(),
        **_crumbs(),
    }
    try:
        context["own_key"] = signing.public_text(signing.read_key(settings.PACK_KEY))
        context["own_fingerprint"] = signing.fingerprint(context["own_key"])
    except (OSError, signing.NotAKey):
        pass
    return render(request, "forms_library/admin/packs.html", context)


def _no_key() -> str:
    return _("This site has no key to sign packs with. Ask an administrator to make one: manage.py make_pack_key")


def _crumbs(*below: str) -> dict[str, Any]:
    title = _("Packs of forms")
    return {
        "header_title": " / ".join([title, *below]),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("form_packs") if below else "", "label": title},
            *({"url": "", "label": each} for each in below),
        ],
        "header_icon": "download",
    }
