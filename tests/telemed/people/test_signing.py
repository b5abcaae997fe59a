import hashlib
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.utils import timezone, translation

from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import intention
from telemed.people import refusals, signing
from telemed.people.models import SigningKey
from tests.factories.people import UserFactory
from tests.marks import committed

PIN, WRONG = "246810", "111111"
DIGEST = hashlib.sha256(b"an opinion").digest()


@pytest.fixture
def signer(db, by):
    user = UserFactory()
    with by(user):
        signing.create_key(user=user, pin=PIN)
    return user


def sign(user, pin, digest=DIGEST):
    """As a door does it."""
    with refusals.counting_wrong_pins(user, door="test"), intention(user, door="test"):
        return signing.sign(user=user, pin=pin, digest=digest)


def fail(user, times):
    for _ in range(times):
        with pytest.raises(signing.WrongPin):
            sign(user, WRONG)


def test_a_signature_verifies_against_its_digest_alone(signer):
    made = sign(signer, PIN)
    assert signing.verify(made.public_key, made.signature, DIGEST)
    assert not signing.verify(made.public_key, made.signature, hashlib.sha256(b"other").digest())
    assert (made.algorithm, made.label) == ("Ed25519", "demonstration signature")


def test_somebody_elses_key_does_not_verify_it(signer, by):
    other = UserFactory()
    with by(other):
        key = signing.create_key(user=other, pin=PIN)
    assert not signing.verify(bytes(key.public_key), sign(signer, PIN).signature, DIGEST)


@pytest.mark.parametrize(("key", "signature"), [(b"", b""), (b"x" * 32, b"y" * 64), (b"x", b"y")])
def test_malformed_keys_and_signatures_are_simply_not_valid(key, signature):
    assert not signing.verify(key, signature, DIGEST)


@committed
def test_a_wrong_pin_signs_nothing_and_is_counted_although_the_signing_rolled_back(signer):
    fail(signer, 1)
    assert SigningKey.objects.get().failures == 1


@committed
def test_five_wrong_pins_lock_the_key_for_a_quarter_of_an_hour_even_for_the_right_one(signer):
    fail(signer, 5)
    with pytest.raises(signing.PinLocked):
        sign(signer, PIN)

    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert sign(signer, PIN)
    assert SigningKey.objects.get().failures == 0


@committed
def test_after_the_lock_the_count_begins_again(signer):
    fail(signer, 5)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        fail(signer, 4)
        assert sign(signer, PIN)


@committed
def test_attempts_under_a_lock_neither_count_nor_make_it_longer(signer):
    fail(signer, 5)
    locked_until = SigningKey.objects.get().locked_until
    for _ in range(3):
        with pytest.raises(signing.PinLocked):
            sign(signer, WRONG)
    key = SigningKey.objects.get()
    assert (key.failures, key.locked_until) == (5, locked_until)


@committed
def test_the_right_pin_clears_the_count(signer):
    fail(signer, 4)
    sign(signer, PIN)
    fail(signer, 4)
    assert sign(signer, PIN)


def test_without_a_key_the_refusal_says_what_to_do(stranger):
    with translation.override("en"), pytest.raises(Conflict, match="set a PIN first"):
        sign(stranger, PIN)


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567890123", "12345a", "１２３４５６", "123456\n"]
)
def test_a_pin_is_six_to_twelve_digits(by, stranger, pin):
    with pytest.raises(Invalid) as refused, by(stranger):
        signing.create_key(user=stranger, pin=pin)
    assert refused.value.path == "new_pin"


def test_a_new_key_takes_the_place_of_the_old_one_whose_signatures_stay_valid(signer, by):
    before = sign(signer, PIN)
    with by(signer):
        signing.create_key(user=signer, pin="135791")

    after = sign(signer, "135791")
    assert before.key_id != after.key_id
    assert signing.verify(before.public_key, before.signature, DIGEST)


def test_the_pin_and_the_private_key_are_kept_nowhere(signer):
    kept = SigningKey.objects.get()
    assert len(bytes(kept.wrapped_key)) == 12 + 32 + 16
    assert PIN.encode() not in bytes(kept.wrapped_key) + bytes(kept.salt)


def test_a_key_cannot_be_moved_to_another_account(signer):
    thief = UserFactory()
    SigningKey.objects.update(user=thief)
    with pytest.raises(signing.WrongPin):
        sign(thief, PIN)


@pytest.mark.django_db
def test_two_keys_under_one_pin_share_no_secret(by):
    salts = []
    for user in UserFactory.create_batch(2):
        with by(user):
            salts.append(bytes(signing.create_key(user=user, pin=PIN).salt))
    assert all(one != other for one, other in pairwise(salts))


def test_the_real_derivation_costs_what_rfc_9106_recommends(monkeypatch):
    monkeypatch.undo()
    assert signing.ARGON2["memory_cost"] == 64 * 1024
    assert signing.ARGON2["time_cost"] == 3


def test_an_authority_takes_the_place_of_our_keys(signer, monkeypatch):
    made = signing.Signature(signature=b"s", public_key=b"p", key_id="ca-1", label="")
    monkeypatch.setattr(signing, "_authority", lambda **asked: made)
    assert sign(signer, "anything") is made
