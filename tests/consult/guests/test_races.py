"""One link, several browsers at once; one guest, several hosts."""

from uuid import uuid4

import pytest

from consult.guests import services
from consult.guests.models import Link
from consult.rooms import services as rooms
from consult.rooms.links import new_browser
from telemed.core.intentions import intention
from tests.factories.guests import ask_in
from tests.factories.rooms import scene
from tests.marks import committed
from tests.racing import race

pytestmark = committed


@pytest.fixture
def who(transactional_db):
    made = scene()
    for user in (made.asking, made.answering):
        with intention(user, door="test"):
            rooms.join_room(actor=user, room_id=made.room.pk, connection=uuid4())
    return made


def test_six_browsers_race_for_one_link_and_one_enters(who):
    link = ask_in(who.asking, who.room)

    def enter():
        with intention(link.holder, door="test"):
            services.enter(actor=link.holder, link=link, cookie=new_browser())

    assert race([enter] * 6) == {"won": 1, "Conflict": 5}


def test_two_hosts_who_ask_the_same_number_in_make_one_place(who):
    def ask(host):
        return lambda: ask_in(host, who.room)

    assert race([ask(who.asking), ask(who.answering)] * 2) == {"won": 4}
    assert Link.objects.count() == 1
    assert who.room.events.filter(kind="participant.invited").count() == 1


def test_a_link_that_is_taken_back_while_it_is_opened_is_ended(who):
    link = ask_in(who.asking, who.room)

    def enter():
        with intention(link.holder, door="test"):
            services.enter(actor=link.holder, link=link, cookie=new_browser())

    def take_back():
        with intention(who.asking, door="test"):
            services.take_back(actor=who.asking, room_id=who.room.pk, user_id=link.holder_id)

    assert race([enter, take_back])["won"] >= 1
    assert not Link.objects.filter(ended_at=None).exists()
