"""Checks the documents that editors upload."""

from typing import Any

from wagtail.documents.forms import BaseDocumentForm

from forms_library.file_checks import check_content, check_docx, extension


class DocumentForm(BaseDocumentForm):
    """The admin's form for documents. Size and extension are limited by Wagtail's own settings."""

    def clean_file(self) -> Any:
        """Refuse a file whose content is not what its name says, and an unsafe Word document."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file:
            data = file.read()
            file.seek(0)
            check_content(file.name, data)
            if extension(file.name) == "docx":
                check_docx(file.name, data)
        return file
