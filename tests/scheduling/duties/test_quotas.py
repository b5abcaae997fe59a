"""How often a package grants a service in a contract year, and what counts."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scheduling.duties import services
from scheduling.duties.models import Code, Duty, Quota, Status
from scheduling.registration.models import Contract, Group, Package, years_after
from telemed.core.errors import Conflict, Forbidden, Gone
from tests.factories.duties import FINE, HIGH, begun, due, serve
from tests.factories.registration import TeamFactory, join, signed
from tests.marks import committed
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)
WHY = "病人来门诊测了血压"
USED_UP = "This year's quota is used up"
REFUSED = replace(HIGH, refusal="病人不愿意去医院")


def limited_team(times=2):
    team = TeamFactory()
    Package.objects.update(limits={Code.HYPERTENSION.value: times})
    team.colleague = join(team)
    return team


@pytest.fixture
def team():
    return limited_team()


def several(team, n):
    """So many blood-pressure follow-ups that are due under one contract."""
    first = due(team)
    rows = [first]
    for k in range(1, n):
        more = Duty.objects.get(pk=first.pk)
        more.pk, more.due_on, more._state.adding = uuid4(), first.due_on - k * DAY, True
        more.save()
        rows.append(more)
    return [Duty.objects.get(pk=one.pk) for one in rows]


def used(contract):
    rows = Quota.objects.filter(contract=contract).order_by("begins_on")
    return list(rows.values_list("used", flat=True))


def test_each_time_counts_until_none_is_left(team):
    first, second, third = several(team, 3)
    serve(first)
    serve(second)
    assert used(first.contract) == [2]
    with pytest.raises(Conflict, match=USED_UP):
        serve(third)
    third.refresh_from_db()
    assert (third.status, third.counted, used(first.contract)) == (Status.DUE, None, [2])


def test_the_database_counts_no_further_than_the_quota(team):
    serve(several(team, 1)[0])
    with pytest.raises(IntegrityError, match="a_quota_is_not_exceeded"):
        Quota.objects.update(used=3)


def test_a_quota_is_what_was_counted_in_it(team):
    serve(several(team, 1)[0])
    Quota.objects.update(used=2)
    with pytest.raises(IntegrityError, match="says 2, counted are 1"):
        connection.check_constraints()


def test_a_limit_is_a_whole_number_of_times(team):
    with pytest.raises(IntegrityError, match="a_limit_is_a_number_of_times"):
        Package.objects.update(limits={"hypertension": "4"})


def test_without_a_limit_nothing_is_counted_and_no_statement_more(team):
    plain = TeamFactory()
    Package.objects.update(limits={})
    free = due(plain)
    with CaptureQueriesContext(
        connection,
    ) as without:
        serve(free)
    assert not Quota.objects.exists()
    Package.objects.update(limits={Code.HYPERTENSION.value: 2})
    limited = due(team)
    with CaptureQueriesContext(connection) as within:
        serve(limited)
    assert not [one for one in without.captured_queries if "duties_quota" in one["sql"]]
    assert len([one for one in within.captured_queries if "duties_quota" in one["sql"]]) == 1


def test_what_was_struck_was_not_used(team, by):
    first, second, third = several(team, 3)
    serve(first, team.colleague)
    serve(second)
    resident = first.contract.patient.user
    with by(resident):
        services.dispute(actor=resident, duty_id=first.pk)
    assert used(first.contract) == [2]  # until somebody has found out
    with by(team.leader):
        services.settle(
            actor=team.leader, duty_id=first.pk, kept=False, why="当天没有人上门随访，签名不是本人"
        )
    first.refresh_from_db()
    assert (first.status, first.counted, used(first.contract)) == (Status.DUE, None, [1])
    serve(third)
    assert used(first.contract) == [2]


def test_a_dispute_that_is_turned_down_changes_nothing(team, by):
    duty = serve(several(team, 1)[0], team.colleague)
    resident = duty.contract.patient.user
    with by(resident):
        services.dispute(actor=resident, duty_id=duty.pk)
    with by(team.leader):
        services.settle(
            actor=team.leader, duty_id=duty.pk, kept=True, why="当天的签名和照片都是本人的"
        )
    assert used(duty.contract) == [1]


def test_who_entered_it_takes_it_back_within_a_day_unconfirmed(team, by):
    duty, other = several(team, 2)
    colleague = team.colleague
    serve(duty, colleague)
    with by(team.leader), pytest.raises(Forbidden, match="Only who entered it"):
        services.take_back(actor=team.leader, duty_id=duty.pk)
    late = time_machine.travel(timezone.now() + DAY + timedelta(hours=1))
    with late, by(colleague), pytest.raises(Gone, match="After a day"):
        services.take_back(actor=colleague, duty_id=duty.pk)
    with by(colleague):
        back = services.take_back(actor=colleague, duty_id=duty.pk)
    assert (back.status, back.served_by, back.systolic, used(duty.contract)) == (
        Status.DUE,
        None,
        None,
        [0],
    )
    serve(other, colleague)
    resident = duty.contract.patient.user
    with by(resident):
        services.confirm(actor=resident, duty_id=other.pk)
    with by(colleague), pytest.raises(Conflict):
        services.take_back(actor=colleague, duty_id=other.pk)
    assert used(duty.contract) == [1]


def test_a_warning_value_is_kept_whatever_the_package_grants(team):
    first, second, third = several(team, 3)
    serve(first)
    serve(second)
    assert serve(third, found=REFUSED).is_warned
    third.refresh_from_db()
    assert (third.status, third.systolic) == (Status.DUE, HIGH.systolic)
    assert Duty.objects.filter(rule=Code.RECHECK, recheck_of=third).exists()
    assert used(third.contract) == [2]


def test_a_new_year_of_the_contract_begins_anew(team):
    contract = begun(team, Group.HYPERTENSION, contract=signed(team, years=2))
    duty = Duty.objects.get(contract=contract, rule=Code.HYPERTENSION)
    serve(duty)
    anniversary = years_after(contract.starts_on, 1)
    assert contract.year_of(anniversary - DAY) == contract.starts_on
    assert contract.year_of(anniversary) == anniversary
    next_one = Duty.objects.get(pk=duty.pk)
    next_one.pk, next_one.due_on, next_one.counted = uuid4(), anniversary, None
    next_one.status, next_one.served_by, next_one.draft = Status.DUE, None, None
    next_one._state.adding = True
    next_one.save()
    with time_machine.travel(timezone.now() + (anniversary - timezone.localdate()).days * DAY):
        serve(next_one)
    assert used(contract) == [1, 1]


def test_a_renewal_begins_anew_and_a_hand_over_does_not(team):
    old = begun(team, Group.HYPERTENSION)
    serve(Duty.objects.get(contract=old, rule=Code.HYPERTENSION))
    renewal = Contract(renews=old, term=old.term, channel="renewal")
    handed = Contract(replaces=old, term=old.term, channel="handed")
    assert (renewal.origin, handed.origin) == (renewal, old)


def test_what_waited_on_a_device_counts_in_the_year_in_which_it_was_done(team):
    contract = begun(team, Group.HYPERTENSION, contract=signed(team, years=2))
    duty = Duty.objects.get(contract=contract, rule=Code.HYPERTENSION)
    anniversary = years_after(contract.starts_on, 1)
    later = timezone.now() + (anniversary - timezone.localdate() + 2 * DAY).days * DAY
    with time_machine.travel(later, tick=False):
        serve(duty, found=replace(FINE, draft=uuid4(), waited=3 * 86_400))
    assert Quota.objects.get().begins_on == contract.starts_on


def test_a_draft_of_a_used_up_quota_comes_back_and_is_kept_as_a_further_visit(client, team):
    first, second, third = several(team, 3)
    serve(first)
    serve(second)
    team.leader.language = "en"
    team.leader.save()
    client.force_login(team.leader)
    json = {"HTTP_ACCEPT": "application/json"}
    sent = {"mode": "face_to_face", "systolic": "150", "diastolic": "92", "draft": str(uuid4())}
    sent |= {"seen": "new", "waited": "7200"}
    refused = client.post(reverse("duties:serve", args=[third.pk]), sent, **json)
    assert (refused.status_code, refused.json()["kind"]) == (409, "conflict")
    stands = client.get(reverse("duties:duty", args=[third.pk]), **json).json()
    assert (stands["open"], stands["why"]) == (False, "This year's quota is used up.")
    sent["because"] = WHY
    added = client.post(reverse("duties:add", args=[third.pk]), sent, **json)
    assert added.status_code == 200
    assert third.visits.get().systolic == 150
    assert used(third.contract) == [2]


def test_while_something_is_left_it_is_entered_as_the_service(team, by):
    duty = due(team)
    with by(team.leader), pytest.raises(Conflict, match="still to be done"):
        services.add_visit(actor=team.leader, duty_id=duty.pk, found=FINE, because=WHY)


def test_everybody_reads_how_often(client, team):
    first, second = several(team, 2)
    serve(first)
    contract = first.contract
    for person, names in (
        (contract.patient.user, ["contracts:contract"]),
        (team.leader, ["contracts:contract", "duties:duty"]),
    ):
        person.language = "en"
        person.save()
        client.force_login(person)
        for name in names:
            subject = contract if name.startswith("contracts") else second
            page = client.get(reverse(name, args=[subject.pk])).content.decode()
            assert "1 of 2 used" in page
    assert "at most 2 times in each year of the contract" in contract.text_en
    assert "Blood-pressure follow-up" in contract.text_en


@committed
def test_two_doctors_serve_the_last_one_at_once_and_one_of_them_does():
    team = limited_team(3)
    people = [team.leader, team.colleague]
    rows = several(team, 6)
    serve(rows[0])
    serve(rows[1])
    pairs = zip(rows[2:], people * 2, strict=True)
    ended = race([lambda one=one, who=who: serve(one, who) for one, who in pairs])
    assert ended == {"won": 1, "UsedUp": 3}
    assert used(rows[0].contract) == [3]
    assert Duty.objects.filter(status=Status.DONE).count() == 3
