"""What a hospital planned becomes the family doctor's duties, once the plan is taken over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from records.mpi.models import Patient
from scheduling.duties import taken_over
from scheduling.duties.models import Code, Duty, Status
from scheduling.referrals import services as referrals
from telemed.core import outbox
from telemed.core.intentions import System, intention
from tests.consult.requests.looking import published
from tests.factories.duties import begun, serve
from tests.factories.referrals import BACK, another, arrived, by, road
from tests.factories.registration import TeamFactory

pytestmark = pytest.mark.django_db


def handed_back(items):
    """A signed patient of the clinic, handed back with that plan, which the clinic takes over."""
    found = road(places=0)
    team = TeamFactory(organisation=found.clinic)
    Patient.objects.filter(pk=found.patient.pk).update(birth_date="1970-01-01", user=found.resident)
    found.patient.refresh_from_db()
    contract = begun(team, patient=found.patient)
    arrived(found)
    with by(found.doctor):
        referrals.hand_back(actor=found.doctor, referral_id=found.referral.pk, items=items, **BACK)
    with by(found.sender):
        referrals.take_plan(actor=found.sender, referral_id=found.referral.pk)
    return found, contract


def owed(contract):
    return list(Duty.objects.filter(contract=contract, rule=Code.AFTER_CARE).order_by("due_on"))


def test_each_day_of_the_plan_is_one_duty_and_hearing_it_twice_changes_nothing():
    soon, later = (
        timezone.localdate() + timedelta(days=7),
        timezone.localdate() + timedelta(days=60),
    )
    found, contract = handed_back([("复查心电图", soon), ("测血压", soon), ("复查血脂", later)])
    outbox.deliver_waiting()
    first, second = owed(contract)
    assert (first.due_on, first.what, first.status) == (soon, "复查心电图；测血压", Status.DUE)
    assert (second.due_on, second.status) == (later, Status.PLANNED)
    task = published(first.pk)
    assert (task["status"], task["executionPeriod"]["end"]) == ("ready", soon.isoformat())
    assert "心电图" not in str(task)  # a Task's text is never a finding
    with intention(System("outbox"), door="test"):
        taken_over.plan_after_care({"referral_id": str(found.referral.pk)})
    assert [one.what for one in owed(contract)] == ["复查心电图；测血压", "复查血脂"]


def test_what_is_served_is_ticked_off_on_the_referral_too():
    soon = timezone.localdate() + timedelta(days=3)
    found, contract = handed_back([("复查心电图", soon)])
    outbox.deliver_waiting()
    [duty] = owed(contract)
    serve(duty)
    outbox.deliver_waiting()
    item = found.referral.plan.get()
    assert item.done_at is not None
    assert item.done_by == Duty.objects.get(pk=duty.pk).served_by


def test_nobody_without_a_family_doctor_has_duties():
    found = arrived(another(road(places=0)))
    due = timezone.localdate() + timedelta(days=7)
    with by(found.doctor):
        referrals.hand_back(
            actor=found.doctor, referral_id=found.referral.pk, items=[("复查", due)], **BACK
        )
    with by(found.sender):
        referrals.take_plan(actor=found.sender, referral_id=found.referral.pk)
    outbox.deliver_waiting()
    assert not Duty.objects.filter(rule=Code.AFTER_CARE).exists()
