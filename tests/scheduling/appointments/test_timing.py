"""How long a place is held, when one is reminded and when a place comes back, as rules."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from scheduling.appointments import services
from scheduling.appointments.clock_rows import HOLD, REMIND, RETURN
from scheduling.appointments.models import Strike
from scheduling.availability import services as availability
from scheduling.availability.models import Stop
from telemed.core import outbox, policies
from telemed.core.errors import Conflict
from telemed.core.models import Clock
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory
from tests.ruling import Page

pytestmark = pytest.mark.django_db
MINUTE, HOUR, SOON = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=4)


@pytest.fixture
def page(client, period):
    return Page(client, period.organisation)


@pytest.fixture
def act(by, period):
    def act(service, actor=None, **more):
        actor = actor or PatientFactory(user=UserFactory()).user
        if service in (services.book, services.hold):
            more = {"patient": actor.patient, "period_id": period.pk}
        with by(actor):
            return service(actor=actor, **more)

    return act


def due(appointment, kind):
    rows = Clock.objects.filter(about=appointment.pk, kind=kind).order_by("due_at")
    return list(rows.values_list("due_at", flat=True))


def test_a_hold_is_as_long_as_on_the_day_it_began(page, act):
    before = act(services.hold)
    assert (
        "1 place that is held now keeps its time"
        in page.ask("booking.hold", amount="10", unit="m")[1]
    )
    page.set("booking.hold", amount="10", unit="m")
    after = act(services.hold)
    for held, minutes in ((before, 5), (after, 10)):
        assert round((held.held_until - held.created_at) / MINUTE) == minutes
        assert abs(due(held, HOLD)[0] - held.held_until) < SOON


def test_who_books_later_is_reminded_by_the_new_times(page, act, period):
    before = act(services.book)
    kept = due(before, REMIND)
    status, said = page.ask("booking.remind.hour", value="20")
    assert (status, "1 booking keeps its reminders" in said) == (200, True)
    assert f"{period.organisation.name} {period.department.name}: 1" in said
    page.set("booking.remind.hour", value="20")
    page.set("booking.remind.shortly", amount="3", unit="h")
    after = act(services.book)
    evening, shortly = due(after, REMIND)
    assert timezone.localtime(evening).hour == 20
    assert abs(shortly - period.starts_at + 3 * HOUR) < SOON
    assert timezone.localtime(kept[0]).hour == 18
    assert due(before, REMIND) == kept


def test_a_confirmation_asks_for_the_rules_with_its_place(act, period):
    """Not one statement more: what the reminders go by comes with what is read anyway."""
    held = act(services.hold)
    with CaptureQueriesContext(connection) as asked:
        act(services.confirm, held.booked_by, appointment_id=held.pk)
    assert [one["sql"] for one in asked if one["sql"] == policies.VERSION] == []


def test_a_cancelled_place_comes_back_within_the_window(page, act):
    page.set("booking.return.least", amount="40", unit="m")
    page.set("booking.return.most", amount="40", unit="m")
    gone = act(services.book)
    gone = act(services.cancel, gone.booked_by, appointment_id=gone.pk)
    [at] = due(gone, RETURN)
    assert round((at - gone.ended_at) / MINUTE) == 40
    said = page.ask("booking.return.most", amount="2", unit="h")[1]
    assert "1 cancelled place comes back at the moment that was drawn" in said


def test_near_its_time_it_comes_back_at_once(page, act, period):
    ahead = int((period.starts_at - timezone.now()) / HOUR)
    page.set("booking.return.at_once", amount=str(min(ahead + 1, 24)), unit="h")
    gone = act(services.book)
    gone = act(services.cancel, gone.booked_by, appointment_id=gone.pk)
    assert bool(due(gone, RETURN)) == (ahead >= 24)


@pytest.mark.parametrize(
    ("name", "minutes", "said"),
    [
        ("booking.return.least", 61, "leave no time between them"),
        ("booking.return.most", 4, "leave no time between them"),
        ("booking.return.most", 300, "it could come back too late"),
        ("booking.return.at_once", 30, "it could come back too late"),
        ("displaced.phone", 24 * 60, "Nobody is phoned after"),
        ("displaced.choice", 60, "Nobody is phoned after"),
        ("opening.pause_least", 11, "leave no time between them"),
    ],
)
def test_times_that_cannot_be_are_refused(page, name, minutes, said):
    status, answer = page.ask(name, amount=str(minutes), unit="m")
    assert (status, said in answer) == (422, True)


def test_whoever_loses_a_visit_chooses_within_the_new_time(page, act, by, period):
    booked = act(services.book)
    page.set("displaced.phone", amount="1", unit="h")
    page.set("displaced.choice", amount="6", unit="h")
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    with by(clerk):
        availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="医生外出开会", plan=Stop.Plan.CANCEL
        )
    outbox.deliver_waiting()
    with by(clerk):
        [told] = services.await_answers(session_id=period.session_id)
    assert told.pk == booked.pk
    phone, end = due(told, "displaced.choice")
    assert round((end - phone) / HOUR) == 5
    said = page.ask("displaced.before", amount="3", unit="h")[1]
    assert "1 person who lost a visit keeps the time to answer" in said


def test_an_appeal_is_possible_for_as_long_as_when_it_was_noted(page, act, period):
    visit = act(services.book)
    today = timezone.localdate()
    strikes = []
    for days in (30, 10):
        page.set("penalty.appeal_within", value=str(days))
        strike = Strike.objects.create(
            appointment=visit if days == 30 else act(services.book),
            patient=visit.patient,
            person_key=visit.person_key,
            organisation=period.organisation,
            day=today - timedelta(days=20),
            kind="missed",
            points=2,
            state="counted",
        )
        strikes.append(strike)
    resident, reason = visit.booked_by, "当天塌方，班车停开"
    act(services.appeal, resident, strike_id=strikes[0].pk, reason=reason)
    with pytest.raises(Conflict, match="An appeal is possible for 10 days"):
        act(services.appeal, resident, strike_id=strikes[1].pk, reason=reason)
