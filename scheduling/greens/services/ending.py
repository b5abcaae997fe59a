"""The end: what it came to; or taken back within ten minutes, because it was a mistake."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.greens import permissions, queries
from scheduling.greens.events import GreenEnded, GreenTakenBack
from scheduling.greens.models import ON_THE_WAY, Green, Outcome, Status
from scheduling.greens.policies import TAKE_BACK
from scheduling.greens.queries import get_green, lock_green
from scheduling.greens.services.ladders import stop_all
from scheduling.greens.services.telling import clinic_of, ring, team_of, tell
from scheduling.referrals import permissions as referring
from scheduling.referrals.models import WAITED_FOR, Answer
from scheduling.referrals.services import greens as referrals
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.reasons import checked_reason
from telemed.notifications.services import settle
from telemed.people.models import User

LONGEST_NOTE = 300
# What the sender found out about somebody who did not arrive.
CAME_TO: dict[str, Outcome] = {Answer.REFUSED: Outcome.REFUSED, Answer.DIED: Outcome.DIED}


def end(*, actor: User, green_id: UUID, outcome: str, note: str = "") -> Green:
    """
    The time-critical part is over. A patient who is there is handed back as everybody.

    One who never came is withdrawn. Ending again in the same way answers the present state.
    """
    require_intention()
    green = get_green(actor, green_id, lock=True)
    require(permissions.may_end(actor, green), _("The hospital that has the patient ends it."))
    if outcome not in Outcome.values:
        raise Invalid(_("Choose what it came to."), path="outcome")
    if green.status == Status.ENDED and green.ended_by_id == actor.pk and green.outcome == outcome:
        return green
    there = referring.is_there(green.referral)
    if not there and outcome not in ON_THE_WAY:
        raise Conflict(_("The patient has not arrived; stamp the arrival first."), path="outcome")
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("At most {n} characters.").format(n=LONGEST_NOTE), path="note")
    others = clinic_of(green.referral) if there else team_of(green.referral.department)
    _end(green, outcome, others, by=actor, note=note)
    return green


def end_for_death(*, person_key: UUID) -> None:
    """It came to that, on the way or there; both sides hear it. Seen twice, none is open."""
    require_intention()
    for pk in queries.open_of(person_key):
        green = lock_green(pk)
        if green.is_open:
            _end(green, Outcome.DIED, _both_sides(green))


def take_back(*, actor: User, green_id: UUID, reason: str) -> Green:
    """By the clinic, within ten minutes and before the patient is there; the team stands down."""
    require_intention()
    green = get_green(actor, green_id, lock=True)
    clinic = permissions.is_of_clinic(actor, green.referral)
    require(clinic, _("Only the side that opened it takes it back."))
    if green.status == Status.WITHDRAWN:
        return green
    reason = checked_reason(reason, longest=200)
    if referring.is_there(green.referral):
        raise Conflict(_("The patient has arrived; it cannot be withdrawn."), path="status")
    if moments.now() - green.created_at > TAKE_BACK:
        raise Conflict(
            _("It was opened more than ten minutes ago: end it with what it came to."),
            path="status",
        )
    _withdraw(green, actor)
    referrals.note(green.referral, "green.take_back", reason=reason)
    tell(green, team_of(green.referral.department), "green.taken_back", reason=reason)
    ring(green)
    referrals.withdraw_green(referral=green.referral, reason=reason)
    return green


def follow_withdrawal(*, green_id: UUID) -> None:
    """The referral was withdrawn on its own page: its answer, if any, is what it came to here."""
    require_intention()
    green = lock_green(green_id)
    if not green.is_open:
        return
    if came_to := CAME_TO.get(green.referral.answer):
        _end(green, came_to, _both_sides(green))
    else:
        _withdraw(green, None)
        ring(green)


def _end(
    green: Green, outcome: str, others: list[User], *, by: User | None = None, note: str = ""
) -> None:
    """`others` hear it. Who is not there yet is expected no more."""
    green.become(Status.ENDED)
    green.outcome, green.outcome_note = outcome, note
    green.ended_by, green.ended_at = by, moments.now()
    green.save()
    stop_all(green)
    settle(about=green.pk)
    words = str(Outcome(outcome).label)
    referrals.note(green.referral, "green.end", by_system=by is None, outcome=words)
    tell(green, others, "green.ended", reason=words)
    ring(green)
    if green.referral.status in WAITED_FOR:
        referrals.withdraw_green(referral=green.referral, reason=words)
    outbox.announce(GreenEnded(green_id=green.pk))


def _both_sides(green: Green) -> list[User]:
    return [*clinic_of(green.referral), *team_of(green.referral.department)]


def _withdraw(green: Green, actor: User | None) -> None:
    green.become(Status.WITHDRAWN)
    green.ended_by, green.ended_at = actor, moments.now()
    green.save()
    stop_all(green)
    settle(about=green.pk)
    outbox.announce(GreenTakenBack(green_id=green.pk))
