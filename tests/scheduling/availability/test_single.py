"""Sessions by hand, taken off again, copied."""

from datetime import date, time

import pytest
import time_machine
from django.utils import translation

from records.fhir.models import Resource
from scheduling.availability import fhir, services
from scheduling.availability.models import Session, State
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.publication import as_json
from telemed.people.models import Practitioner
from tests.factories.people import StaffFactory
from tests.factories.scheduling import at
from tests.scheduling.availability.conftest import offer_of

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 3, 1)
SATURDAY = date(2027, 3, 6)


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(MONDAY, 10), tick=False):
        yield


def plan(by, clerk, offer, day=SATURDAY, starts=time(8), ends=time(12)):
    with by(clerk):
        return services.plan_session(actor=clerk, offer=offer, day=day, starts=starts, ends=ends)


def test_one_session_has_its_periods_and_opens_by_itself(by, clerk, department, doctor):
    session = plan(by, clerk, offer_of(department, doctor))
    assert (session.state, session.periods.count()) == (State.PLANNED, 8)
    with by(clerk):
        assert services.publish_due(organisation_id=clerk.organisation_id) == [session]


@pytest.mark.parametrize(
    ("day", "starts"), [(date(2027, 2, 27), time(8)), (MONDAY, time(9)), (MONDAY, time(10))]
)
def test_what_is_past_is_not_planned(by, clerk, department, day, starts):
    with translation.override("en"), pytest.raises(Invalid, match="has passed"):
        plan(by, clerk, offer_of(department), day=day, starts=starts)
    assert not Session.objects.exists()


def test_a_clash_is_named_with_its_time(by, clerk, department, doctor):
    plan(by, clerk, offer_of(department, doctor, room="3"))
    for offer in (offer_of(department, doctor), offer_of(department, room="3")):
        with translation.override("en"), pytest.raises(Conflict, match=r"08:00–12:00 神经内科"):
            plan(by, clerk, offer, starts=time(11, 30), ends=time(14))
    plan(by, clerk, offer_of(department, doctor), starts=time(12), ends=time(14))


def test_whoever_is_not_licensed_that_day_is_not_planned(by, clerk, department, doctor):
    Practitioner.objects.filter(user=doctor).update(licensed_until=date(2027, 3, 5))
    with pytest.raises(Conflict) as refused:
        plan(by, clerk, offer_of(department, doctor))
    assert refused.value.path == "clinician"


def test_a_planned_session_is_taken_off_and_an_open_one_is_not(by, clerk, department, doctor):
    session = plan(by, clerk, offer_of(department, doctor))
    with pytest.raises(NotFound), by(stranger := StaffFactory(role="desk")):
        services.cancel_session(actor=stranger, session_id=session.pk)
    with pytest.raises(Forbidden), by(doctor):
        services.cancel_session(actor=doctor, session_id=session.pk)
    with by(clerk):
        services.cancel_session(actor=clerk, session_id=session.pk)
    again = plan(by, clerk, offer_of(department, doctor))
    with by(clerk):
        services.publish_session(actor=clerk, session_id=again.pk)
    with pytest.raises(Conflict), by(clerk):
        services.cancel_session(actor=clerk, session_id=again.pk)


def test_a_week_is_copied_and_what_clashes_is_said(by, clerk, department, doctor):
    plan(by, clerk, offer_of(department, doctor))
    plan(by, clerk, offer_of(department), starts=time(14), ends=time(16))
    plan(by, clerk, offer_of(department, doctor), day=date(2027, 3, 13), ends=time(10))
    with by(clerk):
        copied = services.copy_week(actor=clerk, monday=date(2027, 3, 8))
    assert [one.day.day for one in copied.sessions] == [13]
    assert len(copied.left_out) == 1
    with by(clerk):
        again = services.copy_week(actor=clerk, monday=date(2027, 3, 15))
    assert len(again.sessions) == 2


def test_a_month_is_copied_weekday_by_weekday(by, clerk, department, doctor):
    plan(by, clerk, offer_of(department, doctor))
    with by(clerk):
        copied = services.copy_month(actor=clerk, month=date(2027, 4, 1))
    assert [(one.day.month, one.day.day) for one in copied.sessions] == [(4, 3)]
    assert copied.sessions[0].day.isoweekday() == SATURDAY.isoweekday()


def test_a_session_is_a_schedule_to_the_world(by, clerk, department, doctor):
    session = plan(by, clerk, offer_of(department, doctor, kind="examination", service="心电图"))
    assert fhir.to_plain(session) == as_json(fhir.SCHEDULE, session)
    stored = Resource.objects.get(fhir_id=str(session.pk))
    assert (stored.owner, stored.version) == ("availability", 1)
    with by(clerk):
        services.cancel_session(actor=clerk, session_id=session.pk)
    stored.refresh_from_db()
    assert stored.version == 2
    session.refresh_from_db()
    assert fhir.to_plain(session)["active"] is False
