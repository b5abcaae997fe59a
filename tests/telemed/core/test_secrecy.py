import pytest
from cryptography.exceptions import InvalidTag

from telemed.core import secrecy

NUMBER, PURPOSE = "52012119590211992X", "mpi.id_card"


def test_what_was_encrypted_comes_back():
    sealed = secrecy.encrypt(NUMBER, purpose=PURPOSE)
    assert NUMBER.encode() not in sealed
    assert secrecy.decrypt(sealed, purpose=PURPOSE) == NUMBER


def test_the_same_text_never_looks_the_same_twice():
    assert secrecy.encrypt(NUMBER, purpose=PURPOSE) != secrecy.encrypt(NUMBER, purpose=PURPOSE)


def test_a_value_moved_to_another_field_does_not_open():
    with pytest.raises(InvalidTag):
        secrecy.decrypt(secrecy.encrypt(NUMBER, purpose=PURPOSE), purpose="people.phone")


def test_a_changed_value_does_not_open():
    sealed = bytearray(secrecy.encrypt(NUMBER, purpose=PURPOSE))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        secrecy.decrypt(bytes(sealed), purpose=PURPOSE)


def test_another_key_opens_nothing_and_finds_nothing(settings):
    sealed, found = (
        secrecy.encrypt(NUMBER, purpose=PURPOSE),
        secrecy.keyed_hash(NUMBER, purpose=PURPOSE),
    )
    settings.FIELD_KEY = "another key"
    assert secrecy.keyed_hash(NUMBER, purpose=PURPOSE) != found
    with pytest.raises(InvalidTag):
        secrecy.decrypt(sealed, purpose=PURPOSE)


def test_equal_texts_have_equal_hashes_of_43_characters_for_one_purpose_only():
    found = secrecy.keyed_hash(NUMBER, purpose=PURPOSE)
    assert found == secrecy.keyed_hash(NUMBER, purpose=PURPOSE)
    assert found != secrecy.keyed_hash(NUMBER, purpose="other")
    assert len(found) == 43
