import csv
import hashlib
import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from telemed.core import clocks, outbox
from telemed.core.clocks import FIRER
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.ids import new_id
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.organisations.ledger import accrue, net_amount, reverse
from telemed.organisations.models import (
    Agreement,
    AgreementService,
    Division,
    Entry,
    Organisation,
    Statement,
)
from telemed.organisations.models.agreements import day_range
from telemed.organisations.models.ledger import split
from telemed.organisations.services import settling
from telemed.people.models import Role
from tests.factories.people import (
    AgreementFactory,
    DivisionFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.marks import committed
from tests.racing import race

NOW = timezone.now()
DAY = timedelta(days=1)
State, EntryState = Statement.State, Entry.State


class Sides:
    """Two institutions with an agreement, and the four people who settle."""

    def __init__(self):
        self.agreement = AgreementFactory(services=["consult", "ecg"])
        asking, asked = self.agreement.asking, self.agreement.asked
        self.coordinator = StaffFactory(role=Role.COORDINATOR, organisation=asked)
        self.admin = StaffFactory(role=Role.ADMINISTRATOR, organisation=asking)
        self.office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=asking)

    def accrue(self, **given):
        facts = {"subject": new_id(), "kind": "consult", "agreement": self.agreement, "units": 1}
        return accrue(**{**facts, "at": NOW, **given})

    def last_month(self, lines=2):
        """A statement of a month that is over."""
        entries = [self.accrue() for _ in range(lines)]
        statement = entries[0].statement
        statement.month = (statement.month - DAY).replace(day=1)
        statement.save(update_fields=["month"])
        return statement

    def review(self, statement):
        return settling.review_statement(actor=self.coordinator, statement_id=statement.pk)

    def confirm(self, statement, entries=None):
        return settling.confirm_statement(
            actor=self.admin, statement_id=statement.pk, entry_ids=entries
        )

    def dispute(self, entry, reason="这例没有做过会诊"):
        return settling.dispute_entry(actor=self.admin, entry_id=entry.pk, reason=reason)

    def correct(self, entry, amount, actor=None, reason="核对后确认有误"):
        return settling.correct_entry(
            actor=actor or self.coordinator, entry_id=entry.pk, amount=amount, reason=reason
        )


@pytest.fixture
def sides(db):
    return Sides()


@pytest.fixture
def reviewed(sides, by):
    with by(sides.coordinator):
        return sides.review(sides.last_month())


def test_what_is_done_is_accrued_at_the_price_and_split_of_the_agreement(sides, by):
    with by(FIRER):
        entry = sides.accrue(units=2, reference="C261124-0009")

    assert (entry.price, entry.amount) == (12_000, 24_000)
    assert (entry.asking_amount, entry.asked_amount, entry.platform_amount) == (7_200, 16_800, 0)
    assert entry.statement.month == timezone.localdate().replace(day=1)
    assert Clock.objects.filter(about=entry.statement_id, kind="settlement.review").count() == 1


def test_a_thing_is_accrued_once(sides, by):
    subject = new_id()
    with by(FIRER):
        first = sides.accrue(subject=subject)
        assert sides.accrue(subject=subject, units=9) == first
        assert sides.accrue(subject=subject, kind="ecg") != first


@committed
def test_a_thing_is_accrued_once_even_at_the_same_moment(by):
    sides, subject = Sides(), new_id()

    def call():
        with by(FIRER):
            sides.accrue(subject=subject)

    assert race([call] * 6) == {"won": 6}
    assert Entry.objects.count() == 1
    assert Statement.objects.count() == 1


def test_the_version_of_the_day_of_acceptance_gives_the_price(sides, by):
    old = sides.agreement
    old.state, old.ended_at = Agreement.State.SUPERSEDED, NOW - DAY
    old.save()
    AgreementService.objects.filter(agreement=old).update(in_force=False)
    new = AgreementFactory(
        asking=old.asking,
        asked=old.asked,
        series=old.series,
        version=2,
        price=15_000,
        activated_at=NOW - DAY,
    )
    with by(FIRER):
        before = sides.accrue(agreement=new, at=NOW - 2 * DAY)
        after = sides.accrue(agreement=old, at=NOW)
    assert (before.price, before.agreement) == (12_000, old)
    assert (after.price, after.agreement) == (15_000, new)


def test_an_exemption_costs_nothing_and_keeps_its_basis(sides, by):
    with by(FIRER):
        entry = sides.accrue(exempt="基本公共卫生服务")
    assert (entry.amount, entry.price, entry.exempt) == (0, 12_000, "基本公共卫生服务")


def test_an_emergency_without_an_agreement_is_priced_when_both_have_agreed(sides, by):
    parties = (sides.agreement.asking, sides.agreement.asked)
    with by(FIRER):
        entry = sides.accrue(agreement=None, parties=parties)
    assert (entry.amount, entry.agreement) == (0, None)
    with by(sides.coordinator):
        sides.correct(entry, 20_000, reason="双方商定急会诊价")
    assert net_amount(entry) == 20_000
    with pytest.raises(ValueError, match="who asked whom"), by(FIRER):
        sides.accrue(agreement=None)


