from datetime import timedelta

import pytest
from django.utils import timezone

from consult.requests import services
from consult.requests.models import Receipt, Status
from records.consent.models import CareAccess
from records.consent.queries import get_patient
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.organisations.models import Entry
from tests.consult.requests.looking import told
from tests.factories.consult import (
    accepted_case,
    closed_case,
    signed_case,
)
from tests.factories.rooms import RoomFactory

pytestmark = pytest.mark.django_db


def test_the_receipt_closes_the_case_and_the_record_closes_a_week_later():
    scene = closed_case()

    assert scene.case.status == Status.CLOSED
    assert told(scene.specialist)[-2:] == ["case.receipt", "case.closed"]
    left = CareAccess.objects.get(about=scene.case.pk).until - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    assert (
        not Clock.objects.filter(
            about=scene.case.pk, state__in=[ClockState.RUNNING, ClockState.PAUSED]
        )
        .exclude(kind__startswith="case.outcome_")
        .exists()
    )


def test_not_adopting_gives_a_reason(by):
    scene = signed_case()
    with pytest.raises(Invalid) as refused, by(scene.asker):
        services.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="not_adopted"
        )
    assert refused.value.path == "reason"
    assert not Receipt.objects.exists()


def test_a_receipt_is_for_the_newest_version(by):
    scene = signed_case()
    scene.case.opinion_version = 2
    scene.case.save()
    with pytest.raises(Conflict) as refused, by(scene.asker):
        services.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted"
        )
    assert refused.value.path == "version"


def test_withdrawing_tells_who_was_asked_and_closes_the_record(by):
    scene = accepted_case()
    with by(scene.asker):
        services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")

    assert scene.refresh().status == Status.CANCELLED
    assert told(scene.specialist)[-1] == "case.cancelled"
    with pytest.raises(NotFound):
        get_patient(scene.specialist, scene.patient.pk)


def test_after_signing_a_case_can_not_be_withdrawn(by):
    scene = signed_case()
    with pytest.raises(Conflict), by(scene.asker):
        services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="改主意了吧")


def test_closing_writes_one_line_of_the_ledger_at_the_agreed_price():
    scene = closed_case()
    entry = Entry.objects.get(subject=scene.case.pk)
    assert (entry.amount, entry.reference) == (12000, scene.case.number)


def test_each_half_hour_of_the_room_that_was_begun_is_a_unit(by):
    scene = signed_case()
    live_at = timezone.now() - timedelta(minutes=31)
    RoomFactory(case=scene.case, status="ended", live_at=live_at, ended_at=timezone.now())
    with by(scene.asker):
        services.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted"
        )
    assert Entry.objects.get(subject=scene.case.pk).amount == 24000


def test_what_was_withdrawn_costs_nothing(by):
    scene = accepted_case()
    with by(scene.asker):
        services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")
    assert not Entry.objects.filter(subject=scene.case.pk).exists()
