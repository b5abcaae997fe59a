from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from telemed.people import presence
from telemed.people.models import Presence
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def beat(by, user):
    with by(user):
        presence.heartbeat(actor=user)


def test_who_sent_a_heartbeat_is_at_the_desk_until_the_lease_ends(by, stranger):
    assert not presence.is_present(stranger)
    with time_machine.travel(timezone.now(), tick=False) as now:
        beat(by, stranger)
        assert presence.is_present(stranger)
        now.shift(Presence.LEASE)
        assert not presence.is_present(stranger)
        beat(by, stranger)
        assert presence.is_present(stranger)

    assert Presence.objects.count() == 1


def test_the_present_among_many_are_found_in_one_query(by, django_assert_num_queries):
    here, gone, never = UserFactory.create_batch(3)
    with time_machine.travel(timezone.now() - timedelta(minutes=5), tick=False):
        beat(by, gone)
    beat(by, here)

    with django_assert_num_queries(1):
        assert presence.present_among([here.pk, gone.pk, never.pk, uuid4()]) == {here.pk}
