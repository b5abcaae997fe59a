"""The receiving side's answer: a place or a bed, or why not and where else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments import services as appointments
from scheduling.appointments.models import Appointment
from scheduling.availability.models import Pool
from scheduling.referrals import permissions
from scheduling.referrals.events import ReferralAccepted, ReferralDeclined
from scheduling.referrals.models import OVER, Referral, Round, Status
from scheduling.referrals.policies import ACCEPT, ARRIVE, QUESTION
from scheduling.referrals.queries import asked_rounds, get_referral, has_died, next_choice
from scheduling.referrals.services.asking import end_question
from scheduling.referrals.services.keeping import lock_places, release
from scheduling.referrals.services.ladders import start_ladder, stop_ladders
from scheduling.referrals.services.opening import close_record, open_record
from scheduling.referrals.services.sending import already_open
from scheduling.referrals.services.steps import take_step
from scheduling.referrals.services.telling import tell_hospital, tell_patient, tell_sender
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.reasons import checked_reason
from telemed.notifications.services import settle
from telemed.people.models import User

# Whose places an accepting hospital may give: those kept for referrals first.
POOLS = [Pool.REFERRAL, Pool.PUBLIC, Pool.WALK_IN]
SHORTEST_PLACE = 2


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the hospital names: a period of its clinic, else a bed and a time."""

    period_id: UUID | None = None
    place: str = ""
    expected_at: datetime | None = None


def accept(*, actor: User, referral_id: UUID, offer: Offer) -> Referral:
    """
    The place that was kept becomes a booked visit, another one is booked, or a bed is named.

    Accepting again answers the present state; the first of two hospitals has it.
    """
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    rounds = asked_rounds(referral, lock=True)
    mine = _mine(actor, referral, rounds)
    if mine is None:
        return referral
    require(not has_died(referral), _("This person has died."))
    _check(offer, mine)
    kept = mine.period_id
    lock_places(rounds, *([offer.period_id] if offer.period_id else []))
    for one in rounds:
        release(one)
    before = referral.status
    referral.become(Status.ACCEPTED, _no_answer(referral))
    referral.organisation, referral.department = mine.organisation, mine.department
    period_id = offer.period_id or (None if offer.place.strip() else kept)
    booked = _book(actor, referral, period_id) if period_id else None
    referral.appointment = booked
    referral.expected_at = booked.during.lower if booked else offer.expected_at
    referral.place = offer.place.strip()
    with refusing(one_open_referral_of_a_kind=already_open()):
        referral.save()
    _settle_rounds(actor, referral, rounds, mine)
    stop_ladders(referral=referral, clocks=(ACCEPT, QUESTION))
    start_ladder(referral=referral, clock=ARRIVE, since=referral.expected_at)
    settle(about=referral.pk)
    time, place = when_and_where(referral)
    take_step(
        referral=referral, action="referral.accept", before=before, org=mine.organisation.name,
        time=time, place=place,
    )  # fmt: skip
    outbox.announce(ReferralAccepted(referral_id=referral.pk))
    said: dict[str, Any] = {"time": time, "place": place, "org": mine.organisation.name}
    tell_sender(referral=referral, template="referral.accepted", **said)
    if booked is None:  # a booked visit is told by the booking, with its number
        tell_patient(referral=referral, template="referral.accepted", **said)
    for one in rounds:
        if one.pk != mine.pk:
            tell_hospital(
                referral=referral,
                hospital=one.organisation,
                template="referral.taken",
                org=mine.organisation.name,
            )
    return referral


