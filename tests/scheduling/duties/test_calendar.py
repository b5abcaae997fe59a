"""What the norm owes whom, and on which day: pregnancies, newborns, adults, tuberculosis."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from scheduling.duties import calendar, services
from scheduling.duties.models import Code, Duty, Plan, Status
from scheduling.duties.services import Dates
from scheduling.duties.tasks import plan_duties_task
from scheduling.registration import services as registration
from scheduling.registration.models import Group
from telemed.core.errors import Conflict, Invalid, NotFound
from tests.factories.duties import FINE, begun, serve, whole
from tests.factories.people import PatientFactory
from tests.factories.registration import TeamFactory, child_of, read, resident_of, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
VISITS = [Code.ANTENATAL_1, Code.ANTENATAL_2, Code.ANTENATAL_3, Code.ANTENATAL_4, Code.ANTENATAL_5]


@pytest.fixture
def keep(by):
    def keep(contract, **said):
        doctor = contract.team.leader if hasattr(contract.team, "leader") else contract.doctor
        with by(doctor):
            return services.set_dates(actor=doctor, contract_id=contract.pk, said=Dates(**said))

    return keep


def woman(team, **facts):
    return resident_of(team, sex="female", birth_date=date(1998, 5, 4), **facts)


def today():
    return timezone.localdate()


def owed(contract, *codes):
    rows = Duty.objects.filter(contract=contract).exclude(status="waived").order_by("due_on")
    return [one for one in rows if not codes or one.rule in codes]


def nights(days):
    """So many nights, each planned."""
    for n in range(0, days, 7):
        with time_machine.travel(timezone.now() + n * DAY):
            plan_duties_task()


def test_a_pregnancy_is_followed_by_its_weeks(team, keep):
    contract = begun(team, Group.PREGNANT, patient=woman(team))
    assert [one.rule for one in owed(contract)] == [Code.PREGNANCY]
    keep(contract, weeks=8)
    period = today() - 8 * WEEK
    nights(230)
    found = owed(contract)
    assert [one.rule for one in found] == VISITS
    for one, (first, last) in zip(
        found, [(0, 12), (16, 20), (21, 24), (28, 36), (37, 40)], strict=True
    ):
        assert first <= (one.due_on - period).days // 7 <= last


def test_who_books_late_has_the_windows_that_are_left(team, keep):
    contract = begun(team, patient=woman(team))
    keep(contract, weeks=22)
    nights(21)
    assert [one.rule for one in owed(contract)] == [Code.ANTENATAL_3, Code.ANTENATAL_4]


def test_a_corrected_due_date_moves_what_is_ahead(team, keep):
    contract = begun(team, patient=woman(team))
    plan = keep(contract, weeks=20)
    with time_machine.travel(timezone.now()):
        plan_duties_task()
    before = {one.rule: one.due_on for one in owed(contract)}
    keep(contract, expected_on=plan.expected_on + 14 * DAY)
    plan_duties_task()
    after = {one.rule: one.due_on for one in owed(contract)}
    assert before
    assert {rule: after[rule] for rule in before} == {r: d + 14 * DAY for r, d in before.items()}


def test_the_birth_ends_the_pregnancy_and_begins_the_visits_after_it(team, keep):
    contract = begun(team, patient=woman(team))
    keep(contract, weeks=37)
    plan_duties_task()
    assert Code.ANTENATAL_5 in [one.rule for one in owed(contract)]
    born = today() - DAY
    keep(
        contract,
        weeks=None,
        expected_on=today() + 20 * DAY,
        delivered_on=born,
        discharged_on=today(),
    )
    plan_duties_task()
    days = {one.rule: (one.due_on - born).days for one in owed(contract)}
    assert days == {Code.POSTPARTUM: 8, Code.POSTPARTUM_42: 42}


def test_a_child_that_was_registered_is_the_birth(team, keep):
    mother = woman(team)
    contract = begun(team, patient=mother)
    keep(contract, weeks=39)
    plan_duties_task()
    PatientFactory(
        mother=mother, birth_date=today(), birth_order=1, temporary_because="newborn", sex="female"
    )
    plan_duties_task()
    assert Plan.objects.get(contract=contract).delivered_on == today()
    assert {one.rule for one in owed(contract)} == {Code.POSTPARTUM, Code.POSTPARTUM_42}


def test_a_newborn_is_visited_within_a_week_of_coming_home(team, keep, by):
    born = today() - 2 * DAY
    parent = resident_of(team)
    child = child_of(parent, born=born)
    with by(parent.user):
        [contract] = registration.apply(actor=parent.user, people=[child], team_id=team.pk)
    with by(team.leader):
        registration.agree(actor=team.leader, contract_id=contract.pk)
    contract = begun(team, contract=sign(read(contract, parent.user), parent.user))
    [visit] = owed(contract, Code.NEWBORN)
    assert (visit.due_on, visit.status) == (born + 7 * DAY, Status.DUE)
    keep(contract, discharged_on=today())
    visit.refresh_from_db()
    assert visit.due_on == today() + 7 * DAY
    assert [one.due_on for one in owed(contract, Code.CHILD)] == [born + 28 * DAY]
    plan_duties_task()
    assert len(owed(contract, Code.NEWBORN)) == 1


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"weeks": 12, "period_on": date(2026, 1, 1)}, "one of the three"),
        ({"weeks": 43}, "from 1 to 42 weeks"),
        ({"expected_on": date(2020, 1, 1)}, "would not be pregnant now"),
        ({"risk": "blue"}, "five colours"),
        ({"risk": "red"}, "First enter the due date"),
        ({"delivered_on": date(2020, 1, 1)}, "last 90 days"),
        ({"discharged_on": date(2020, 1, 1)}, "between the birth and today"),
    ],
)
def test_impossible_days_are_refused(team, keep, said, wrong):
    contract = begun(team, patient=woman(team))
    with pytest.raises(Invalid, match=wrong):
        keep(contract, **said)
    assert Plan.objects.get(contract=contract).expected_on is None


def test_only_of_women_and_of_newborns(team, keep, by):
    contract = begun(team)
    with pytest.raises(Conflict, match="Only of a pregnant woman"):
        keep(contract, weeks=12)
    stranger = TeamFactory().leader
    with by(stranger), pytest.raises(NotFound):
        services.set_dates(actor=stranger, contract_id=contract.pk, said=Dates(weeks=12))


def test_everybody_from_35_is_measured_once_a_year(team):
    contract = begun(team)
    [yearly] = owed(contract)
    assert (yearly.rule, calendar.asks(yearly)) == (Code.PRESSURE, ("pressure",))
    serve(yearly, found=FINE)  # 138/84: high normal
    plan_duties_task()
    assert [(one.due_on - today()).days for one in owed(contract)][-1] == 182


@pytest.mark.parametrize(("age", "group"), [(34, None), (50, Group.HYPERTENSION), (66, None)])
def test_who_is_measured_anyway_or_is_younger_is_not(team, age, group):
    born = date(today().year - age, 1, 1)
    contract = begun(team, *([group] if group else []), patient=resident_of(team, birth_date=born))
    plan_duties_task()
    found = {one.rule for one in Duty.objects.filter(contract=contract, status="due")}
    assert Code.PRESSURE not in found


def test_tuberculosis_is_seen_within_three_days_and_only_once(team):
    contract = begun(team, Group.TUBERCULOSIS)
    [first] = owed(contract, Code.TUBERCULOSIS_1)
    assert (first.due_on - today()).days == 3
    serve(first, found=whole(first))
    nights(60)
    assert len(owed(contract, Code.TUBERCULOSIS_1)) == 1


def test_who_is_treated_already_has_no_first_visit(team):
    contract = begun(team)
    Duty.objects.create(
        contract=contract,
        rule=Code.TUBERCULOSIS,
        due_on=today(),
        closes_on=today() + 30 * DAY,
        face=False,
        status=Status.DUE,
    )
    Plan.objects.filter(contract=contract).update(groups=["tuberculosis"])
    plan_duties_task()
    assert owed(contract, Code.TUBERCULOSIS_1) == []


def test_the_page_keeps_the_days(client, team):
    contract = begun(team, patient=woman(team))
    team.leader.language = "en"
    team.leader.save()
    client.force_login(team.leader)
    page = f"/family-doctor/duties/plans/{contract.pk}/"
    assert "Weeks pregnant today" in client.get(page).content.decode()
    answer = client.post(page, {"weeks": "20", "risk": "yellow"}, follow=True)
    assert "Yellow: some risk" in answer.content.decode()
    refused = client.post(page, {"weeks": "99"}, follow=True)
    assert "A pregnancy lasts from 1 to 42 weeks." in refused.content.decode()
    assert Plan.objects.get(contract=contract).risk == "yellow"
