"""A pregnancy that ends without a birth: nothing of it is owed, and nobody is written to."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from scheduling.duties import services
from scheduling.duties.models import Code, Duty, Plan, Status
from scheduling.duties.services import Dates
from scheduling.duties.tasks import plan_duties_task
from scheduling.registration.models import Group
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict, Gone, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from tests.factories.duties import begun, serve
from tests.factories.registration import TeamFactory
from tests.scheduling.duties.test_calendar import owed, today, woman

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture
def pregnant(team, by):
    """pregnant(20): a woman in that week, her visits planned."""

    def pregnant(weeks):
        contract = begun(team, Group.PREGNANT, patient=woman(team))
        said = Dates(weeks=weeks)
        with by(team.leader):
            services.set_dates(actor=team.leader, contract_id=contract.pk, said=said)
        plan_duties_task()
        return contract

    return pregnant


@pytest.fixture
def end(team, by):
    def end(contract, kind="lost", day=None, actor=None):
        actor = actor or team.leader
        with by(actor):
            return services.end_pregnancy(
                actor=actor, contract_id=contract.pk, day=day or today(), kind=kind
            )

    return end


@pytest.fixture
def undo(team, by):
    def undo(contract):
        with by(team.leader):
            return services.undo_end(actor=team.leader, contract_id=contract.pk)

    return undo


def running(duty):
    return Clock.objects.filter(about=duty.pk, state=ClockState.RUNNING).exists()


def test_what_is_open_is_owed_no_longer_and_nobody_is_written_to(pregnant, end):
    contract = pregnant(20)
    open_before = owed(contract)
    assert open_before
    outbox.deliver_waiting()
    told = Notification.objects.count()
    end(contract)
    outbox.deliver_waiting()
    waived = Duty.objects.filter(contract=contract, status=Status.WAIVED, waived_because="over")
    assert set(waived) == set(open_before)
    assert not any(running(one) for one in waived)
    plan_duties_task()
    assert owed(contract) == []
    assert Notification.objects.count() == told


def test_a_pregnancy_that_only_the_record_names_ends_too(team, end):
    contract = begun(team, Group.PREGNANT, patient=woman(team))
    assert [one.rule for one in owed(contract)] == [Code.PREGNANCY]
    end(contract, "ended")
    plan_duties_task()
    assert owed(contract) == []


def test_after_a_stillbirth_the_mother_is_visited(pregnant, end):
    contract = pregnant(37)
    end(contract, "still")
    plan_duties_task()
    days = {one.rule: (one.due_on - today()).days for one in owed(contract)}
    assert days == {Code.POSTPARTUM: 7, Code.POSTPARTUM_42: 42}


def test_nobody_is_reminded_to_confirm_what_was_done_for_it(pregnant, end):
    contract = pregnant(20)
    duty = Duty.objects.filter(contract=contract, status=Status.DUE).first()
    serve(duty)
    outbox.deliver_waiting()
    told = Notification.objects.filter(template="duty.confirm").count()
    end(contract)
    with time_machine.travel(timezone.now() + 4 * DAY):
        clocks.fire_due()
    assert Notification.objects.filter(template="duty.confirm").count() == told


def test_taken_back_within_ten_minutes_everything_is_as_before(pregnant, end, undo):
    contract = pregnant(20)
    before = {one.pk: (one.status, one.due_on) for one in owed(contract)}
    end(contract)
    undo(contract)
    found = owed(contract)
    assert {one.pk: (one.status, one.due_on) for one in found} == before
    assert all(running(one) == (one.status == Status.DUE) for one in found)
    assert Plan.objects.get(contract=contract).ended_on is None
    end(contract)
    later = timezone.now() + timedelta(minutes=11)
    with time_machine.travel(later), pytest.raises(Gone, match="more than ten minutes ago"):
        undo(contract)


def test_the_same_again_changes_nothing_and_another_day_corrects_it(pregnant, end):
    contract = pregnant(20)
    first = end(contract).ended_at
    assert end(contract).ended_at == first
    plan = end(contract, day=today() - 2 * DAY)
    assert (plan.ended_on, plan.ended_at) == (today() - 2 * DAY, first)


@pytest.mark.parametrize(
    ("weeks", "kind", "days_ago", "wrong"),
    [
        (20, "vanished", 0, "choose what happened"),
        (20, "lost", 91, "last 90 days"),
        (20, "lost", -1, "last 90 days"),
        (8, "lost", 60, "do not belong together"),
        (20, "still", 0, "in week 20"),
        (32, "lost", 0, "in week 32"),
    ],
)
def test_what_cannot_be_is_refused(pregnant, end, weeks, kind, days_ago, wrong):
    contract = pregnant(weeks)
    with pytest.raises(Invalid, match=wrong):
        end(contract, kind, today() - days_ago * DAY)
    assert Plan.objects.get(contract=contract).ended_on is None


def test_only_the_team_and_only_of_a_pregnancy(team, pregnant, end):
    contract = pregnant(20)
    for stranger in (TeamFactory().leader, contract.patient.user):
        with pytest.raises(NotFound):
            end(contract, actor=stranger)
    other = begun(team, patient=woman(team))
    with pytest.raises(Conflict, match="No pregnancy is followed"):
        end(other)


def test_a_new_pregnancy_is_followed_anew_and_an_old_page_brings_nothing_back(
    team, pregnant, end, by
):
    contract = pregnant(20)
    before = Plan.objects.get(contract=contract).expected_on
    end(contract)

    def say(**said):
        with by(team.leader):
            services.set_dates(actor=team.leader, contract_id=contract.pk, said=Dates(**said))

    with pytest.raises(Invalid, match="a new one began after it"):
        say(expected_on=before)
    with time_machine.travel(timezone.now() + 70 * DAY):
        say(weeks=9)
        plan_duties_task()
        assert owed(contract)[0].rule == Code.ANTENATAL_1
    assert Plan.objects.get(contract=contract).ended_on is None


def test_the_page_asks_for_it_and_takes_it_back(client, pregnant, team):
    contract = pregnant(20)
    team.leader.language = "en"
    team.leader.save()
    client.force_login(team.leader)
    page = f"/family-doctor/duties/plans/{contract.pk}/"
    assert "The pregnancy has ended without a birth" in client.get(page).content.decode()
    sent = {"ended_on": today().isoformat(), "kind": ""}
    refused = client.post(f"{page}end/", sent, follow=True).content.decode()
    assert "Please choose what happened." in refused
    kept = client.post(f"{page}end/", {**sent, "kind": "lost"}, follow=True).content.decode()
    assert f"The pregnancy ended on {today().isoformat()}." in kept
    assert "week 20 today" not in kept
    back = client.post(f"{page}end/undo/", follow=True).content.decode()
    assert "what was owed is owed again" in back
    assert "week 20 today" in back