def decline(*, actor: User, referral_id: UUID, reason: str, elsewhere: str) -> Referral:
    """With why not and where else; the last one who was asked gives it back to the sender."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    rounds = asked_rounds(referral, lock=True)
    mine = _mine(actor, referral, rounds, declines=True)
    if mine is None:
        return referral
    reason, elsewhere = checked_reason(reason, longest=200), elsewhere.strip()
    if len(elsewhere) < SHORTEST_PLACE:
        raise Invalid(_("Say where else the patient could go."), path="elsewhere")
    before = referral.status
    lock_places([mine])
    release(mine)
    mine.status, mine.reason, mine.elsewhere = Round.Status.DECLINED, reason, elsewhere
    mine.answered_by, mine.answered_at = actor, moments.now()
    mine.save()
    close_record(one=mine)
    left = [one for one in rounds if one.pk != mine.pk]
    if left:  # another hospital was asked, too
        referral.organisation, referral.department = left[-1].organisation, left[-1].department
    else:
        referral.become(Status.DECLINED, _no_answer(referral))
        end_question(referral=referral)
        stop_ladders(referral=referral, clocks=(ACCEPT, QUESTION))
        settle(about=referral.pk)
    referral.save()
    take_step(
        referral=referral, action="referral.decline", before=before, org=mine.organisation.name,
        reason=reason, elsewhere=elsewhere,
    )  # fmt: skip
    outbox.announce(ReferralDeclined(referral_id=referral.pk))
    tell_sender(referral=referral, template="referral.declined", reason=reason)
    return referral


def when_and_where(referral: Referral) -> tuple[str, str]:
    """As messages and the time line say it."""
    at = referral.expected_at
    time = f"{timezone.localtime(at):%m-%d %H:%M}" if at else ""
    place = referral.place or referral.department.name
    if referral.appointment and referral.appointment.ticket:
        place = _("{place}, no. {n}").format(place=place, n=referral.appointment.ticket)
    return time, place


def _mine(
    actor: User, referral: Referral, rounds: list[Round], *, declines: bool = False
) -> Round | None:
    """
    The round for which this person answers; None where they did so already.

    Raises Forbidden for who has no part in it, Conflict for what is over.
    """
    asked = [one for one in rounds if permissions.may_answer(actor, one)]
    if asked:
        return asked[0]
    answered = referral.rounds.exclude(status=Round.Status.ASKED).select_related("answered_by")
    theirs = [one for one in answered if permissions.may_answer(actor, one)]
    if not theirs:
        raise Forbidden(_("Only the department that was asked answers."))
    same = Round.Status.DECLINED if declines else Round.Status.ACCEPTED
    if any(one.status == same and one.answered_by_id == actor.pk for one in theirs):
        return None
    raise (
        _taken(referral)
        if referral.status not in OVER
        else Conflict(_no_answer(referral), path="status")
    )


def _taken(referral: Referral) -> Conflict:
    """Somebody else answered: who and when."""
    won = referral.rounds.filter(status=Round.Status.ACCEPTED).select_related(
        "answered_by", "organisation"
    )
    one = won.first()
    if one is None or one.answered_by is None or one.answered_at is None:
        return Conflict(_no_answer(referral), path="status")
    sentence = _("{who} of {org} accepted at {time}.")
    at = f"{timezone.localtime(one.answered_at):%H:%M}"
    return Conflict(
        sentence.format(who=one.answered_by.name, org=one.organisation.name, time=at),
        path="status",
    )


def _no_answer(referral: Referral) -> str:
    sentence = _("This referral is “{state}”; it waits for no answer.")
    return sentence.format(state=referral.get_status_display())


def _check(offer: Offer, mine: Round) -> None:
    """A place of a clinic, or a bed with the time from which it is free."""
    if offer.period_id or (mine.period_id and not offer.place.strip()):
        return
    if len(offer.place.strip()) < SHORTEST_PLACE:
        if mine.referral.is_down:
            raise Invalid(
                _("Say where the patient is seen: at the clinic, or at home."), path="place"
            )
        following = next_choice(mine.referral)
        sentence = _("No place at {hospital}; next: {next}.")
        where = following.organisation.name if following else "–"
        raise Invalid(sentence.format(hospital=mine.organisation.name, next=where), path="place")
    if offer.expected_at is None:
        if mine.referral.is_down:
            raise Invalid(_("Say when the patient is seen."), path="expected_at")
        raise Invalid(_("Say from when the bed is free."), path="expected_at")
    if offer.expected_at <= moments.now():
        raise Invalid(_("That time has passed."), path="expected_at")


def _book(actor: User, referral: Referral, period_id: UUID) -> Appointment:
    """By the claim of every booking; the department that gives it was asked to."""
    booked = appointments.book(
        actor=actor,
        patient=referral.patient,
        period_id=period_id,
        reason=referral.reason[:200],
        pools=POOLS,
    )
    if booked.department_id != referral.department_id:
        raise Invalid(_("Choose a time of this department."), path="period")
    return booked


def _settle_rounds(actor: User, referral: Referral, rounds: list[Round], mine: Round) -> None:
    end_question(referral=referral)
    for one in rounds:
        won = one.pk == mine.pk
        one.status = Round.Status.ACCEPTED if won else Round.Status.WITHDRAWN
        if won:
            one.answered_by, one.answered_at = actor, moments.now()
        else:
            close_record(one=one)
        one.save()
    open_record(referral=referral, one=mine)  # whoever joined the department since
