"""What a package names by itself: owed by day, spread over the contract year, kept."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from records.fhir.models import Version
from scheduling.duties import fhir, rates, services
from scheduling.duties.models import Code, Duty, Plan, Quota, Status
from scheduling.duties.services import Findings
from scheduling.duties.tasks import plan_duties_task
from scheduling.registration.models import Group, Package, years_after
from telemed.core import outbox
from telemed.core.errors import Conflict
from tests.factories.duties import begun, serve
from tests.factories.people import StaffFactory
from tests.factories.registration import TeamFactory, applied, read, sign, signed, upheld
from tests.scheduling.registration.closings.handing import closed, only
from tests.scheduling.registration.looking import agree_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)
VISIT, ADVICE = "上门服务", "康复指导"
NAMED = [
    {"code": "", "name": VISIT, "times": 2, "face": True},
    {"code": "", "name": ADVICE, "times": 4, "face": False},
]
DONE = Findings(mode="face_to_face", note="上门换药，伤口干净")


@pytest.fixture
def team():
    return naming(*NAMED)


def naming(*rows):
    team = TeamFactory()
    Package.objects.update(services=list(rows))
    return team


def coded(code, times):
    return {"code": code.value, "name": "", "times": times, "face": True}


def named(contract, service=VISIT):
    return list(Duty.objects.filter(contract=contract, service=service).order_by("due_on"))


def past():
    return timezone.localdate() - 40 * DAY


def opened(contract, service=VISIT):
    """The first of them, as on the day on which it is due."""
    [first, *_rest] = named(contract, service)
    Duty.objects.filter(pk=first.pk).update(status=Status.DUE)
    first.refresh_from_db()
    return first


def days(contract, service=VISIT):
    return [(one.due_on - contract.starts_on).days for one in named(contract, service)]


def test_what_is_named_is_owed_by_day_and_spread_over_the_year(team):
    contract = begun(team)
    length = (years_after(contract.starts_on, 1) - contract.starts_on).days
    assert days(contract) == [length // 4, 3 * length // 4]
    assert days(contract, ADVICE) == [(2 * n - 1) * length // 8 for n in (1, 2, 3, 4)]
    visit = named(contract)[0]
    assert (visit.rule, visit.face, visit.status) == (Code.PACKAGE, True, Status.PLANNED)
    assert (visit.closes_on - contract.starts_on).days == length // 2
    assert str(visit.get_rule_display()) == VISIT


def test_a_night_that_is_run_again_makes_nothing_twice(team):
    contract = begun(team)
    before = Duty.objects.count()
    serve(opened(contract), found=DONE)
    plan_duties_task()
    plan_duties_task()
    assert Duty.objects.count() == before
    assert Plan.objects.count() == 1


def test_the_second_year_has_its_own_and_the_end_of_the_contract_none(team):
    contract = begun(team, contract=signed(team, years=2))
    for years, n in ((1, 4), (2, 4)):
        later = years_after(contract.starts_on, years) - timezone.localdate()
        with time_machine.travel(timezone.now() + later):
            plan_duties_task()
        assert len(named(contract)) == n
    assert max(one.due_on for one in named(contract)) < years_after(contract.starts_on, 2)


def test_a_change_of_the_table_holds_for_who_signs_afterwards(team):
    before = begun(team)
    old = before.package
    Package.objects.filter(pk=old.pk).update(until=timezone.localdate())
    Package.objects.create(
        division=old.division,
        kind=old.kind,
        name="新包",
        contents=old.contents,
        price=old.price,
        insurance=old.insurance,
        public_health=old.public_health,
        resident=old.resident,
        services=[{**NAMED[0], "times": 3}],
    )
    plan_duties_task()
    after = begun(team)
    assert (len(named(before)), len(named(after))) == (2, 3)


def test_it_is_served_with_a_note_confirmed_and_counted_in_kept_promises(team, by):
    contract = begun(team)
    duty = opened(contract)
    assert serve(duty, found=DONE).status == Status.DONE
    with by(contract.patient.user):
        services.confirm(actor=contract.patient.user, duty_id=duty.pk)
    for n in range(5):
        again = Duty.objects.get(pk=duty.pk)
        again.pk, again.draft, again._state.adding = None, None, True
        again.id = Duty._meta.pk.get_default()
        again.due_on, again.counted = past() - n * DAY, None
        again.save()
    assert rates.kept_by([team])[team.pk].face == 100


def test_a_named_service_is_limited_by_its_own_row(team, client):
    contract = begun(team)
    duties = named(contract)
    Duty.objects.filter(pk__in=[one.pk for one in duties]).update(status=Status.DUE)
    serve(duties[0], found=DONE)
    assert list(Quota.objects.values_list("service", "used", "quota")) == [(VISIT, 1, 2)]
    contract.patient.user.language = "en"
    contract.patient.user.save()
    client.force_login(contract.patient.user)
    page = client.get(reverse("contracts:contract", args=[contract.pk])).content.decode()
    assert "1 of 2 used this year" in page
    serve(duties[1], found=DONE)
    third = Duty.objects.get(pk=duties[1].pk)
    third.id, third._state.adding, third.due_on = Duty._meta.pk.get_default(), True, past()
    third.status, third.served_by, third.counted, third.draft = Status.DUE, None, None, None
    third.save()
    with pytest.raises(Conflict, match="quota is used up"):
        serve(third, found=DONE)


def test_a_visit_face_to_face_is_not_done_by_phone(team):
    duty = opened(begun(team))
    with pytest.raises(Conflict, match="face to face"):
        serve(duty, found=Findings(mode="remote", note="电话里问了情况"))


def test_it_is_a_task_that_says_its_name(team, django_assert_num_queries):
    begun(team)
    task = fhir.plain_duty(Duty.objects.filter(service=VISIT)[0])
    assert task["code"]["text"] == VISIT
    assert {"system": fhir.RULES, "code": "package"} in task["code"]["coding"]
    told = [json.loads(one.body) for one in Version.objects.all()]
    assert [one["code"]["text"] for one in told if one["resourceType"] == "Task"].count(VISIT) == 2
    with django_assert_num_queries(3):  # with one object for each contract and team
        for one in fhir.with_tasks(Duty.objects.all()):
            fhir.plain_duty(one)


def test_named_as_often_as_the_norm_asks_it_replaces_the_norms_days():
    contract = begun(naming(coded(Code.HYPERTENSION, 6)), Group.HYPERTENSION)
    rows = Duty.objects.filter(contract=contract, rule=Code.HYPERTENSION)
    assert (rows.count(), rows.filter(by_package=True).count()) == (6, 6)
    assert Duty.objects.filter(contract=contract, rule=Code.HYPERTENSION_EXAM).count() == 1


def test_named_less_often_than_the_norm_asks_the_norm_is_kept():
    team = naming(coded(Code.HYPERTENSION, 2))
    contract = begun(team, Group.HYPERTENSION)
    rows = Duty.objects.filter(contract=contract, rule=Code.HYPERTENSION)
    assert [one.by_package for one in rows] == [False]
    other = begun(team)  # whom the norm does not owe it
    assert Duty.objects.filter(contract=other, rule=Code.HYPERTENSION).count() == 2


def test_a_hand_over_goes_on_with_the_year_of_what_was_signed(team):
    contract = begun(team)
    serve(opened(contract), found=DONE)
    outbox.deliver_waiting(1_000)
    other = TeamFactory(organisation=team.organisation)
    head = StaffFactory(role="head", organisation=team.organisation)
    length = (years_after(contract.starts_on, 1) - contract.starts_on).days
    with time_machine.travel(timezone.now() + 120 * DAY):
        closed(head, team, other)
        outbox.deliver_waiting(1_000)
        plan_duties_task()
        after = only(other)
    assert after.starts_on != contract.starts_on
    assert [one.status for one in named(contract)] == [Status.DONE]
    [moved] = named(after)
    assert (moved.due_on - contract.starts_on).days == 3 * length // 4
    assert moved.status == Status.PLANNED


def test_another_team_names_its_own_and_what_was_named_before_ends(team):
    contract = begun(team)
    outbox.deliver_waiting(1_000)
    other = TeamFactory(organisation=team.organisation)
    new = applied(other, upheld(contract).patient, change_because="complaint")
    sign(read(agree_to(other, new)))
    outbox.deliver_waiting(1_000)
    assert {one.status for one in named(contract)} == {Status.WAIVED}
    assert [one.status for one in named(new)] == [Status.PLANNED, Status.PLANNED]


@pytest.mark.parametrize(
    "change",
    [{"times": 0}, {"times": 25}, {"times": "2"}, {"code": "diabetes"}, {"name": ""}, {"face": 1}],
)
def test_the_database_keeps_no_row_that_means_nothing(change):
    TeamFactory()
    with pytest.raises(
        (IntegrityError, ValidationError), match="a_service_is_named_with_its_times"
    ):
        Package.objects.update(services=[{**NAMED[0], **change}])


def test_it_is_in_the_text_that_is_signed(team):
    contract = begun(team)
    assert f"{VISIT}: 2 times in each year of the contract, face to face" in contract.text_en
    assert f"{ADVICE}: 4 times in each year of the contract, on set days" in contract.text_en
