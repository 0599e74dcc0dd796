"""What the commands that sign packs of forms have in common: where the key is, and what to say when it is not there."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from forms_library.packs import signing


def site_key(path: Path) -> Ed25519PrivateKey:
    """Return the key of a file; raise `CommandError` that says how to make one."""
    try:
        return signing.read_key(path)
    except FileNotFoundError as error:
        raise CommandError(
            _("There is no key at %(path)s. Make one: manage.py make_pack_key") % {"path": path}
        ) from error
    except signing.NotAKey as error:
        raise CommandError(_("The file %(path)s is no key that signs packs.") % {"path": path}) from error
