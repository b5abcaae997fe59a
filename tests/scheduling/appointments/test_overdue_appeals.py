"""Appeals that nobody decides: the hospital is reminded, then the county is told."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from scheduling.appointments import penalties, services
from scheduling.appointments.models import Block
from telemed.audit.models import AuditRow
from telemed.core import clocks
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from telemed.organisations.models import Division, Organisation
from tests.factories.people import (
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.scheduling import PeriodFactory
from tests.ruling import Page
from tests.scheduling.appointments.test_penalties import counted

pytestmark = pytest.mark.django_db
SOON, LATE = "penalty.undecided", "penalty.overdue"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=4, walk_in=1)


@pytest.fixture
def hospital(period):
    return period.organisation


@pytest.fixture
def coordinator(hospital):
    return StaffFactory(role="coordinator", organisation=hospital, language="en")


@pytest.fixture
def desk(hospital):
    return StaffFactory(role="desk", organisation=hospital)


@pytest.fixture
def county(hospital):
    """The coordinator of the county's health authority."""
    division = hospital.division
    while division.level != Division.Level.COUNTY:
        division = division.parent
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=division)
    return StaffFactory(role="coordinator", organisation=authority)


@pytest.fixture
def filed(by, period, coordinator, desk, county):
    resident = PatientFactory(user=UserFactory()).user
    strike = counted(by, resident, period)[0]
    with by(resident):
        return services.appeal(actor=resident, strike_id=strike.pk, reason="当天塌方，班车停开")


def due(filed, rung):
    return Clock.objects.get(about=filed.pk, kind=penalties.APPEAL, rung=rung).due_at


def fire(filed, rung):
    with time_machine.travel(due(filed, rung) + timedelta(seconds=1), tick=False):
        clocks.fire_due()


def told(template):
    rows = Notification.objects.filter(template=template)
    return {row.recipient for row in rows.select_related("recipient")}


def test_a_quarter_before_the_end_the_hospital_is_reminded(filed, coordinator, desk, county):
    fire(filed, penalties.WARN)
    assert told(SOON) == {coordinator, desk}
    assert told(LATE) == set()
    assert AuditRow.objects.filter(action="penalty.remind").count() == 1


def test_when_the_time_is_over_the_county_hears_of_it(filed, coordinator, desk, county):
    fire(filed, penalties.OVER)
    assert told(LATE) == {coordinator, desk, county}
    assert AuditRow.objects.filter(action="penalty.escalate").count() == 1
    clocks.fire_due()
    assert Notification.objects.filter(template=LATE).count() == 3


def test_the_message_names_the_hospital_and_nobody(filed, hospital, county):
    fire(filed, penalties.OVER)
    said = Notification.objects.get(template=LATE, recipient=county)
    assert said.facts["org"] == hospital.name
    assert filed.strike.patient.name not in str(said.facts)
    assert said.url == reverse("booking:appeals")


def test_what_is_decided_in_time_tells_nobody(by, filed, coordinator):
    with by(coordinator):
        services.decide_appeal(actor=coordinator, appeal_id=filed.pk, upheld=True)
    fire(filed, penalties.OVER)
    assert told(SOON) | told(LATE) == set()


def test_the_block_stays_suspended_when_nobody_decides(by, period, filed):
    fire(filed, penalties.OVER)
    assert not Block.objects.filter(state=Block.State.ACTIVE).exists()


def test_it_stands_red_on_the_page_and_on_the_first_page(client, filed, coordinator):
    need = penalties.appeals_waiting(coordinator)
    assert (need.text, need.late) == ("1 appeal waits", False)
    with time_machine.travel(due(filed, penalties.OVER) + timedelta(hours=2), tick=False):
        client.force_login(coordinator)
        page = client.get(reverse("booking:appeals"))
        home = client.get(reverse("web:home"))
        need = penalties.appeals_waiting(coordinator)
    assert page.context["late"] == 1
    assert "Past its time" in page.text
    assert (need.text, need.late) == ("1 appeal waits: 1 past its time", True)
    assert need in home.context["also"]
    assert "1 appeal waits: 1 past its time" in home.text


def test_the_county_sees_which_hospital_is_late_and_no_name(client, filed, hospital, county):
    with time_machine.travel(due(filed, penalties.OVER) + timedelta(hours=2), tick=False):
        client.force_login(county)
        page = client.get(reverse("booking:appeals"))
    [(late, _since)] = page.context["elsewhere"]
    assert late == filed
    assert hospital.name in page.text
    assert filed.strike.patient.name not in page.text


def test_neither_another_county_nor_another_hospital_sees_it(by, filed):
    other = DivisionFactory(code="522301", level=Division.Level.COUNTY)
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=other)
    with time_machine.travel(due(filed, penalties.OVER) + timedelta(hours=2), tick=False):
        for somebody in (
            StaffFactory(role="coordinator", organisation=authority),
            StaffFactory(role="coordinator"),
            StaffFactory(role="desk", organisation=filed.strike.organisation),
        ):
            with by(somebody):
                assert services.overdue_of_county(actor=somebody) == []
            need = penalties.appeals_waiting(somebody)
            assert need is None


def test_before_the_end_the_county_sees_nothing(by, filed, county):
    with by(county):
        assert services.overdue_of_county(actor=county) == []
    assert due(filed, penalties.WARN) < due(filed, penalties.OVER)
    assert due(filed, penalties.OVER) > timezone.now()


def test_who_appeals_later_is_decided_about_within_the_new_time(
    filed, client, hospital, period, by
):
    page, kept = Page(client, hospital), due(filed, penalties.OVER)
    said = page.ask("penalty.decide", amount="16", unit="h")[1]
    assert "1 appeal that waits keeps its time" in said
    page.set("penalty.decide", amount="16", unit="h")
    resident = PatientFactory(user=UserFactory()).user
    strike = counted(by, resident, period)[0]
    with by(resident):
        later = services.appeal(actor=resident, strike_id=strike.pk, reason="当天塌方，班车停开")
    hours = [
        round(clocks.worked(later.created_at, due(later, rung), "working") / timedelta(hours=1))
        for rung in (penalties.WARN, penalties.OVER)
    ]
    assert hours == [12, 16]
    assert due(filed, penalties.OVER) == kept
