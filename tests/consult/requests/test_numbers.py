"""Case numbers: in order one after the other, and without waiting side by side."""

from threading import Thread

import pytest
from django.db import connection

from consult.requests.models import Case, NumberLane
from consult.requests.services import submit_case
from telemed.core.intentions import intention
from tests.factories.consult import drafted_case, sent_case
from tests.marks import committed


@pytest.mark.django_db
def test_one_after_the_other_they_count_up():
    numbers = [sent_case().case.number for _ in range(NumberLane.LANES + 3)]
    assert [int(number[-4:]) for number in numbers] == list(range(1, NumberLane.LANES + 4))


@committed
def test_who_sends_does_not_wait_for_another_who_has_not_committed():
    sent_case()  # the first of a day makes the day's lanes
    slow, quick = drafted_case(), drafted_case()
    sent = []

    def send():
        try:
            with intention(quick.asker, door="test", timeout_ms=2_000):
                submit_case(actor=quick.asker, case_id=quick.case.pk)
            sent.append(quick.case.pk)
        finally:
            connection.close()

    with intention(slow.asker, door="test"):
        submit_case(actor=slow.asker, case_id=slow.case.pk)
        thread = Thread(target=send)
        thread.start()
        thread.join(20)
    assert sent == [quick.case.pk]
    assert Case.objects.values("number").distinct().count() == 3
