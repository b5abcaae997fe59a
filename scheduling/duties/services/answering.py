"""Whether it was done: the resident says so, or nobody does; and what is owed no longer."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent import access
from scheduling.duties import clock_kinds, clock_rows, rules
from scheduling.duties.calendar import ANTENATAL
from scheduling.duties.events import DutyConfirmed
from scheduling.duties.models import Answered, Duty, Reason, Status
from scheduling.duties.permissions import has_served, may_be_waived
from scheduling.duties.services.stepping import leave, lock, lock_all, lock_any, step
from scheduling.duties.services.striking import strike_entry
from scheduling.duties.services.telling import tell_people, tell_recheck, tell_windows_over
from scheduling.registration import queries as registration
from scheduling.registration.permissions import is_resident
from telemed.core import moments, policies
from telemed.core.clocks import find_last
from telemed.core.errors import Conflict, Forbidden, Gone, Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.notifications.persons import Voice
from telemed.people.models import User

TAKEN_BACK = timedelta(days=1)  # within which who entered it may strike it


def confirm(*, actor: Voice, duty_id: UUID, way: Answered = Answered.TAP) -> Duty:
    """By the resident or who acts for them, on the page or by SMS; late is better than never."""
    require_intention()
    duty = lock(actor, duty_id)
    require_resident(actor, duty)
    if duty.status == Status.CONFIRMED:
        return duty
    if duty.status == Status.DISPUTED:  # now it is the leader's
        raise duty.out_of_turn()
    duty.answered, duty.confirmed_at = way, moments.now()
    step(duty, Status.CONFIRMED, "duty.confirm", DutyConfirmed, reason=way)
    clock_rows.stop(duty, clock_kinds.CONFIRM)
    return duty


def waive(*, actor: User, duty_id: UUID, because: str) -> Duty:
    """By the leader, with the reason; a recheck only for who died or moved away."""
    require_intention()
    duty = lock(actor, duty_id)
    require(registration.leads(actor, duty.contract.team), _("The leader of the team waives it."))
    if because not in Reason.values or because == Reason.ENDED:
        raise Invalid(_("Please choose the reason."), path="because")
    if not may_be_waived(duty, because):
        sentence = _("A recheck is waived only for who died or moved away.")
        raise Invalid(sentence, path="because")
    if duty.status not in (Status.PLANNED, Status.DUE):
        raise duty.out_of_turn()
    leave(duty, Reason(because))
    return duty


def await_confirmation(*, clock: Clock) -> None:
    """Reminded; then it is shown apart, and not as kept."""
    require_intention()
    duty = lock_any(clock.about)
    if duty.status != Status.DONE:
        return
    if find_last(clock):
        if duty.rule in ANTENATAL and duty.contract.plan.ended_on:
            return  # nobody is reminded of a pregnancy that has ended
        tell_people(duty, turn=10 * clock.turn + clock.rung + 1)
        return
    step(duty, Status.UNCONFIRMED, "duty.lapse_confirm")


def leave_windows(*, clocks: Sequence[Clock]) -> None:
    """Their windows are over; later the county hears of it, too. Once a team."""
    require_intention()
    due = {d.pk: d for d in lock_all([c.about for c in clocks]) if d.status == Status.DUE}
    teams = {duty.contract.team_id: duty.contract.team for duty in due.values()}
    above = set()
    for clock in clocks:
        duty = due.get(clock.about)
        if duty and _called(rules.LATE, duty, clock) == rules.COUNTY:
            above.add(duty.contract.team_id)
    tell_windows_over([*teams.values()], to_county=above)


def await_recheck(*, clock: Clock) -> None:
    """The next one of the ladder hears that it is not done."""
    require_intention()
    duty = lock_any(clock.about)
    if duty.status != Status.DUE:
        return
    call = _called(rules.RECHECK, duty, clock)
    tell_recheck(duty, call, turn=10 * clock.turn + clock.rung)


def _called(ladder: str, duty: Duty, clock: Clock) -> str:
    return policies.rung_of(ladder, clock, duty.contract.team.organisation_id).call


def take_back(*, actor: User, duty_id: UUID) -> Duty:
    """Entered by mistake: its author strikes it within a day, while nobody has confirmed it."""
    require_intention()
    duty = lock(actor, duty_id)
    require(has_served(actor, duty), _("Only who entered it takes it back."))
    if duty.status != Status.DONE or not duty.contract.is_in_care or duty.served_at is None:
        raise duty.out_of_turn()
    if duty.warned_at:
        sentence = _("A service with a warning value stands; its recheck is planned.")
        raise Conflict(sentence, path="status")
    if moments.now() - duty.served_at > TAKEN_BACK:
        raise Gone(_("After a day it stands; the leader of the team can settle it."), path="status")
    strike_entry(duty, "duty.take_back")
    clock_rows.stop(duty, clock_kinds.CONFIRM)
    return duty


def may_be_taken_back(actor: User, duty: Duty) -> bool:
    """For the page: whether take_back() would be refused."""
    fresh = duty.served_at is not None and moments.now() - duty.served_at <= TAKEN_BACK
    done = duty.status == Status.DONE and duty.warned_at is None and duty.contract.is_in_care
    return done and fresh and has_served(actor, duty)


def require_resident(actor: Voice, duty: Duty) -> None:
    if has_served(actor, duty):
        raise Forbidden(_("Who served cannot confirm."))
    may = is_resident(actor) and access.decide(actor, "book", duty.contract.patient).allowed
    require(may, _("The resident or who acts for them says whether it was done."))
