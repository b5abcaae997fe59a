"""Opening, acknowledging, stamping, correcting, ending; what is impossible, and who may not."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from records.consent import access
from scheduling.greens import queries, services
from scheduling.greens.models import Green, Kind, Outcome, Stamp, Status
from scheduling.greens.plans import PLANS
from scheduling.greens.services import Wish
from scheduling.referrals import services as referrals
from scheduling.referrals.models import Referral
from scheduling.referrals.models import Status as Sent
from telemed.core import clocks, moments, outbox
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.ids import new_id
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.people.models import Role
from tests.consult.requests.looking import published
from tests.factories.greens import acknowledged, arrived, opened, tap
from tests.factories.people import StaffFactory
from tests.factories.referrals import by, next_hospital, road, sent

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def told(user):
    rows = Notification.objects.filter(recipient=user).order_by("pk")
    return list(rows.values_list("template", flat=True))


def running(green):
    rows = Clock.objects.filter(about=green.pk, state=ClockState.RUNNING)
    return set(rows.values_list("kind", flat=True))


def correct(scene, actor, station, at, reason="手表看错了时间"):
    with by(actor):
        services.correct(
            actor=actor, green_id=scene.green.pk, station=station, at=at, reason=reason
        )


def after(minutes):
    """So much later, everything that is due has been done."""
    traveller = time_machine.travel(timezone.now() + minutes * MINUTE, tick=False)
    traveller.start()
    clocks.fire_due()
    return traveller


# ---- opening ----


def test_the_hospital_accepts_at_once_and_its_team_is_called():
    scene = opened()
    green, referral = scene.refresh(), scene.road.refresh()
    assert (green.status, referral.status) == (Status.CALLED, Sent.ACCEPTED)
    assert referral.urgency == "green"
    assert told(scene.doctor) == ["green.called"]
    assert told(scene.road.coordinator) == ["green.called"]
    assert access.decide(scene.doctor, "read", scene.road.patient).allowed
    request = published(referral.pk)
    assert (request["priority"], request["status"]) == ("stat", "active")
    assert running(green) == {"green.acknowledge", "green.ecg", "green.depart", "green.wire"}


def test_nobody_may_decline_it():
    scene = opened()
    one = {"referral_id": scene.green.referral_id, "reason": "没有空床了", "elsewhere": "市医院"}
    for actor in (scene.doctor, scene.road.coordinator):
        with pytest.raises(Conflict), by(actor):
            referrals.decline(actor=actor, **one)


def test_no_agreement_is_needed_and_the_own_county_comes_first():
    found = road(places=0)
    far = next_hospital(found)
    targets = [one.organisation for one in queries.targets_for(found.clinic)]
    assert {found.hospital, far.hospital} <= set(targets)
    near = [one.division_id[:6] == found.clinic.division_id[:6] for one in targets]
    assert near == sorted(near, reverse=True)


def test_somebody_unknown_gets_a_temporary_number():
    found = road(places=0)
    with by(found.sender):
        green = services.open_green(actor=found.sender, patient=None, wish=Wish(kind=Kind.STROKE))
    assert green.referral.patient.is_temporary


def test_the_first_contact_is_now_or_earlier_never_later():
    scene = opened(ago=7)
    assert timezone.now() - scene.green.contact_at >= 7 * MINUTE
    with pytest.raises(Invalid, match="future"):
        opened(ago=-2)
    with pytest.raises(Invalid, match="24 hours"):
        opened(ago=60 * 25)


def test_a_kind_that_nobody_near_takes_is_refused_with_a_sentence():
    found = road(places=0)
    with pytest.raises(Conflict, match="No hospital near"), by(found.sender):
        services.open_green(
            actor=found.sender, patient=found.patient, wish=Wish(kind=Kind.OBSTETRIC)
        )
    assert not Green.objects.exists()


def test_an_ordinary_referral_gives_way_and_a_second_green_is_refused():
    before = sent(road(places=1))
    scene = opened(Kind.STROKE, road_=before)
    assert Referral.objects.get(pk=scene.green.referral_id).is_green
    assert Referral.objects.filter(status=Sent.CANCELLED).count() == 1
    with pytest.raises(Conflict, match="expected there already"):
        opened(Kind.STROKE, road_=scene.road)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DESK, Role.DIRECTOR, Role.RESIDENT])
def test_only_a_doctor_opens_one(role):
    found = road(places=0)
    other = StaffFactory(role=role, organisation=found.clinic)
    with pytest.raises((Forbidden, NotFound)), by(other):
        services.open_green(actor=other, patient=found.patient, wish=Wish(kind=Kind.CHEST_PAIN))


# ---- acknowledging ----


def test_the_team_acknowledges_and_the_clinic_hears_who():
    scene = acknowledged()
    green = scene.refresh()
    assert (green.status, green.acknowledged_by) == (Status.ACKNOWLEDGED, scene.doctor)
    assert told(scene.clinic) == ["green.acknowledged"]
    assert "green.acknowledge" not in running(green)
    with by(scene.doctor):
        services.acknowledge(actor=scene.doctor, green_id=green.pk)
    with pytest.raises(Conflict, match=scene.doctor.name), by(scene.road.coordinator):
        services.acknowledge(actor=scene.road.coordinator, green_id=green.pk)


def test_the_clinic_does_not_acknowledge_itself():
    scene = opened()
    with pytest.raises(Forbidden), by(scene.clinic):
        services.acknowledge(actor=scene.clinic, green_id=scene.green.pk)
    assert scene.refresh().status == Status.CALLED


def test_unheard_the_director_then_the_next_hospital_is_called_and_may_take_it():
    scene = opened()
    there = next_hospital(scene.road)
    traveller = after(6)
    try:
        assert told(scene.road.director)[:1] == ["green.unanswered"]
        assert told(there.doctor) == []
    finally:
        traveller.stop()
    traveller = after(11)
    try:
        assert "green.called" in told(there.doctor)
        with by(there.doctor):
            services.acknowledge(actor=there.doctor, green_id=scene.green.pk)
        referral = scene.road.refresh()
        assert (referral.organisation, referral.department) == (there.hospital, there.department)
        assert not access.decide(scene.doctor, "read", scene.road.patient).allowed
        with pytest.raises((Conflict, NotFound)), by(scene.doctor):
            services.acknowledge(actor=scene.doctor, green_id=scene.green.pk)
    finally:
        traveller.stop()


# ---- stamps ----


def test_a_stamp_stops_its_clock_and_begins_what_follows():
    scene = acknowledged()
    assert "green.read" not in running(scene.green)
    tap(scene, "ecg", scene.clinic)
    assert "green.ecg" not in running(scene.green)
    assert "green.read" in running(scene.green)


def test_leaving_unstamped_no_longer_counts_once_the_patient_is_there():
    scene = acknowledged()
    tap(scene, "arrive", scene.clinic)
    assert "green.depart" not in running(scene.green)
    assert scene.road.refresh().status == Sent.ARRIVED


@pytest.mark.parametrize(
    ("kind", "station", "other"),
    [
        (Kind.CHEST_PAIN, "needle", "At the hospital door"),
        (Kind.CHEST_PAIN, "wire", "At the hospital door"),
        (Kind.CHEST_PAIN, "read", "First ECG"),
        (Kind.STROKE, "needle", "At the hospital door"),
        (Kind.OBSTETRIC, "theatre", "At the hospital door"),
    ],
)
def test_what_comes_after_something_waits_for_it(kind, station, other):
    scene = acknowledged(kind)
    with pytest.raises(Invalid, match=other):
        tap(scene, station, scene.doctor)
    assert Stamp.objects.filter(green=scene.green).count() == 1


def test_no_needle_before_a_ct():
    scene = arrived(Kind.STROKE)
    with pytest.raises(Invalid, match="CT begun"):
        tap(scene, "needle", scene.doctor)


def test_a_correction_never_turns_the_order_round():
    scene = arrived(ago=30)
    tap(scene, "lab", scene.doctor)
    arrive = queries.moments_of(scene.green)["arrive"]
    with pytest.raises(Invalid, match="would be before"):
        correct(scene, scene.doctor, "lab", arrive - MINUTE)
    with pytest.raises(Invalid, match="not come yet"):
        correct(scene, scene.doctor, "lab", timezone.now() + 5 * MINUTE)
    with pytest.raises(Invalid, match="at least 5"):
        correct(scene, scene.doctor, "lab", arrive, reason="错")
    with pytest.raises(Invalid, match="would be before"):
        correct(scene, scene.clinic, "depart", scene.green.contact_at - MINUTE)
    assert Stamp.objects.filter(green=scene.green, corrected_by__isnull=False).count() == 0


def test_a_corrected_first_contact_moves_every_clock_and_keeps_the_first_stamp():
    scene = acknowledged()
    due = Clock.objects.get(about=scene.green.pk, kind="green.ecg", rung=1, state="running").due_at
    correct(scene, scene.clinic, "contact", scene.green.contact_at - 4 * MINUTE)
    moved = Clock.objects.get(about=scene.green.pk, kind="green.ecg", rung=1, state="running")
    assert abs(moved.due_at - (due - 4 * MINUTE)) < timedelta(seconds=2)
    assert scene.refresh().contact_at == queries.moments_of(scene.green)["contact"]
    assert Stamp.objects.filter(green=scene.green, station="contact").count() == 2


def test_a_tap_that_waited_for_the_line_keeps_its_moment_and_counts_once():
    scene = acknowledged(ago=20)
    at, key = timezone.now() - 15 * MINUTE, new_id()
    for _ in range(3):
        with by(scene.clinic):
            services.stamp(
                actor=scene.clinic, green_id=scene.green.pk, station="ecg", key=key, at=at
            )
    assert queries.moments_of(scene.green)["ecg"] == at
    assert Stamp.objects.filter(station="ecg").count() == 1


def test_a_tap_from_before_the_contact_long_ago_or_the_future_is_refused():
    scene = acknowledged(ago=60 * 8)
    for at, words in (
        (timezone.now() + 3 * MINUTE, "not come yet"),
        (timezone.now() - timedelta(hours=7), "too long ago"),
    ):
        with pytest.raises(Invalid, match=words):
            tap(scene, "ecg", scene.clinic, at)
    other = acknowledged(ago=5)
    with pytest.raises(Invalid, match="would be before"):
        tap(other, "ecg", other.clinic, timezone.now() - 6 * MINUTE)


def test_each_side_stamps_its_own_stations():
    scene = acknowledged()
    tap(scene, "ecg", scene.clinic)
    with pytest.raises(Forbidden):
        tap(scene, "read", scene.clinic)
    with pytest.raises(Forbidden):
        tap(scene, "depart", scene.doctor)
    with pytest.raises(Forbidden):
        tap(scene, "read", scene.road.desk)
    tap(scene, "arrive", scene.road.desk)
    assert scene.road.refresh().status == Sent.ARRIVED


@pytest.mark.parametrize("role", [Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.COORDINATOR])
def test_who_has_no_part_in_it_does_not_know_of_it(role):
    scene = acknowledged()
    stranger = StaffFactory(role=role, organisation=road(places=0).hospital)
    with pytest.raises(NotFound):
        tap(scene, "ecg", stranger)
    assert list(queries.visible_to(stranger)) == []


def test_the_desk_that_checks_the_patient_in_stamps_the_door():
    scene = acknowledged()
    with by(scene.road.desk):
        referrals.arrive(
            actor=scene.road.desk,
            referral_id=scene.green.referral_id,
            number=scene.road.patient.id_card_tail,
        )
    outbox.deliver_waiting()
    assert "arrive" in queries.moments_of(scene.green)
    outbox.deliver_waiting()
    assert Stamp.objects.filter(station="arrive").count() == 1


# ---- clocks ----


def test_at_80_per_cent_the_team_hears_and_at_the_limit_the_directors():
    scene = acknowledged()
    traveller = after(8.5)
    try:
        assert "green.due" in told(scene.doctor)
        assert "green.late" not in told(scene.road.director)
    finally:
        traveller.stop()
    traveller = after(10.5)
    try:
        assert told(scene.road.director) == ["green.late"]
        assert "green.late" in told(scene.clinic)  # the clinic has no director
    finally:
        traveller.stop()


def test_what_was_long_over_when_it_was_opened_is_said_once():
    scene = opened(ago=15)
    clocks.fire_due()
    assert told(scene.road.director) == ["green.late"]
    assert "green.due" not in told(scene.doctor)


# ---- the end ----


def test_the_hospital_ends_it_and_still_hands_the_patient_back():
    scene = arrived()
    with by(scene.doctor):
        services.end(actor=scene.doctor, green_id=scene.green.pk, outcome=Outcome.TREATED)
    assert scene.refresh().status == Status.ENDED
    assert running(scene.green) == set()
    assert scene.road.refresh().status == Sent.ARRIVED
    assert Clock.objects.filter(about=scene.green.referral_id, state="running").exists()
    assert "green.ended" in told(scene.clinic)
    with pytest.raises(Conflict):
        tap(scene, "lab", scene.doctor)


def test_what_was_tapped_before_the_end_still_comes_in():
    scene = arrived(ago=30)
    tapped = moments.now()
    with by(scene.doctor):
        services.end(actor=scene.doctor, green_id=scene.green.pk, outcome=Outcome.TREATED)
    tap(scene, "lab", scene.doctor, tapped)
    assert queries.moments_of(scene.green)["lab"] == tapped
    assert running(scene.green) == set()


def test_on_the_way_it_is_not_treated_but_may_be_over():
    scene = acknowledged()
    with pytest.raises(Conflict, match="not arrived"), by(scene.doctor):
        services.end(actor=scene.doctor, green_id=scene.green.pk, outcome=Outcome.TREATED)
    with by(scene.clinic):
        services.end(actor=scene.clinic, green_id=scene.green.pk, outcome=Outcome.REFUSED)
    outbox.deliver_waiting()
    assert scene.refresh().status == Status.ENDED
    assert scene.road.refresh().status == Sent.CANCELLED


def test_a_mistake_is_taken_back_within_ten_minutes():
    scene = acknowledged()
    with by(scene.clinic):
        services.take_back(actor=scene.clinic, green_id=scene.green.pk, reason="开错了病人")
    outbox.deliver_waiting()
    assert scene.refresh().status == Status.WITHDRAWN
    assert scene.road.refresh().status == Sent.CANCELLED
    assert running(scene.green) == set()
    assert "green.taken_back" in told(scene.doctor)


def test_later_or_once_the_patient_is_there_it_is_not_taken_back():
    scene = acknowledged()
    with (
        time_machine.travel(timezone.now() + 11 * MINUTE),
        pytest.raises(Conflict, match="ten minutes"),
        by(scene.clinic),
    ):
        services.take_back(actor=scene.clinic, green_id=scene.green.pk, reason="开错了病人")
    there = arrived()
    with pytest.raises(Conflict, match="has arrived"), by(there.clinic):
        services.take_back(actor=there.clinic, green_id=there.green.pk, reason="开错了病人")
    with pytest.raises(Forbidden), by(scene.doctor):
        services.take_back(actor=scene.doctor, green_id=scene.green.pk, reason="开错了病人")


def test_a_referral_that_is_withdrawn_on_its_own_page_ends_the_clocks():
    scene = acknowledged()
    with by(scene.clinic):
        referrals.cancel(
            actor=scene.clinic, referral_id=scene.green.referral_id, reason="家属不同意"
        )
    outbox.deliver_waiting()
    assert scene.refresh().status == Status.WITHDRAWN
    assert running(scene.green) == set()


@pytest.mark.parametrize("plan", PLANS.values())
def test_every_plan_names_stations_that_it_has(plan):
    codes = {one.code for one in plan}
    for one in plan:
        named = {*one.after, *one.needs, *one.instead}
        if one.limit:
            named.add(one.limit.since)
        assert named <= codes
        assert set(one.needs) <= set(one.after)
