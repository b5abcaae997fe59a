from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from consult.requests import services
from consult.requests.models import Case, Receipt, Status
from records.consent.models import CareAccess
from records.consent.queries import get_patient
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.organisations.models import Entry
from telemed.people.models import Practitioner, User
from tests.consult.requests.looking import told
from tests.factories.consult import (
    accepted_case,
    closed_case,
    signed_case,
)
from tests.factories.people import PractitionerFactory, StaffFactory
from tests.factories.registers import on_the_register
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


def test_who_is_on_the_low_income_register_is_exempt_by_itself(by):
    scene = signed_case()
    on_the_register(scene.patient)
    with by(scene.asker):
        services.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted"
        )
    entry = Entry.objects.get(subject=scene.case.pk)
    assert (entry.exempt, entry.amount, entry.price) == (Entry.LOW_INCOME, 0, 12000)
    with translation.override("en"):
        assert entry.exempt_because == "low income"  # and not of which kind


def test_who_was_on_it_before_pays_as_agreed(by):
    scene = signed_case()
    on_the_register(scene.patient, ends_on=date(2021, 1, 1))
    with by(scene.asker):
        services.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted"
        )
    entry = Entry.objects.get(subject=scene.case.pk)
    assert (entry.exempt, entry.amount) == ("", 12000)


def test_what_was_withdrawn_costs_nothing(by):
    scene = accepted_case()
    with by(scene.asker):
        services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")
    assert not Entry.objects.filter(subject=scene.case.pk).exists()


# ---- the tick, and the licence


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"close_sent": "1", "close": "on"}, Status.CLOSED),
        ({"close_sent": "1"}, Status.RECEIPTED),
        ({}, Status.CLOSED),  # a page from before the tick
    ],
)
def test_the_receipt_closes_the_case_where_that_is_ticked(client, sent, status):
    scene = signed_case()
    client.force_login(scene.asker)
    address = reverse("requests:receipt", args=[scene.case.pk])
    client.post(address, {"decision": "adopted", "version": 1, **sent})
    assert scene.refresh().status == status
    assert scene.case.receipts.count() == 1


def test_the_tick_is_set_by_itself_and_a_refused_form_keeps_it_out(client):
    scene = signed_case()
    client.force_login(scene.asker)
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert 'name="close" value="on" checked' in page
    address = reverse("requests:receipt", args=[scene.case.pk])
    wrong = {"decision": "partly", "reason": "", "version": 1, "close_sent": "1"}
    page = client.post(address, wrong, follow=True).content.decode()
    assert 'name="close" value="on">' in page
    page = client.post(address, {**wrong, "close": "on"}, follow=True).content.decode()
    assert 'name="close" value="on" checked' in page


def test_what_is_closed_already_has_no_tick(client):
    scene = signed_case()
    Case.objects.update(status=Status.CLOSED, closing=Case.Closing.NO_RECEIPT)
    client.force_login(scene.asker)
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert 'name="decision"' in page
    assert 'name="close"' not in page


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "suspended", "state_reason": "停业整顿"},
        {"licensed_until": date(2020, 1, 1)},
        None,
    ],
)
def test_a_receipt_is_given_by_a_doctor_with_a_licence(client, by, broken):
    scene = signed_case()
    licence = Practitioner.objects.filter(user=scene.asker)
    licence.update(**broken) if broken else licence.delete()
    asker = User.objects.get(pk=scene.asker.pk)
    with pytest.raises(Conflict) as refused, by(asker):
        services.give_receipt(actor=asker, case_id=scene.case.pk, version=1, decision="adopted")
    assert refused.value.path == "licence"
    assert not scene.case.receipts.exists()
    asker.language = "en"
    asker.save()
    client.force_login(asker)
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert "another doctor of your institution" in page
    assert 'name="decision"' not in page


def test_another_licensed_doctor_of_the_clinic_gives_it(by):
    scene = signed_case()
    Practitioner.objects.filter(user=scene.asker).delete()
    colleague = PractitionerFactory(user=StaffFactory(organisation=scene.clinic)).user
    with by(colleague):
        services.give_receipt(actor=colleague, case_id=scene.case.pk, version=1, decision="adopted")
    assert scene.refresh().status == Status.CLOSED
