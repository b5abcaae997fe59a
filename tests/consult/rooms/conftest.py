"""A room with people in it."""

from uuid import uuid4

import pytest
from pytest_socket import disable_socket, enable_socket

from consult.rooms import services
from tests.factories.rooms import scene


@pytest.fixture
def do(by):
    """do(service, actor, …): one service in an intention of its own."""

    def do(service, actor, **arguments):
        with by(actor):
            return service(actor=actor, **arguments)

    return do


@pytest.fixture
def inside(db, do):
    """A room with both doctors in it."""
    who = scene()
    for user in (who.asking, who.answering):
        do(services.join_room, user, room_id=who.room.pk, connection=uuid4())
    return who


@pytest.fixture
def loopback():
    """These tests talk to a server of their own on 127.0.0.1."""
    enable_socket()
    yield
    disable_socket(allow_unix_socket=True)
