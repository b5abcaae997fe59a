"""Disputes that the leader of a team cannot settle, and what the county sees."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from scheduling.duties import services
from scheduling.duties.models import Code, Duty, Status
from scheduling.duties.tasks import plan_duties_task
from scheduling.registration.models import Contract
from telemed.core import clocks, outbox
from telemed.core.errors import Forbidden, Gone, NotFound
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.oversight.models import Signal
from telemed.people.models import Role
from tests.factories.duties import HIGH, due, serve, served
from tests.factories.people import DivisionFactory, OrganisationFactory, StaffFactory
from tests.factories.registration import join, resident_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY, BORN = timedelta(days=1), date(1970, 1, 1)
FOUND = "电话问过家属和村医，当天没有去"
COUNTY = "/family-doctor/duties/county/"


def coordinator(code="520121"):
    place = DivisionFactory(code=code)
    office = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=place)
    return StaffFactory(organisation=office, role=Role.COORDINATOR, language="en")


@pytest.fixture
def county():
    return coordinator()


@pytest.fixture
def disputed(by):
    def dispute(duty):
        resident = duty.contract.patient.user
        with by(resident):
            return services.dispute(actor=resident, duty_id=duty.pk)

    return dispute


@pytest.fixture
def settle(by):
    def settle(duty, actor, kept):
        way = services.settle_for_county if actor.role == "coordinator" else services.settle
        with by(actor):
            return way(actor=actor, duty_id=duty.pk, kept=kept, why=FOUND)

    return settle


def told(user):
    outbox.deliver_waiting()
    rows = Notification.objects.filter(recipient=user, template="duty.disputed")
    return [one.url for one in rows]


def test_what_the_leader_served_is_settled_by_the_county(team, county, disputed, settle):
    duty = disputed(served(team, team.leader))
    assert (told(county), told(team.leader)) == ([COUNTY], [])
    done = settle(duty, county, False)
    assert (done.status, done.served_by, done.settled) == ("due", None, FOUND)
    assert Contract.objects.get().complaint_upheld_on == timezone.localdate()


def test_what_a_colleague_served_is_the_leaders_first(team, county, disputed, settle):
    duty = disputed(served(team, join(team)))
    assert told(county) == []
    with pytest.raises(NotFound):
        settle(duty, county, True)
    assert settle(duty, team.leader, True).status == Status.CONFIRMED


def test_the_resident_goes_on_to_the_county_once(team, county, disputed, settle):
    duty = served(team, join(team))
    settle(disputed(duty), team.leader, True)
    disputed(duty)
    assert told(county) == [COUNTY]
    with pytest.raises(Forbidden, match="gone on to the county"):
        settle(duty, team.leader, True)
    assert settle(duty, county, True).status == Status.CONFIRMED
    with pytest.raises(Gone, match="The county has looked at this"):
        disputed(duty)


def test_what_the_leader_leaves_open_becomes_the_countys(team, county, disputed, settle):
    duty = disputed(served(team, join(team)))
    outbox.deliver_waiting()
    last = Clock.objects.filter(about=duty.pk, kind="duty.dispute").order_by("due_at").last()
    with time_machine.travel(last.due_at + timedelta(seconds=1)):
        clocks.fire_due()
        assert told(county) == [COUNTY]
        assert settle(duty, team.leader, True).status == Status.CONFIRMED


def test_another_county_knows_nothing_of_it(team, disputed, settle):
    duty = disputed(served(team, team.leader))
    with pytest.raises(NotFound):
        settle(duty, coordinator("520122"), True)


def test_an_upheld_dispute_is_a_signal_once_a_month(team, county, disputed, settle):
    for _ in range(2):
        settle(disputed(served(team, team.leader)), county, False)
    signal = Signal.objects.get()
    assert (signal.rule, signal.subject) == ("duty_struck", team.organisation)
    assert signal.facts == {"n": 2}
    kept = disputed(served(team, join(team)))
    settle(kept, team.leader, True)
    signal.refresh_from_db()
    assert signal.facts == {"n": 2}


def test_the_next_one_is_planned_while_it_is_disputed(team, disputed):
    disputed(served(team, team.leader))
    plan_duties_task()
    following = Duty.objects.get(rule=Code.HYPERTENSION, status=Status.PLANNED)
    assert following.due_on == timezone.localdate() + 90 * DAY


def test_the_county_reads_what_it_settles_and_what_kind_it_is_not(client, team, county, disputed):
    duty = disputed(served(team, team.leader))
    late = serve(due(team, patient=resident_of(team, name="龙阿妹", birth_date=BORN)), found=HIGH)
    Duty.objects.filter(recheck_of=late).update(due_on=timezone.localdate() - DAY)
    client.force_login(county)
    page = client.get(COUNTY).content.decode()
    assert duty.contract.patient.name in page
    assert late.contract.patient.name not in page
    assert "Rechecks after a warning value that are not done" in page
    assert str(Code.HYPERTENSION.label) not in page
    sent = {"kept": "no", "why": FOUND}
    client.post(f"{COUNTY}{duty.pk}/settle/", sent)
    duty.refresh_from_db()
    assert duty.status == Status.DUE
    answer = client.post(f"{COUNTY}{duty.pk}/settle/", sent, follow=True)
    assert "that cannot be done now" in answer.content.decode()


def test_the_resident_finds_the_way_on_on_the_page(client, team, county, disputed, settle):
    duty = served(team, join(team))
    settle(disputed(duty), team.leader, True)
    resident = duty.contract.patient.user
    resident.language = "en"
    resident.save()
    client.force_login(resident)
    mine = "/family-doctor/duties/mine/"
    assert "No: the county shall look at it" in client.get(mine).content.decode()
    client.post(f"/family-doctor/duties/{duty.pk}/dispute/")
    assert told(county) == [COUNTY]
    settle(duty, county, True)
    assert "No: the county shall look at it" not in client.get(mine).content.decode()
