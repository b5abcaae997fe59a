"""Fields that nobody may read in a backup: AES-256-GCM, and keyed hashes to find them again."""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12  # bytes; NIST SP 800-38D recommends 96 bits


@cache
def _key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


def encrypt(text: str, *, purpose: str) -> bytes:
    """Random nonce in front; `purpose` binds the value to its field."""
    nonce = os.urandom(NONCE)
    key = _key(settings.FIELD_KEY, purpose)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())


def decrypt(sealed: bytes, *, purpose: str) -> str:
    """Raises cryptography.exceptions.InvalidTag when the value was changed or moved."""
    key = _key(settings.FIELD_KEY, purpose)
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], purpose.encode()).decode()


def keyed_hash(text: str, *, purpose: str) -> str:
    """Equal texts, equal hashes; without the key a list of all ID numbers is no help."""
    key = _key(settings.FIELD_KEY, f"{purpose}/hash")
    return base64.urlsafe_b64encode(hmac.digest(key, text.encode(), hashlib.sha256)).decode()[:43]


def device_key(account: str) -> str:
    """
    What seals on a device what an account has written there; 32 bytes in base64.

    Always the same for an account, so that a device need not hold it while nobody is signed in.
    """
    key = _key(settings.FIELD_KEY, "device")
    return base64.b64encode(hmac.digest(key, account.encode(), hashlib.sha256)).decode()
