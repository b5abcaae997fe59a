"""How a hospital's sessions are used: what is counted, who sees it, what the page and file say."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from scheduling.appointments.models import Appointment
from scheduling.availability.models import PeriodPool, State
from scheduling.utilisation import presenting, queries, weeks
from telemed.core.errors import Forbidden, NotFound
from tests.factories.people import ClinicFactory, DepartmentFactory, PatientFactory, StaffFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return DepartmentFactory(name="心内科")


@pytest.fixture
def head(department):
    return StaffFactory(role="head", organisation=department.organisation)


@pytest.fixture
def first():
    return presenting.first_week(timezone.localdate())


def day_of(department, ahead, **places):
    """The first half hour of a morning so many days from now."""
    session = SessionFactory(department=department, day=in_days(ahead))
    return PeriodFactory(session=session, **places)


def visits(period, *statuses, booked=4, **more):
    """Booked so many days before it; each takes a place."""
    for number, status in enumerate(statuses, start=Appointment.objects.count() + 1):
        patient = PatientFactory(name=f"病人{number}")
        Appointment.objects.create(
            patient=patient,
            person_key=patient.pk,
            period=period,
            pool="public",
            organisation=period.organisation,
            department=period.department,
            day=period.session.day,
            during=(period.starts_at, period.ends_at),
            day_rank=1,
            ticket=number,
            status=status,
            holds_place=status != "cancelled",
            channel="web",
            booked_by=period.session.clinician,
            booked_at=period.starts_at - timedelta(days=booked),
            **more,
        )
    taken = sum(status != "cancelled" for status in statuses)
    PeriodPool.objects.filter(period=period, pool="public").update(taken=taken)


@pytest.fixture
def asked(by, head, first):
    def ask(who=head, **narrowed):
        with by(who):
            return queries.usage(who, first, **narrowed)

    return ask


def test_places_count_on_days_that_are_over_and_columns_on_all(department, asked):
    visits(day_of(department, -3, public=8), "fulfilled", "fulfilled", "noshow")
    visits(day_of(department, 2, public=4), "booked")
    found = asked()
    assert (found.whole.taken, found.whole.places) == (3, 8)
    assert (found.days[in_days(2)].taken, found.days[in_days(2)].places) == (1, 4)
    assert [one.ahead for one in presenting.draw(found).columns] == [False, True]


def test_who_did_not_come_is_a_share_of_the_visits_that_were_due(department, asked):
    period = day_of(department, -3, public=8)
    visits(period, "fulfilled", "in_visit", "arrived", "called", "noshow", "cancelled")
    assert (asked().whole.missed, asked().whole.due) == (1, 5)


def test_the_wait_is_the_median_of_the_days_from_booking_to_visit(department, asked):
    for ahead, booked in ((-3, 1), (-4, 2), (-5, 9)):
        visits(day_of(department, ahead), "fulfilled", booked=booked)
    other = DepartmentFactory(organisation=department.organisation, name="骨科")
    visits(day_of(other, -6), "fulfilled", booked=5)
    found = asked()
    assert found.departments[department.pk].wait == 2
    assert found.departments[other.pk].wait == 5
    assert (found.whole.wait, found.whole.waited) == (2, 4)


def test_what_waits_in_line_ran_out_or_was_stopped_is_not_counted(department, asked):
    period = day_of(department, -3, public=8)
    visits(period, "fulfilled")
    Appointment.objects.update(ticket=None, status="expired")
    stopped = day_of(department, -4, public=5)
    stopped.session.state = State.STOPPED
    stopped.session.save()
    found = asked()
    assert (found.whole.due, found.whole.waited, found.whole.places) == (0, 0, 8)


def test_pools_say_what_came_back_to_everybody(department, asked):
    period = day_of(department, -3, public=6, referral=2)
    PeriodPool.objects.filter(period=period, pool="public").update(returned=3, taken=5)
    rows = {row.name: row for row in presenting.page(asked(), [department], None)["pools"]}
    assert len(rows) == 2
    public, referral = rows.values()
    assert (public.taken, public.places, public.returned) == (5, 6, 3)
    assert referral.used is None  # of two places a share says nothing


def test_weeks_have_their_own_wait_share_and_returns(department, asked, first):
    visits(day_of(department, -14, public=9), *["fulfilled"] * 4, "noshow", booked=3)
    late = day_of(department, -7, public=9)
    visits(late, "fulfilled", "noshow", booked=6)
    PeriodPool.objects.filter(period=late, pool="public").update(returned=2)
    visits(day_of(department, 1, public=4), "booked", booked=9)
    found = {week.monday: week for week in weeks.weeks_of(asked())}
    monday = {days: in_days(days) - timedelta(days=in_days(days).weekday()) for days in (-14, -7)}
    assert list(found) == [first + timedelta(weeks=n) for n in range(len(found))]
    before, last = found[monday[-14]], found[monday[-7]]
    assert (before.count.wait, before.missed, before.count.returned) == (3, 20, 0)
    assert (last.count.wait, last.missed, last.count.returned) == (6, None, 2)  # of two, no share
    assert not before.unfinished
    assert all(week.monday < timezone.localdate() for week in found.values())


def test_a_week_whose_figure_says_nothing_has_a_dash_and_no_bar(department, asked, first):
    visits(day_of(department, -14, public=9), *["fulfilled"] * 4, "noshow", booked=3)
    waited, missed, returned = weeks.charts(weeks.weeks_of(asked()))
    number = (in_days(-14) - first).days // 7
    assert (waited.bars[number].text, missed.bars[number].text) == ("3", "20.0")
    assert waited.bars[number].y + waited.bars[number].height == waited.base
    assert waited.bars[number].height == max(bar.height for bar in waited.bars) > 0
    assert (waited.bars[0].text, waited.bars[0].height) == ("–", 0)
    assert {bar.text for bar in returned.bars} == {"0"}
    assert [chart.is_flat for chart in (waited, missed, returned)] == [False, False, True]


def test_one_department_alone(department, asked):
    other = DepartmentFactory(organisation=department.organisation, name="骨科")
    visits(day_of(department, -3), "fulfilled")
    visits(day_of(other, -3), "fulfilled", "fulfilled")
    assert asked(department_id=other.pk).whole.taken == 2


def test_only_those_who_run_the_hospital_see_it_and_only_their_own(department, asked):
    hospital = department.organisation
    for role in ("desk", "specialist", "medical_office"):
        with pytest.raises(Forbidden):
            asked(StaffFactory(role=role, organisation=hospital))
    with pytest.raises(Forbidden):
        asked(StaffFactory(role="head", organisation=ClinicFactory()))
    with pytest.raises(NotFound):
        asked(department_id=DepartmentFactory().pk)


class TestPage:
    @pytest.fixture
    def page(self, client, head, department):
        visits(day_of(department, -3, public=8), *["fulfilled"] * 5, "noshow")
        client.force_login(head)
        return lambda **query: client.get(reverse("utilisation:home"), query)

    def test_it_draws_the_days_and_says_the_shares(self, page, department):
        text = page().content.decode()
        assert "<title>" in text
        assert department.name in text
        assert "6/8" in text
        assert "1/6" in text
        assert text.count("chart--week") == 3

    @pytest.mark.parametrize(
        "query", [{"from": "soon"}, {"from": "2026-13-40"}, {"from": "2999-1-1"}]
    )
    def test_a_day_that_is_none_is_refused(self, page, query):
        assert page(**query).status_code == 422

    def test_a_department_that_is_none_is_refused(self, page):
        assert page(department="x").status_code == 422

    def test_weeks_lead_back_and_no_further_than_the_next(self, page, first):
        context = page().context
        assert context["later"] is None
        assert page(**{"from": str(context["earlier"])}).context["later"] == first

    def test_the_file_has_days_departments_and_pools(self, page, client, department):
        answer = client.get(reverse("utilisation:csv"))
        lines = b"".join(answer.streaming_content).decode().splitlines()
        assert any(line.startswith(f"{in_days(-3)},8,6,5,1") for line in lines)
        assert any(line.startswith(department.name) for line in lines)
        monday = in_days(-3) - timedelta(days=in_days(-3).weekday())
        assert any(line.startswith(f"{monday},8,6,5,1,4,0") for line in lines)
