"""A risk signal: devices of which nothing came for long, by the bound of their list."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from telemed.devices import rules
from telemed.devices.models import Device, Reason
from telemed.devices.queries import list_devices
from telemed.oversight import idle
from telemed.oversight.indicators import Period
from telemed.oversight.models import Signal
from telemed.oversight.presenting.signals import make_lines
from telemed.oversight.tasks import raise_signals_task
from telemed.people.models import Role
from tests.factories.people import StaffFactory
from tests.marks import committed
from tests.ruling import lay
from tests.telemed.oversight.conftest import CHINA
from tests.telemed.oversight.reading import page_of, says

pytestmark = committed
DAY = timedelta(days=1)


@pytest.fixture
def clinic(clinics):
    return clinics["520121"]


def device(clinic, serial, since, **facts):
    """Registered on that day of October."""
    with time_machine.travel(datetime(2026, 10, since, 9, tzinfo=CHINA), tick=False):
        return Device.objects.create(
            organisation=clinic, kind="ultrasound", name="DC-30", serial=serial, **facts
        )


def october():
    return Period.month(timezone.localdate().replace(month=10, day=1))


def test_a_device_unused_for_a_fortnight_at_the_end_of_the_month_is_a_signal(
    client, official_of, clinic
):
    device(clinic, "SN-1", 10)
    device(clinic, "SN-2", 10, reason=Reason.PATIENTS, reason_at=timezone.now())
    device(clinic, "SN-3", 25)
    raise_signals_task()
    signal = Signal.objects.get()
    assert (signal.rule, signal.subject) == ("idle_device", clinic)
    official = official_of("520121")
    says(client, official, signal)
    assert "at the end of the month and since: 2 of 3. A reason is given for 1." in page_of(
        client, official, path="/oversight/signals/"
    )
    assert "2 of 3" not in page_of(client, official_of("5226"), path="/oversight/signals/")


def test_under_a_fortnight_or_used_since_it_is_none(clinic):
    device(clinic, "SN-1", 19)
    device(clinic, "SN-2", 10, used_at=datetime(2026, 11, 3, tzinfo=CHINA))
    device(clinic, "SN-3", 10, retired_at=timezone.now())
    raise_signals_task()
    assert not Signal.objects.exists()


def test_the_bound_is_the_one_of_the_list_of_devices(clinic):
    device(clinic, "SN-1", 19)
    assert idle._idle(october()) == {}
    lay(rules.IDLE, 12 * DAY)
    assert idle._idle(october()) == {clinic.pk: {"n": 1, "of": 1, "said": 0, "days": 12}}
    keeper = StaffFactory(role=Role.ADMINISTRATOR, organisation=clinic)
    assert list_devices(keeper, show="idle").idle == 1


def test_its_sentence(official):
    signal = Signal.objects.create(
        number="S1",
        rule="idle_device",
        subject=official.organisation,
        month=october().start.date().replace(day=1),
        facts={"n": 1, "of": 3, "said": 0, "days": 14},
    )
    with translation.override("en"):
        [line] = make_lines([signal], official)
    assert line.why == (
        "Registered devices of which nothing came for 14 days or more, at the end of the month and "
        "since: 1 of 3. A reason is given for 0."
    )
