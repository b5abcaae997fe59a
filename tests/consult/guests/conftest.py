"""What tests of guests without an account share."""

from uuid import uuid4

import pytest
from django.utils import translation

from consult.rooms import services as rooms
from tests.factories.rooms import scene


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def who(db, by):
    """A consult under way: both doctors are in the room."""
    made = scene()
    for user in (made.asking, made.answering):
        with by(user):
            rooms.join_room(actor=user, room_id=made.room.pk, connection=uuid4())
    made.room.refresh_from_db()
    return made