def test_what_is_withdrawn_is_brought_to_nothing_by_a_counter_line(sides, by):
    with by(FIRER):
        entry = sides.accrue()
        counter = reverse(subject=entry.subject, kind="consult", reason="意见已撤回")
        assert reverse(subject=entry.subject, kind="consult", reason="意见已撤回") is None
        assert reverse(subject=new_id(), kind="consult", reason="意见已撤回") is None
    assert (counter.amount, counter.corrects) == (-12_000, entry)
    assert net_amount(entry) == 0


@pytest.mark.parametrize("amount", [0, 1, 99, 101, 12_345, -12_345])
@pytest.mark.parametrize("shares", [(30, 70, 0), (33, 33, 34), (0, 100, 0)])
def test_a_split_is_always_whole(amount, shares):
    assert sum(split(amount, shares)) == amount


def test_an_amount_is_never_changed(sides, by):
    with by(FIRER):
        entry = sides.accrue()
    for change in ("amount = 1, asked_amount = 1, asking_amount = 0", "units = 9"):
        with (
            pytest.raises(DatabaseError, match="corrected by another"),
            by(FIRER),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE organisations_entry SET {change}")  # noqa: S608
    with pytest.raises(DatabaseError, match="never deleted"), by(FIRER):
        entry.delete()


def test_a_month_is_reviewed_confirmed_and_exported(sides, by):
    with by(sides.coordinator):
        statement = sides.last_month()
        sides.review(statement)
    with by(sides.admin):
        confirmed = sides.confirm(statement)
        exported = settling.export_statement(actor=sides.admin, statement_id=statement.pk)

    assert (confirmed.state, exported.state) == (State.CONFIRMED, State.EXPORTED)
    assert exported.digest == hashlib.sha256(exported.file.encode()).hexdigest()
    rows = list(csv.reader(io.StringIO(exported.file)))
    assert [row[9] for row in rows[1:]] == ["120.00", "120.00", "240.00"]
    assert not Clock.objects.filter(about=statement.pk, state=ClockState.RUNNING).exists()
    with by(sides.admin):
        again = settling.export_statement(actor=sides.admin, statement_id=statement.pk)
    assert (again.file, again.number) == (exported.file, exported.number)


def test_a_month_that_runs_on_is_not_reviewed(sides, by):
    with by(sides.coordinator):
        statement = sides.accrue().statement
    with pytest.raises(Conflict), by(sides.coordinator):
        sides.review(statement)


def test_lines_are_confirmed_one_by_one(sides, reviewed, by):
    first, second = reviewed.entries.order_by("pk")
    with by(sides.admin):
        assert sides.confirm(reviewed, [first.pk]).state == State.REVIEWED
    with pytest.raises(Conflict), by(sides.admin):
        sides.confirm(reviewed, [first.pk])
    with by(sides.admin):
        assert sides.confirm(reviewed, [second.pk]).state == State.CONFIRMED


def test_the_medical_office_may_confirm_too(sides, reviewed, by):
    with by(sides.office):
        settling.confirm_statement(actor=sides.office, statement_id=reviewed.pk)
    reviewed.refresh_from_db()
    assert reviewed.state == State.CONFIRMED


def test_a_disputed_line_is_corrected_by_another_and_then_confirmed(sides, reviewed, by):
    entry = reviewed.entries.order_by("pk").first()
    with by(sides.admin):
        sides.dispute(entry)
    with pytest.raises(Conflict), by(sides.admin):
        sides.confirm(reviewed)
    with by(sides.coordinator):
        counter = sides.correct(entry, 6_000)
    entry.refresh_from_db()
    assert (counter.amount, net_amount(entry)) == (-6_000, 6_000)
    assert (entry.amount, entry.state) == (12_000, EntryState.REVIEWED)
    assert not Clock.objects.filter(about=entry.pk, state=ClockState.RUNNING).exists()
    with by(sides.admin):
        assert sides.confirm(reviewed).state == State.CONFIRMED


def test_a_line_that_stands_is_answered_with_its_reason(sides, reviewed, by):
    entry = reviewed.entries.order_by("pk").first()
    with by(sides.coordinator), pytest.raises(Invalid):
        sides.correct(entry, 12_000)
    with by(sides.admin):
        sides.dispute(entry)
    with by(sides.coordinator):
        counter = sides.correct(entry, 12_000, reason="会诊记录完整，维持原额")
    assert (counter.amount, counter.reason) == (0, "会诊记录完整，维持原额")


def test_a_closed_month_is_corrected_in_the_running_one(sides, reviewed, by):
    entry = reviewed.entries.order_by("pk").first()
    with by(sides.admin):
        sides.confirm(reviewed)
    with pytest.raises(Conflict), by(sides.admin):
        sides.dispute(entry)
    with by(sides.coordinator):
        counter = sides.correct(entry, 0)
    assert counter.statement != reviewed
    assert counter.statement.month == timezone.localdate().replace(day=1)
    with pytest.raises(Conflict), by(sides.coordinator):
        sides.correct(counter, 5)
    with by(sides.admin):
        settling.export_statement(actor=sides.admin, statement_id=reviewed.pk)
    with pytest.raises(Conflict), by(sides.admin):
        sides.dispute(entry)


def test_the_wrong_people_are_refused(sides, reviewed, by):
    entry = reviewed.entries.first()
    head = StaffFactory(role=Role.HEAD, organisation=sides.agreement.asking)
    stranger = StaffFactory(role=Role.ADMINISTRATOR)
    theirs = StaffFactory(role=Role.ADMINISTRATOR, organisation=sides.agreement.asked)
    attempts = [
        (sides.admin, settling.review_statement, {"statement_id": reviewed.pk}, Forbidden),
        (sides.coordinator, settling.confirm_statement, {"statement_id": reviewed.pk}, Forbidden),
        (theirs, settling.confirm_statement, {"statement_id": reviewed.pk}, Forbidden),
        (head, settling.confirm_statement, {"statement_id": reviewed.pk}, Forbidden),
        (stranger, settling.confirm_statement, {"statement_id": reviewed.pk}, NotFound),
        (stranger, settling.export_statement, {"statement_id": reviewed.pk}, NotFound),
        (sides.admin, settling.export_statement, {"statement_id": reviewed.pk}, Conflict),
        (sides.office, settling.dispute_entry, {"entry_id": entry.pk, "reason": "x"}, Forbidden),
        (
            sides.admin,
            settling.correct_entry,
            {"entry_id": entry.pk, "amount": 0, "reason": "因为不想付"},
            Forbidden,
        ),
        (
            sides.coordinator,
            settling.correct_entry,
            {"entry_id": entry.pk, "amount": -1, "reason": "核对后确认有误"},
            Invalid,
        ),
        (sides.admin, settling.dispute_entry, {"entry_id": new_id(), "reason": "x"}, NotFound),
    ]
    for actor, service, given, refusal in attempts:
        with pytest.raises(refusal), by(actor):
            service(actor=actor, **given)
    reviewed.refresh_from_db()
    assert reviewed.state == State.REVIEWED


def test_nobody_confirms_what_they_reviewed_for_the_other_side(sides, reviewed, by):
    Statement.objects.update(reviewed_by=sides.admin.actor_id)
    with pytest.raises(Forbidden), by(sides.admin):
        sides.confirm(reviewed)


def test_an_unanswered_dispute_goes_to_the_authority(sides, reviewed, by):
    province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=province)
    decider = StaffFactory(role=Role.COORDINATOR, organisation=authority)
    entry = reviewed.entries.first()
    with by(sides.admin):
        sides.dispute(entry)
    with pytest.raises(Forbidden), by(decider):
        sides.correct(entry, 0, actor=decider)

    Clock.objects.filter(about=entry.pk).update(due_at=NOW - DAY)
    clocks.fire_due()
    outbox.deliver_waiting()

    assert Notification.objects.filter(recipient=decider, template="settlement.undecided").exists()
    with by(decider):
        sides.correct(entry, 0, actor=decider)
    assert net_amount(entry) == 0


