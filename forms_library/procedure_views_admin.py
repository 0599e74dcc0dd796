"""Where the changes of a procedure stand in the admin."""

from django.urls import URLPattern, path
from wagtail import hooks

from forms_library import procedure_views


@hooks.register("register_admin_urls")
def procedure_urls() -> list[URLPattern]:
    """Where a draft of a procedure stands beside its last edition."""
    return [
        path(
            "procedures/<int:page_id>/changes/",
            procedure_views.procedure_differences,
            name="forms_library_procedure_differences",
        ),
    ]
