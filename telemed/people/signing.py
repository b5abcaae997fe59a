"""
Signatures: Ed25519, the private key wrapped with AES-256-GCM by a key from the signer's PIN.

A certificate authority takes the place of these keys by `connect()`; until then every signature
is labelled as a demonstration.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Protocol

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.intentions import require_intention
from telemed.people.models import SigningKey, User

ALGORITHM = "Ed25519"
DEMONSTRATION = "demonstration signature"
PIN = re.compile(r"[0-9]{6,12}")
ATTEMPTS = 5
LOCKED_FOR = timedelta(minutes=15)
NONCE, SALT = 12, 16  # bytes
# RFC 9106, section 4: the second recommended choice (Argon2id, 64 MiB, t=3, p=4). What a new key
# costs; each key keeps its own, so that a change here breaks none.
ARGON2 = {"time_cost": 3, "memory_cost": 65_536, "parallelism": 4}
WRAPPING = 32  # bytes of the key that a PIN becomes


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What is kept with the signed document. `label` is empty for an authority's signature."""

    signature: bytes
    public_key: bytes
    key_id: str
    algorithm: str = ALGORITHM
    label: str = DEMONSTRATION


class WrongPin(Forbidden):
    """The door counts it in an intention of its own: the refused one rolls back."""


class PinLocked(Forbidden):
    """Too many wrong PINs. Nothing is tried and nothing is counted."""


class Authority(Protocol):
    def __call__(self, *, user: User, pin: str, digest: bytes) -> Signature: ...


_authority: Authority | None = None


def connect(authority: Authority | None) -> None:
    """Called in ready() by whoever holds a certificate authority's keys."""
    global _authority
    _authority = authority


def create_key(*, user: User, pin: str, cost: Mapping[str, int] | None = None) -> SigningKey:
    """
    A new key under this PIN; the one before it signs no more, what it signed stays valid.

    `cost` is less than ARGON2 for a PIN that is no secret, and for nothing else.
    """
    require_intention()
    _check(pin)
    # Two at once: the second replaces the first. Locked so that other rows may still point there.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    private = Ed25519PrivateKey.generate()
    SigningKey.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
    key = SigningKey(user=user, public_key=private.public_key().public_bytes_raw())
    _wrap(key, private.private_bytes_raw(), pin, cost)
    key.save()
    audit.record(action="key.create", target=key)
    return key


def change_pin(*, user: User, pin: str, new: str) -> SigningKey:
    """
    The same key under another PIN, at today's cost. Raises as `sign` does; the door counts.
    """
    require_intention()
    _check(new)
    if new == pin:
        raise Invalid(_("That is the PIN you have. Choose another one."), path="new_pin")
    key = _live_key(user)
    _wrap(key, _unwrap(key, pin), new)
    key.failures, key.locked_until = 0, None
    key.save()
    audit.record(action="key.change_pin", target=key)
    return key


def _check(pin: str) -> None:
    if not PIN.fullmatch(pin):
        raise Invalid(_("A PIN has 6 to 12 digits."), path="new_pin")
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        easy = _("Not one digit over and over, and not a run such as 123456: too easily guessed.")
        raise Invalid(easy, path="new_pin")


def sign(*, user: User, pin: str, digest: bytes) -> Signature:
    """
    Sign the SHA-256 of a document in this person's name.

    Raises Conflict without a key, PinLocked, and WrongPin, which the door must count:
    `with refusals.counting_wrong_pins(user, door=…), intention(…): sign(…)`.
    """
    require_intention()
    return (_authority or _sign_here)(user=user, pin=pin, digest=digest)


def _sign_here(*, user: User, pin: str, digest: bytes) -> Signature:
    key = _live_key(user)
    private = Ed25519PrivateKey.from_private_bytes(_unwrap(key, pin))
    if key.failures:
        key.failures, key.locked_until = 0, None
        key.save(update_fields=["failures", "locked_until"])
    return Signature(
        signature=private.sign(digest), public_key=bytes(key.public_key), key_id=str(key.pk)
    )


def check_pin(*, user: User, pin: str) -> None:
    """
    That this is the person's PIN, without signing anything. Raises as `sign` does; the door counts.
    """
    require_intention()
    key = _live_key(user)
    _unwrap(key, pin)
    if key.failures:
        key.failures, key.locked_until = 0, None
        key.save(update_fields=["failures", "locked_until"])


def _live_key(user: User) -> SigningKey:
    """Locked, so that attempts wait for each other and can't outrun the count."""
    keys = SigningKey.objects.select_for_update(no_key=True)
    key = keys.filter(user=user, revoked_at=None).first()
    if key is None:
        raise Conflict(_("You have no signing key yet; set a PIN first."), path="pin")
    if key.locked_until and key.locked_until > timezone.now():
        until = timezone.localtime(key.locked_until)
        refusal = _("Too many wrong PINs; signing is locked until {time}.")
        raise PinLocked(refusal.format(time=f"{until:%H:%M}"), path="pin")
    return key


def note_failure(*, user: User) -> None:
    """Count a wrong PIN; the fifth locks the key, and after the lock the count begins again."""
    require_intention()
    now = timezone.now()
    live = SigningKey.objects.filter(user=user, revoked_at=None)
    live.filter(locked_until__lte=now).update(failures=0, locked_until=None)
    full = Q(failures__gte=ATTEMPTS - 1)
    live.filter(locked_until=None).update(
        failures=F("failures") + 1,
        locked_until=Case(When(full, then=Value(now + LOCKED_FOR)), default=None),
    )


def verify(public_key: bytes, signature: bytes, digest: bytes) -> bool:
    """Whether this key made that signature of that digest; False for anything malformed."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, digest)
    except (InvalidSignature, ValueError):
        return False
    return True


def _wrap(key: SigningKey, private: bytes, pin: str, cost: Mapping[str, int] | None = None) -> None:
    key.salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    for name, amount in (cost or ARGON2).items():
        setattr(key, name, amount)
    key.wrapped_key = nonce + AESGCM(_unlocking(key, pin)).encrypt(
        nonce, private, key.user_id.bytes
    )


def _unwrap(key: SigningKey, pin: str) -> bytes:
    wrapped = bytes(key.wrapped_key)
    try:
        return AESGCM(_unlocking(key, pin)).decrypt(
            wrapped[:NONCE], wrapped[NONCE:], key.user_id.bytes
        )
    except InvalidTag:
        raise WrongPin(_("The PIN is wrong."), path="pin") from None


def _unlocking(key: SigningKey, pin: str) -> bytes:
    return hash_secret_raw(
        secret=pin.encode(),
        salt=bytes(key.salt),
        type=Type.ID,
        hash_len=WRAPPING,
        time_cost=key.time_cost,
        memory_cost=key.memory_cost,
        parallelism=key.parallelism,
    )
