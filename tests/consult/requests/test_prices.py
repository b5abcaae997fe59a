"""A risk signal: what the ledger holds against the agreement of the day it was accepted."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consult.requests import prices
from telemed.core.ids import new_id
from telemed.core.intentions import System, intention
from telemed.organisations import ledger
from telemed.organisations.models import AgreementService
from telemed.oversight.indicators import Period
from telemed.oversight.models import Signal
from telemed.oversight.rules import OFF_BY
from telemed.oversight.services import raise_signals
from telemed.people.models import Role
from tests.factories.consult import closed_case
from tests.factories.people import AgreementFactory, StaffFactory
from tests.ruling import lay
from tests.telemed.oversight.reading import page_of, says

pytestmark = pytest.mark.django_db
WORKER = System("test")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-14 10:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def agreement():
    return AgreementFactory(price=12_000)


def october():
    return Period.month(timezone.localdate().replace(month=10, day=1))


def line(agreement, **given):
    facts = {"subject": new_id(), "kind": "consult", "units": 1, "at": timezone.now(), **given}
    with intention(WORKER, door="test"):
        return ledger.accrue(agreement=agreement, **facts)


def correct(entry, amount):
    with intention(WORKER, door="test"):
        ledger.correct_to(entry=entry, amount=amount, reason="双方另有约定")


def test_a_closed_consult_is_at_its_price():
    closed_case()
    assert prices._off(october()) == {}


def test_a_line_at_another_amount_is_a_signal_for_the_hospital_that_answered(agreement):
    line(agreement, units=2)
    line(agreement, exempt="对口支援")
    correct(line(agreement), 15_000)
    correct(line(agreement), 11_900)
    facts = {"n": 2, "of": 4, "most": 3_000, "limit": 0}
    assert prices._off(october()) == {agreement.asked_id: facts}
    lay(OFF_BY, 100)
    assert prices._off(october())[agreement.asked_id]["n"] == 1
    lay(OFF_BY, 3_000)
    assert prices._off(october()) == {}


def test_what_was_withdrawn_or_had_no_agreement_is_none(agreement):
    withdrawn = line(agreement)
    with intention(WORKER, door="test"):
        ledger.reverse(subject=withdrawn.subject, kind="consult", reason="意见已撤回")
    correct(line(None, parties=(agreement.asking, agreement.asked)), 8_000)
    assert prices._off(october()) == {}


def test_a_price_list_that_was_changed_under_a_line_is_one(agreement):
    line(agreement)
    AgreementService.objects.filter(agreement=agreement).update(price=9_000)
    assert prices._off(october())[agreement.asked_id] == {
        "n": 1,
        "of": 1,
        "most": 3_000,
        "limit": 0,
    }


def test_the_version_in_force_at_the_accept_counts_not_the_newest(agreement):
    line(agreement)
    now = timezone.now()
    agreement.state, agreement.ended_at = "superseded", now + timedelta(hours=1)
    agreement.save()
    AgreementService.objects.filter(agreement=agreement).update(in_force=False)
    AgreementFactory(
        asking=agreement.asking,
        asked=agreement.asked,
        series=agreement.series,
        version=2,
        activated_at=now + timedelta(hours=1),
        price=20_000,
    )
    assert prices._off(october()) == {}


def test_a_correction_is_of_the_month_in_which_it_is_written(agreement, clock):
    entry = line(agreement)
    clock.move_to("2026-11-05 10:00+08:00")
    correct(entry, 15_000)
    november = Period.month(timezone.localdate())
    assert prices._off(november)[agreement.asked_id]["n"] == 1


def test_the_month_raises_it_and_the_page_says_it(client, agreement, clock):
    correct(line(agreement), 15_050)
    clock.move_to("2026-11-03 08:00+08:00")
    with intention(WORKER, door="test"):
        raise_signals(month=october().start.date().replace(day=1, month=10))
    signal = Signal.objects.get()
    assert signal.subject == agreement.asked
    office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=agreement.asked)
    says(client, office, signal)
    assert "by more than 0 yuan, corrections counted: 1 of 1; at most by 30.5 yuan." in page_of(
        client, office, path="/oversight/signals/"
    )
    asking = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=agreement.asking)
    assert "30.5 yuan" not in page_of(client, asking, path="/oversight/signals/")
