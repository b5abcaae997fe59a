"""
The resident says that it was not done: the leader settles it, or the coordinators of the county.

The county settles what the leader has served or has settled before, what a team without a leader
has, and what the leader has left open for too long (a policy).
"""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.duties import clock_kinds, clock_rows, queries, rules
from scheduling.duties.events import DutyDisputed, DutySettled
from scheduling.duties.models import Duty, Status
from scheduling.duties.permissions import has_served, may_settle, may_settle_for_county
from scheduling.duties.services.answering import require_resident
from scheduling.duties.services.stepping import lock, lock_any, step
from scheduling.duties.services.striking import strike_entry
from scheduling.duties.services.telling import tell_leader
from scheduling.duties.signals import STRUCK
from scheduling.registration import queries as registration
from scheduling.registration.services import uphold_complaint
from telemed.audit import services as audit
from telemed.core import moments, policies
from telemed.core.errors import Gone, Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.notifications.persons import Voice
from telemed.oversight.services import raise_at_once
from telemed.people.models import User

FOUND = 10  # characters of what was found


def dispute(*, actor: Voice, duty_id: UUID) -> Duty:
    """It was not done; within thirty days even of what was confirmed."""
    require_intention()
    duty = lock(actor, duty_id)
    require_resident(actor, duty)
    if duty.status == Status.DISPUTED:
        return duty
    if duty.is_settled_by_county:
        raise Gone(_("The county has looked at this; what it found stands."), path="status")
    if duty.status == Status.CONFIRMED and not duty.is_disputable:
        raise Gone(_("What was confirmed can be disputed for thirty days."), path="status")
    leader = registration.leader_of(duty.contract.team)
    duty.to_county = duty.settled != "" or leader is None or has_served(leader, duty)
    step(duty, Status.DISPUTED, "duty.dispute", DutyDisputed)
    clock_rows.stop(duty, clock_kinds.CONFIRM)
    clock_rows.start_dispute(duty)
    return duty


def settle(*, actor: User, duty_id: UUID, kept: bool, why: str) -> Duty:
    """What the leader found: it was done; or the entry is struck, and it is owed again."""
    require_intention()
    duty = lock(actor, duty_id)
    require(registration.leads(actor, duty.contract.team), _("The leader of the team settles it."))
    require(not has_served(actor, duty), _("Who served cannot settle it."))
    if duty.status == Status.DISPUTED:
        said = _("The resident has gone on to the county, which settles it.")
        require(may_settle(actor, duty), said)
        duty.to_county = False
    return _settle(duty, kept, why)


def settle_for_county(*, actor: User, duty_id: UUID, kept: bool, why: str) -> Duty:
    """By a coordinator of the county; it is the last word."""
    require_intention()
    queries.get_for_county(actor, duty_id)
    duty = lock_any(duty_id)
    require(not has_served(actor, duty), _("Who served cannot settle it."))
    settled = _settle(duty, kept, why)
    if not kept:
        uphold_complaint(duty.contract)
    return settled


def open_county(*, actor: User) -> tuple[list[Duty], list[queries.Overdue]]:
    """What the county has to settle, with whom to ask; and the rechecks that nobody did."""
    require_intention()
    require(may_settle_for_county(actor), _("This list is for the county's coordinators."))
    disputed = queries.disputed_in_county(actor)
    for duty in disputed:
        patient_id = duty.contract.patient_id
        audit.record(action="duty.read_dispute", target=duty, patient_id=patient_id)
    return disputed, queries.rechecks_overdue(actor)


def await_settlement(*, clock: Clock) -> None:
    """Who settles it hears again; at the step that says so it becomes the county's."""
    require_intention()
    duty = lock_any(clock.about)
    if duty.status != Status.DISPUTED:
        return
    organisation_id = duty.contract.team.organisation_id
    rung = policies.rung_of(rules.DISPUTE_LADDER, clock, organisation_id)
    if rung.call == rules.COUNTY and not duty.to_county:
        duty.to_county = True
        duty.save(update_fields=["to_county"])
        audit.record(action="duty.pass_on", target=duty, patient_id=duty.contract.patient_id)
    tell_disputed(duty, turn=10 * clock.turn + clock.rung + 1)


def tell_disputed(duty: Duty, *, turn: int = 0) -> None:
    """Who can settle it: the leader who neither served nor settled it, the county."""
    leader = registration.leader_of(duty.contract.team)
    may = leader is not None and may_settle(leader, duty)
    tell_leader(duty, "duty.disputed", turn=turn, leader=may, county=duty.to_county)


def _settle(duty: Duty, kept: bool, why: str) -> Duty:
    if duty.status != Status.DISPUTED:
        raise duty.out_of_turn()
    if len(why.strip()) < FOUND:
        sentence = _("Write at least {n} characters about what you found.").format(n=FOUND)
        raise Invalid(sentence, path="why")
    duty.settled = why.strip()[:500]
    if kept:
        duty.confirmed_at = moments.now()
        step(duty, Status.CONFIRMED, "duty.settle", DutySettled, reason="kept")
    else:
        strike_entry(duty, "duty.settle")
        raise_at_once(rule=STRUCK, subject=duty.contract.team.organisation)
    clock_rows.stop(duty, clock_kinds.DISPUTE)
    return duty
