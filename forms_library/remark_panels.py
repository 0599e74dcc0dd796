"""What an approver asked to mend, beside the question that it is about."""

from typing import Any

from wagtail.admin.panels import Panel

from forms_library.models.approvals import Remark

WHOLE_FORM = ""


class RemarkPanel(Panel):
    """Shows the open remarks on a question beside it, or those on the form as a whole above it; else nothing."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "forms_library/admin/remark_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            context["form_id"] = self._form_id()
            context["remarks"] = self._remarks()
            return context

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self._remarks())

        def _remarks(self) -> list[Remark]:
            form_id = self._form_id()
            key = getattr(self.instance, "clean_name", WHOLE_FORM)
            is_new_question = hasattr(self.instance, "clean_name") and not key
            return [] if form_id is None or is_new_question else remarks_on(self.request, form_id).get(key, [])

        def _form_id(self) -> int | None:
            """Return the form that this panel stands in, itself or through one of its questions."""
            if hasattr(self.instance, "clean_name"):
                return getattr(self.instance, "page_id", None)
            return self.instance.pk


def remarks_on(request: Any, form_id: int) -> dict[str, list[Remark]]:
    """Return the open remarks on a form by the key of the question; asked for once in a request."""
    known: dict[int, dict[str, list[Remark]]] = request.__dict__.setdefault("remarks_on_forms", {})
    if form_id not in known:
        known[form_id] = {}
        for remark in Remark.objects.open().filter(official_form=form_id).order_by("made_at", "pk"):
            known[form_id].setdefault(remark.question_key, []).append(remark)
    return known[form_id]
