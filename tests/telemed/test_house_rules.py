"""Lengths that the province may set: what begins under a rule has its time, what runs its own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from records.mpi import services as persons
from telemed.core import policies
from telemed.core.models import Clock
from telemed.notifications.models import Channel
from telemed.notifications.services import notify
from telemed.organisations.services import steps
from telemed.people.models import Practitioner, Role
from telemed.rota.clock_rows import start_end_clock
from telemed.staff import services as staff
from tests.factories.people import (
    AgreementFactory,
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.rota import on
from tests.ruling import lay

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SAID = {  # a rule, the kind of its clock
    "agreement.warnings": "agreement.end",
    "licence.warnings": "licence.end",
    "rota.publish_day": "rota.publish",
    "shift.handover": "shift.handover",
    "shift.absent": "shift.absent",
    "match.review": "match.review",
    "person.identify": "person.identify",
    "opinion.ready": "opinion.ready",
    "mdt.statement": "mdt.statement",
    "notification.second": "notification.second",
    "notification.phone": "notification.phone",
}


@pytest.fixture
def admin():
    return StaffFactory(role=Role.ADMINISTRATOR)


def left(about, kind):
    """From the last: how long until each of its clocks."""
    rows = Clock.objects.filter(about=about.pk, kind=kind, state="running").order_by("-due_at")
    return [row.due_at - timezone.now() for row in rows]


@pytest.mark.parametrize(("rule", "kind"), SAID.items())
def test_the_preview_counts_what_runs_under_it(rule, kind):
    policy = policies.find(rule)
    assert policy.preview(None, policy.default) is None
    about = PatientFactory().pk
    due = timezone.now() + DAY
    for rung in (0, 1):
        Clock.objects.create(kind=kind, about=about, rung=rung, calendar="wall", due_at=due)
    assert policy.preview(None, policy.default).count == 1
    policy.kind.check(policy.default)
    assert policy.kind.load(policy.kind.dump(policy.default)) == policy.default


def test_an_agreement_warns_by_the_rule_of_its_day(by, admin):
    before, after = AgreementFactory(), AgreementFactory()
    with by(admin):
        steps.start_end_clock(before)
    lay("agreement.warnings", (100, 50, 20, 3))
    Clock.objects.filter(about=before.pk).update(created_at=timezone.now() - 2 * DAY)
    with by(admin):
        steps.start_end_clock(after)
    assert len(left(before, "agreement.end")) == 4
    assert len(left(after, "agreement.end")) == 5
    of_before = Clock.objects.filter(about=before.pk).earliest("due_at")
    with by(admin):
        assert steps.warnings(of_before.created_at) == (90, 30, 7)
        assert steps.warnings() == (100, 50, 20, 3)


def test_a_licence_warns_as_the_rule_says(by, admin):
    lay("licence.warnings", (20,))
    doctor = PractitionerFactory(licensed_until=timezone.localdate() + 400 * DAY)
    with by(admin):
        staff.watch_licence(practitioner=Practitioner.objects.get(pk=doctor.pk))
    end, warning = left(doctor, "licence.end")
    assert 19 * DAY < end - warning < 21 * DAY


def test_hand_over_begins_as_long_before_the_end_as_the_rule_says(by, admin):
    shift = on(StaffFactory(), OrganisationFactory(), timezone.now(), hours=12)
    for rule, before in ((None, 30 * MINUTE), (HOUR, HOUR)):
        if rule:
            lay("shift.handover", rule)
        with by(admin):
            start_end_clock(rota=shift.rota)
        (wait, *_former) = sorted(left(shift.rota, "shift.handover"))
        assert abs(shift.ends_at - timezone.now() - before - wait) < MINUTE
        Clock.objects.all().delete()


def test_two_records_are_looked_at_within_the_time_of_the_rule(by, admin):
    lay("match.review", 8 * HOUR)
    one, other = (PatientFactory(managing_organisation=admin.organisation) for _ in range(2))
    with by(admin):
        pair = persons.suggest_pair(actor=admin, one=one, other=other, said="looks the same")
    assert left(pair, "match.review")[0] < 7 * DAY  # five working days would be a week


def test_an_unread_message_goes_further_by_the_rule(by, admin):
    lay("notification.second", 15 * MINUTE)
    lay("notification.phone", 45 * MINUTE)
    with by(admin):
        note = notify(
            recipient=UserFactory(),
            template="case.cancelled",
            about=admin.pk,
            url="/",
            no="C1",
            reason="转院",
            pressing=True,
        )
    waits = {row.kind: row.due_at - timezone.now() for row in Clock.objects.filter(about=note.pk)}
    assert note.deliveries.filter(channel=Channel.IN_APP).exists()
    assert all(wait > 14 * MINUTE for wait in waits.values())
