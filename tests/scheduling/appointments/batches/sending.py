"""How tests send a batch, and what they read of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from scheduling.appointments import batch_results, batches, services
from scheduling.appointments.batch_plans import Wish, plan
from scheduling.appointments.models import Batch, BatchRow
from tests.factories.scheduling import PeriodFactory

HALF_HOUR = timedelta(minutes=30)


def periods_in(session, *places, first=0):
    """Half hours in a row with so many public places each."""
    begin = session.starts_at + first * HALF_HOUR
    return [
        PeriodFactory(session=session, starts_at=begin + n * HALF_HOUR, public=count)
        for n, count in enumerate(places)
        if count
    ]


def wish_of(session, **facts):
    return Wish(session.department, session.day, **facts)


def planned(by, doctor, people, wish):
    with by(doctor):
        return plan(doctor, people, wish)


def times(found):
    return [one.period and f"{timezone.localtime(one.period.starts_at):%H:%M}" for one in found]


def opened(by, doctor, period, people, **facts):
    given = {
        "key": uuid4(),
        "department_id": period.department_id,
        "day": period.session.day,
        "wanted": [(person.pk, period.pk) for person in people],
    }
    with by(doctor):
        return services.open_batch(actor=doctor, **(given | facts))


def sent(by, doctor, batch):
    """Each person in an intention of their own, as the door does it."""
    for row_id in batches.waiting_rows(batch):
        with by(doctor):
            services.book_row(actor=doctor, row_id=row_id)
    return batches.rows_of(batch)


def results(by, doctor, batch):
    with by(doctor):
        return batch_results.results_of(doctor, batch)


def refused(by, doctor, period, people, kind, sentence, **facts):
    with pytest.raises(kind, match=sentence):
        opened(by, doctor, period, people, **facts)
    assert not Batch.objects.exists()
    assert not BatchRow.objects.exists()
