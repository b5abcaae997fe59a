from threading import Barrier, Thread

import pytest
from django.db import connection

from telemed.core.errors import Forbidden
from telemed.core.intentions import intention
from telemed.people import refusals, signing
from telemed.people.models import SigningKey
from tests.factories.people import UserFactory
from tests.marks import committed

THREADS = 8


@committed
def test_wrong_pins_at_once_lock_the_key_as_well_as_one_after_the_other(by):
    user, barrier, ended = UserFactory(), Barrier(THREADS), []
    with by(user):
        signing.create_key(user=user, pin="246810")

    def guess():
        try:
            barrier.wait()
            with refusals.counting_wrong_pins(user, door="test"), intention(user, door="test"):
                signing.sign(user=user, pin="111111", digest=b"x" * 32)
        except Forbidden as refusal:
            ended.append(type(refusal))
        finally:
            connection.close()

    threads = [Thread(target=guess) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ended) == THREADS
    assert SigningKey.objects.get().failures == signing.ATTEMPTS
    with pytest.raises(signing.PinLocked), by(user):
        signing.sign(user=user, pin="246810", digest=b"x" * 32)
