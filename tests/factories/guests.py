"""A guest without an account, asked into the room of a scene."""

from django.test import Client

from consult.guests import services
from consult.guests.models import Link
from consult.guests.secrets import path_of
from consult.rooms.models import Participant, Room
from telemed.core.intentions import intention
from telemed.people.models import User

PHONE = "13985501234"


def ask_in(host: User, room: Room, name="龙阿妹", phone=PHONE, role="interpreter", **more) -> Link:
    with intention(host, door="test"):
        return services.invite(
            actor=host, room_id=room.pk, name=name, phone=phone, role=role, **more
        )


def place_of(link: Link) -> Participant:
    return Participant.objects.get(room=link.room_id, user=link.holder_id)


def browser() -> Client:
    """One that nobody has signed in to."""
    client = Client()
    client.cookies["language"] = "en"
    return client


def opened(link: Link, client: Client | None = None) -> Client:
    """The two taps: the link and Enter; it has knocked."""
    client = client or browser()
    answer = client.post(path_of(link.pk))
    assert answer.status_code == 302, answer.content.decode()
    client.get(answer["Location"])
    return client