def test_whose_turn_it_is_hears_of_it(sides, by):
    with by(sides.coordinator):
        statement = sides.last_month()
    Clock.objects.filter(about=statement.pk).update(due_at=NOW - DAY)
    clocks.fire_due()
    outbox.deliver_waiting()
    assert {n.recipient for n in Notification.objects.all()} == {sides.coordinator}
    with by(sides.coordinator):
        sides.review(statement)
    outbox.deliver_waiting()
    told = Notification.objects.filter(template="settlement.ready").exclude(
        recipient=sides.coordinator
    )
    assert {n.recipient for n in told} == {sides.admin, sides.office}


def test_days_are_kept_as_the_database_counts_them():
    first, after = day_range(NOW.date(), NOW.date())
    assert after - first == DAY


@committed
def test_a_line_is_confirmed_or_disputed_when_both_come_at_once(by):
    """Of two people of the side that asked; what was confirmed is closed, and owed."""
    sides = Sides()
    with by(sides.coordinator):
        statement = sides.review(sides.last_month(lines=1))
    entry = statement.entries.get()

    def confirm():
        with by(sides.admin):
            sides.confirm(statement)

    def dispute():
        with by(sides.admin):
            sides.dispute(entry)

    assert race([confirm, dispute]) == {"won": 1, "Conflict": 1}
    entry.refresh_from_db()
    statement.refresh_from_db()
    assert (statement.state, entry.state) in {
        (State.CONFIRMED, EntryState.CONFIRMED),
        (State.REVIEWED, EntryState.DISPUTED),
    }


@committed
def test_two_corrections_at_once_make_the_amount_of_one_and_not_the_sum(by):
    sides = Sides()
    with by(sides.coordinator):
        statement = sides.review(sides.last_month(lines=1))
    entry = statement.entries.get()

    def correct():
        with by(sides.coordinator):
            sides.correct(entry, 9_000)

    assert race([correct] * 3) == {"won": 1, "Invalid": 2}
    assert net_amount(entry) == 9_000
