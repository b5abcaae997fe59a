"""A doctor who may see nobody: nobody books, the desk is told, and the sessions are stopped."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from scheduling.availability import services
from scheduling.availability.models import Period, Session, State, Stop
from scheduling.availability.services.places import PeriodClosed
from scheduling.availability.to_stop import count_at, sessions_to_stop
from telemed.core import outbox
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.intentions import System
from telemed.notifications.models import Notification
from telemed.people import events, open_work
from telemed.people.models import Practitioner
from tests.factories.people import PractitionerFactory, StaffFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days, places_of

pytestmark = pytest.mark.django_db
CLOCKS = System("test")


@pytest.fixture
def period():
    return PeriodFactory(session=SessionFactory(), public=2)


@pytest.fixture
def session(period):
    return period.session


@pytest.fixture
def doctor(session):
    return session.clinician


@pytest.fixture
def clerk(session):
    return StaffFactory(role="desk", organisation=session.organisation, language="en")


def suspend(by, doctor, state=Practitioner.State.SUSPENDED):
    practitioner = doctor.practitioner
    practitioner.state, practitioner.state_reason = state, "调查中"
    practitioner.save(update_fields=["state", "state_reason"])
    event = {
        Practitioner.State.SUSPENDED: events.LicenceSuspended,
        Practitioner.State.EXPIRED: events.LicenceExpired,
        Practitioner.State.ACTIVE: events.LicenceResumed,
    }[state]
    with by(CLOCKS):
        outbox.announce(event(practitioner_id=practitioner.pk, user_id=doctor.pk))
    for _round in range(2):
        outbox.deliver_waiting()


@pytest.mark.parametrize("state", [Practitioner.State.SUSPENDED, Practitioner.State.EXPIRED])
def test_nobody_books_any_more_and_the_refusal_says_why(by, period, doctor, state):
    suspend(by, doctor, state)
    with by(CLOCKS), pytest.raises(PeriodClosed) as refused:
        services.take_place(period_id=period.pk, pools=["public", "walk_in"])
    assert "no bookings for now" in str(refused.value) or "暂不" in str(refused.value)
    assert places_of(period) == {"public": (0, 2)}


def test_a_closed_account_holds_its_sessions_up_as_well(by, period, doctor):
    type(doctor).objects.filter(pk=doctor.pk).update(is_active=False)
    with by(CLOCKS):
        outbox.announce(events.AccountDisabled(user_id=doctor.pk))
    outbox.deliver_waiting()
    assert Session.objects.get().held_up_at


def test_the_desk_and_the_head_are_told_and_see_the_list(by, client, session, doctor, clerk):
    head = StaffFactory(role="head", organisation=session.organisation)
    suspend(by, doctor)
    told = Notification.objects.filter(template="session.to_stop")
    assert {one.recipient for one in told} == {clerk, head}
    assert {one.url for one in told} == {reverse("sessions:to_stop")}
    [group] = sessions_to_stop(session.organisation_id)
    assert (group.doctor, len(group.lines)) == (doctor, 1)
    for reader in (clerk, head):
        client.force_login(reader)
        assert doctor.name in client.get(reverse("sessions:to_stop")).content.decode()
    client.cookies["language"] = "en"  # the head, whose first page says it
    first = client.get("/").content.decode()
    assert "1 session has to be stopped" in first
    assert reverse("sessions:to_stop") in first


def test_what_is_over_or_of_another_doctor_stays_as_it_is(by, session, doctor):
    other = PeriodFactory(session=SessionFactory(department=session.department), public=1)
    suspend(by, doctor)
    assert count_at(session.organisation_id) == 1
    assert Period.objects.get(pk=other.pk).state == "open"


def test_back_in_order_what_was_not_stopped_is_open_again(by, period, session, doctor):
    suspend(by, doctor)
    suspend(by, doctor, Practitioner.State.ACTIVE)
    assert Session.objects.get(pk=session.pk).held_up_at is None
    with by(CLOCKS):
        services.take_place(period_id=period.pk, pools=["public"])


def test_by_hand_it_is_opened_only_when_the_doctor_may_see_people(
    by, period, session, doctor, clerk
):
    suspend(by, doctor)
    with by(clerk), pytest.raises(Conflict):
        services.open_again(actor=clerk, session_id=session.pk)
    Practitioner.objects.filter(user=doctor).update(state=Practitioner.State.ACTIVE)
    with by(clerk):
        services.open_again(actor=clerk, session_id=session.pk)
    assert Period.objects.get(pk=period.pk).state == "open"


def test_a_stop_taken_back_does_not_open_what_is_held_up(by, period, session, doctor, clerk):
    suspend(by, doctor)
    with by(clerk):
        services.stop_session(actor=clerk, session_id=session.pk, reason="停诊", plan="cancel")
        services.restore_session(actor=clerk, session_id=session.pk)
    assert Period.objects.get(pk=period.pk).state == "stopped"


def test_nobody_is_sent_to_a_session_that_is_held_up(by, session, doctor, clerk):
    other = SessionFactory(department=session.department, day=session.day, title="chief")
    Session.objects.filter(pk=session.pk).update(title="chief")
    PeriodFactory(session=other, public=1)
    suspend(by, other.clinician)
    with by(clerk):
        stop = services.stop_session(
            actor=clerk, session_id=session.pk, reason="停诊", plan=Stop.Plan.SUBSTITUTE
        )
    assert stop.instead is None


def test_what_does_not_come_out_at_its_hour_is_said_to_the_administrator(by, session, doctor):
    admin = StaffFactory(role="administrator", organisation=session.organisation)
    Session.objects.filter(pk=session.pk).update(state=State.PLANNED)
    Practitioner.objects.filter(user=doctor).update(state="suspended", state_reason="调查中")
    for _twice in range(2):
        with by(CLOCKS):
            assert services.publish_due(organisation_id=session.organisation_id) == []
        outbox.deliver_waiting()
    [told] = Notification.objects.filter(template="session.withheld")
    assert (told.recipient, told.urgent, told.facts["n"]) == (admin, True, 1)


def test_sessions_are_work_in_hand_and_not_of_a_shift(session, doctor):
    [held] = [one for one in open_work.held_by(doctor) if one.kind.name == "session"]
    assert held.item.url == f"/sessions/{session.pk}/"
    assert open_work.held_by(doctor, at_hand_over=True) == []


def test_an_empty_session_goes_to_a_colleague_and_a_booked_one_stays(by, period, session, doctor):
    colleague = StaffFactory(
        role="specialist", organisation=session.organisation, department=session.department
    )
    PractitionerFactory(user=colleague, specialty=session.department.specialty)
    admin = StaffFactory(role="administrator", organisation=session.organisation)
    move = {"actor": admin, "user": doctor, "to": colleague, "kind": "session"}
    with by(admin):
        services.take_place(period_id=period.pk, pools=["public"])
        open_work.move(**move, item_id=session.pk)
    assert Session.objects.get().clinician == doctor
    with by(admin):
        services.give_back(period_id=period.pk, pool="public")
        open_work.move(**move, item_id=session.pk)
    assert Session.objects.get().clinician == colleague
    assert Period.objects.get().clinician == colleague


@pytest.fixture
def week(session):
    """Three days of the same doctor, and one after them."""
    days = [
        SessionFactory(department=session.department, clinician=session.clinician, day=in_days(n))
        for n in (8, 9, 12)
    ]
    for one in days:
        PeriodFactory(session=one, public=1)
    return [session, *days]


def stop_all(by, clerk, sessions, plan="cancel"):
    with by(clerk):
        return services.stop_sessions(
            actor=clerk, wanted=[services.Wanted(one.pk, plan) for one in sessions], reason="进修"
        )


def test_several_days_stop_as_one_and_nobody_is_sent_to_one_that_stops_too(by, clerk, week):
    together = stop_all(by, clerk, week[:3], Stop.Plan.ANOTHER_DAY)
    stops = Stop.objects.filter(together=together)
    assert {one.session_id for one in stops} == {one.pk for one in week[:3]}
    assert {one.instead_id for one in stops} == {week[3].pk}


def test_all_of_it_is_taken_back_within_ten_minutes_and_not_later(by, clerk, week):
    together = stop_all(by, clerk, week[:3])
    with by(clerk):
        assert len(services.restore_sessions(actor=clerk, together=together)) == 3
    assert set(Session.objects.values_list("state", flat=True)) == {"published"}
    again = stop_all(by, clerk, week[:2])
    late = time_machine.travel(Stop.objects.latest("created_at").final_at + timedelta(seconds=1))
    with late, by(clerk), pytest.raises(Conflict):
        services.restore_sessions(actor=clerk, together=again)


def test_one_that_cannot_stop_stops_none_of_them(by, clerk, week):
    gone = Session.objects.filter(pk=week[1].pk)
    gone.update(state=State.PLANNED)
    with pytest.raises(Conflict):
        stop_all(by, clerk, week[:3])
    assert not Stop.objects.exists()


def test_another_hospital_takes_nothing_back(by, clerk, week):
    together = stop_all(by, clerk, week[:1])
    stranger = StaffFactory(role="desk")
    with by(stranger), pytest.raises(NotFound):
        services.restore_sessions(actor=stranger, together=together)
    with by(stranger), pytest.raises(NotFound):
        services.stop_sessions(
            actor=stranger, wanted=[services.Wanted(week[1].pk, "cancel")], reason="进修"
        )
    with by(clerk), pytest.raises(Invalid):
        services.stop_sessions(actor=clerk, wanted=[], reason="进修")


def test_the_page_shows_the_plan_stops_and_takes_back(client, clerk, doctor, week):
    client.force_login(clerk)
    page = reverse("sessions:stop_doctor")
    asked = {"doctor": doctor.pk, "first": in_days(7), "last": in_days(10)}
    shown = client.get(page, asked)
    assert [one.session for one in shown.context["planned"]] == week[:3]
    best = shown.context["planned"][0].plans[0]["value"]
    assert best == f"another_day:{week[3].pk}"
    sent = {
        "session": [str(one.pk) for one in week[:3]],
        "plan": [f"{one.pk}={best}" for one in week[:3]],
        "reason": "进修",
    }
    done = client.post(page, sent, follow=True)
    assert done.status_code == 200
    together = done.context["together"]
    assert len(done.context["standing"]) == 3
    back = client.post(reverse("sessions:restore_all", args=[together]), follow=True)
    assert back.context["standing"] == []


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"session": ["x"]}, {"session": []}, {"plan": ["x=y"]}]
)
def test_what_is_wrong_with_a_stop_is_said_and_stops_nothing(client, clerk, week, wrong):
    client.force_login(clerk)
    sent = {"session": [str(week[0].pk)], "plan": [f"{week[0].pk}=cancel"], "reason": "进修"}
    answer = client.post(reverse("sessions:stop_doctor"), sent | wrong)
    assert answer.status_code in (303, 422)
    assert not Stop.objects.exists()


@pytest.mark.parametrize(
    ("first", "last"), [(in_days(5), in_days(3)), (in_days(1), in_days(60)), ("x", date.max)]
)
def test_days_that_cannot_be_are_said(client, clerk, first, last):
    client.force_login(clerk)
    answer = client.get(reverse("sessions:stop_doctor"), {"first": first, "last": last})
    assert answer.status_code == 422
