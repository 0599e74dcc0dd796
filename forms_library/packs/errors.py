"""What can be wrong with a pack of forms, in words that say what to do."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "not_a_pack": _("This is not a pack of forms. Choose a file that was exported by Ochag."),
    "damaged": _(
        "The pack is damaged or was packed again by another program (%(detail)s). Ask the publisher for the original file."
    ),
    "bad_signature": _(
        "The signature does not belong to this content: the pack was changed after it was signed. Do not use it; ask the"
        " publisher for the original file."
    ),
    "no_signature": _("The pack is not signed. Ask the publisher for a signed one."),
    "newer_version": _(
        "The pack was made by a newer Ochag (version %(detail)s of the format). Update the portal, then import it again."
    ),
    "bad_path": _(
        "The pack holds a file that does not belong into it, or lacks one (%(detail)s). Ask the publisher for the original"
        " file."
    ),
    "too_big": _("The pack is too big (%(detail)s). Ask the publisher to divide the forms into several packs."),
    "bad_form": _("This part of the pack cannot be read: %(detail)s. Ask the publisher to correct it."),
}


class PackError(ValueError):
    """The file is not a pack that may be read: a code, what it is about, and in which form or block."""

    def __init__(self, code: str, detail: str = "", place: str = "") -> None:
        super().__init__(f"{code}: {place}: {detail}")
        self.code = code
        self.detail = detail
        self.place = place


def problem_text(problem: PackError) -> str:
    """Put a problem into words for the person who chose the file."""
    text = str(PROBLEMS[problem.code]) % {"detail": problem.detail}
    return f"{problem.place}: {text}" if problem.place else text
