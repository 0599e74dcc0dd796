"""Who made a pack: an Ed25519 key pair, of which the site keeps the private half in a file of its own.

The same key and the same content give the same signature, so that a pack can be made again to the byte.
"""

import base64
import binascii
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PURPOSE = b"ochag form pack 1\n"
"""What is signed begins with this, so that the signature means nothing anywhere else."""
OWNER_ONLY = 0o600


class NotAKey(ValueError):
    """The file or the text is no Ed25519 key."""


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make a key pair and keep it in a new file that only its owner reads; raise `FileExistsError` rather than replace."""
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
        file.write(text)
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """Return the key of a file; raise `NotAKey`, or `FileNotFoundError`."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (TypeError, ValueError) as error:
        raise NotAKey(str(path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NotAKey(str(path))
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public half of a key as the text that others keep."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def public_key(text: str) -> Ed25519PublicKey:
    """Read the text of a public key; raise `NotAKey`."""
    try:
        raw = base64.b64decode(text.strip(), validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw)
    except (binascii.Error, ValueError) as error:
        raise NotAKey(text) from error
    if base64.b64encode(raw).decode() != text.strip():
        raise NotAKey(text)
    return key


def fingerprint(text: str) -> str:
    """Return a public key in the short shape that two people compare by telephone: groups of four digits and letters."""
    digits = hashlib.sha256(base64.b64decode(text)).hexdigest()[:32]
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def sign(content: bytes, key: Ed25519PrivateKey) -> str:
    """Return the signature of `content`."""
    return base64.b64encode(key.sign(PURPOSE + content)).decode()


def is_signed(content: bytes, *, signature: str, public: str) -> bool:
    """Return whether the owner of the public key signed exactly this content."""
    try:
        public_key(public).verify(base64.b64decode(signature, validate=True), PURPOSE + content)
    except (InvalidSignature, NotAKey, binascii.Error, ValueError):
        return False
    return True
