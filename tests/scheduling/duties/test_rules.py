"""Who hears of a service, and when, as rules of the house."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from scheduling.duties import services
from scheduling.duties.models import Status
from telemed.core import clocks, outbox
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.people.models import Role
from tests.factories.duties import HIGH, due, serve, served
from tests.factories.people import DivisionFactory, OrganisationFactory, StaffFactory
from tests.factories.registration import join
from tests.ruling import Page, ladder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY, MINUTES = timedelta(days=1), 1440


@pytest.fixture
def page(client, team):
    return Page(client, team.organisation)


@pytest.fixture
def county(team):
    place = DivisionFactory(code=team.organisation.division_id[:6])
    office = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=place)
    return StaffFactory(organisation=office, role=Role.COORDINATOR)


def dues(duty, kind):
    rows = Clock.objects.filter(about=duty.pk, kind=kind).order_by("rung")
    return list(rows.values_list("due_at", flat=True))


def fire(moment):
    with time_machine.travel(moment + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()


def told(user, template):
    outbox.deliver_waiting()
    return Notification.objects.filter(recipient=user, template=template).count()


def test_a_window_that_opens_later_tells_by_the_new_steps(page, team, county):
    before = due(team)
    kept = dues(before, "duty.window")
    assert [(timezone.localdate(at) - before.due_on).days for at in kept] == [15, 30]
    steps = ladder((100, 2 * MINUTES, "county"))
    status, said = page.ask("duty.late", **steps)
    assert (status, "services whose window is open keep their steps" in said) == (200, True)
    page.set("duty.late", **steps)
    after = due(team)
    [at] = dues(after, "duty.window")
    assert (timezone.localdate(at) - after.due_on).days == 16
    assert dues(before, "duty.window") == kept
    fire(kept[0])
    assert (told(team.leader, "duty.missed"), told(county, "duty.missed")) == (1, 0)
    fire(at)
    assert told(county, "duty.missed") == 1


def test_nothing_is_late_while_its_window_is_open(page):
    status, said = page.ask("duty.late", **ladder((100, "", "leader"), (100, MINUTES, "county")))
    assert (status, "Nothing is late before the day after its window" in said) == (422, True)


def test_reminders_to_confirm_and_their_end_are_days(page, team):
    nurse = join(team)
    before = served(team, nurse)
    kept = dues(before, "duty.confirm")
    page.set("duty.confirm.reminders", value="1 5")
    page.set("duty.confirm", amount="7", unit="d")
    after = served(team, nurse)
    began = Clock.objects.filter(about=after.pk, kind="duty.confirm").first().created_at
    assert [round((at - began) / DAY) for at in dues(after, "duty.confirm")] == [1, 5, 7]
    assert dues(before, "duty.confirm") == kept
    for at in dues(after, "duty.confirm"):
        assert type(after).objects.get(pk=after.pk).status == Status.DONE
        fire(at)
    after.refresh_from_db()
    before.refresh_from_db()
    assert (after.status, before.status) == (Status.UNCONFIRMED, Status.DONE)


def test_the_end_of_confirming_is_after_its_reminders(page):
    for name, fields in (
        ("duty.confirm", {"amount": "10", "unit": "d"}),
        ("duty.confirm.reminders", {"value": "3, 14"}),
    ):
        status, said = page.ask(name, **fields)
        assert (status, "the time is over" in said) == (422, True)


def test_a_dispute_reaches_the_county_when_its_ladder_says_so(page, team, county, by):
    steps = ladder((20, "", "county"), (100, "", "settler"))
    page.set("duty.dispute.ladder", **steps)
    page.set("duty.dispute", amount="20", unit="h")
    duty = served(team, join(team))
    with by(duty.contract.patient.user):
        services.dispute(actor=duty.contract.patient.user, duty_id=duty.pk)
    assert told(county, "duty.disputed") == 0
    first, _last = dues(duty, "duty.dispute")
    assert round(clocks.worked(timezone.now(), first, "working") / timedelta(hours=1)) == 4
    fire(first)
    duty.refresh_from_db()
    assert (duty.to_county, told(county, "duty.disputed")) == (True, 1)
    status, said = page.ask("duty.dispute.ladder", **ladder((50, "", "settler")))
    assert (status, "bring a dispute to the county" in said) == (422, True)
    assert "1 dispute keeps its steps" in page.ask("duty.dispute", amount="3", unit="d")[1]


def test_a_recheck_that_is_owed_is_counted(page, team):
    serve(due(team), found=HIGH)
    steps = ladder((100, "", "leader"))
    assert "1 recheck that is owed keeps its steps" in page.ask("duty.recheck", **steps)[1]
