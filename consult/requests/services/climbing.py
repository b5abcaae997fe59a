"""What happens when a clock of a case runs out: one rung of its ladder, once."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from consult.requests import policies, roomport
from consult.requests.events import CaseExpired
from consult.requests.models import (
    ANSWERED,
    HELD,
    OPEN,
    OVER,
    UNANSWERED,
    Case,
    Kind,
    Offer,
    Outcome,
    Question,
    Status,
)
from consult.requests.policies import outcome_clock
from consult.requests.queries import coordinators_of, lock_case, next_hospitals
from consult.requests.rungs import AGAIN, WARN, Act, Rung, Whom
from consult.requests.services.finishing import close_by_time
from consult.requests.services.ladders import (
    BEFORE_SIGNING,
    BLOCKED,
    OF_AN_OFFER,
    begin_again,
    stop_ladders,
)
from consult.requests.services.outcomes import lapse_outcome
from consult.requests.services.questioning import end_questions
from consult.requests.services.rising import pass_up
from consult.requests.services.scheduling import miss_meeting
from consult.requests.services.sending import ask_doctors, ask_next_hospital, route_case
from consult.requests.services.steps import take_step
from consult.requests.services.telling import audience, tell
from consult.requests.words import CLOCK_WORDS
from telemed.core import outbox, publication
from telemed.core.clocks import find_next, stop_clocks
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.people.models import User
from telemed.web.promises import left_of

NEARLY = (*UNANSWERED, *HELD)
# In which states the end of a clock still means anything.
WHILE: dict[str, tuple[Status, ...]] = {
    "case.draft": (Status.DRAFT,),
    "case.triage": (Status.SUBMITTED,),
    "case.accept": UNANSWERED,
    "offer.accept": NEARLY,
    "case.in_room": NEARLY,
    "case.schedule": (*UNANSWERED, Status.ACCEPTED),
    "case.done": HELD,
    "case.question": NEARLY,
    "case.consent": OPEN,
    "case.receipt": (Status.SIGNED,),
    "case.close": (Status.RECEIPTED,),
    BLOCKED: ANSWERED,
    "room.noshow": (Status.SCHEDULED,),
    "room.open": (Status.SCHEDULED,),
    **{outcome_clock(day): (*ANSWERED, *OVER) for day in Outcome.DAYS},
}
FINAL = (Act.EXPIRE, Act.CLOSE, Act.LAPSE, Act.MISS)  # never brought forward, as AGAIN is not


def climb(*, clock: Clock) -> None:
    """
    Tell who must hear it now, and do what the rung does, by the rules of the day it was started.

    A rung that reaches nobody is passed at once: the next one is climbed without waiting.
    """
    require_intention()
    case = _case_of(clock)
    if case is None or not _still_counts(case, clock.kind):
        return
    side = policies.acting_side(clock.kind, case)
    ladder = policies.ladder(clock.kind, case.kind, side, at=clock.created_at)
    rung, turn = ladder.rung(clock.rung), clock.turn
    while rung and not _climb_one(case, clock, rung, turn):
        following = find_next(clock.about, clock.kind)
        rung = ladder.rung(following.rung) if following else None
        if following is None or rung is None or rung.act in FINAL or rung.number == AGAIN:
            return
        stop_clocks(about=clock.about, kind=clock.kind, rung=following.rung)
        turn = following.turn


def _still_counts(case: Case, kind: str) -> bool:
    """A closed case whose opinion was withdrawn waits for a new one, too."""
    waits = kind == "case.done" and case.status in OVER and case.is_withdrawn
    return waits or case.status in WHILE[kind]


def _case_of(clock: Clock) -> Case | None:
    if clock.kind == OF_AN_OFFER:
        offer = Offer.objects.filter(pk=clock.about).first()
        if offer is None:
            return None
        case = lock_case(offer.case_id)
        offer.refresh_from_db()
        return case if offer.status in Offer.WAITING else None
    if clock.kind != "case.question":
        return lock_case(clock.about)
    question = Question.objects.filter(pk=clock.about).first()
    if question is None:
        return None
    case = lock_case(question.case_id)
    question.refresh_from_db()
    return case if question.status == Question.Status.OPEN else None


def _climb_one(case: Case, clock: Clock, rung: Rung, turn: int) -> bool:
    """One rung; whether anybody heard of it or anything was done."""
    if rung.number == AGAIN:
        begin_again(about=clock.about, clock=clock.kind)
    done = bool(rung.act) and ACTS[rung.act](case, clock) if rung.act else False
    people = {person.pk: person for whom in rung.tell for person in _hearers(case, clock, whom)}
    number = turn * 10 + rung.number + 1
    number += 1000 * _place_of(case, clock)
    for person in people.values():
        _tell(case, clock, rung, person, number)
    if rung.tell:
        action = "case.remind" if rung.number == WARN else "case.escalate"
        take_step(
            case=case,
            action=action,
            publish=False,
            clock=clock.kind,
            rung=rung.number,
            told=[person.name for person in people.values()],
            ids=[str(pk) for pk in people],
        )
    waits = Whom.ABSENT in rung.tell  # that everybody is there is no silence
    return done or waits or bool(people)


def _tell(case: Case, clock: Clock, rung: Rung, person: User, turn: int) -> None:
    template = rung.template or ("clock.remind" if rung.number == WARN else "clock.overdue")
    if rung.number != WARN and person.pk == case.requester_id and template == "case.escalated":
        template = "case.unanswered"
    tell(
        case=case,
        recipient=person,
        template=template,
        turn=_turn_of(clock, turn),
        state=str(CLOCK_WORDS.get(clock.kind, "")),
        left=left_of(clock),
        **_who_of(case, clock),
        n=_number_of(clock, rung),
    )


def _number_of(clock: Clock, rung: Rung) -> str:
    """What a message counts: the day of an outcome, else the minutes since the clock began."""
    day = clock.kind.rpartition("_")[2]
    return day if day.isdecimal() else f"{rung.after.total_seconds() / 60:.0f}"


def _hearers(case: Case, clock: Clock, whom: Whom) -> list[User]:
    """Of those who are asked, the one whose invitation it is."""
    people = audience(case, whom)
    if whom != Whom.INVITED:
        return people
    invited = case.offers.filter(pk=clock.about).values_list("doctor", flat=True)
    return [person for person in people if person.pk in invited]


def _place_of(case: Case, clock: Clock) -> int:
    """Invitations share their templates; their place among the case's offers keeps them apart."""
    if clock.kind != OF_AN_OFFER:
        return 0
    return 1 + list(case.offers.order_by("pk").values_list("pk", flat=True)).index(clock.about)


def _who_of(case: Case, clock: Clock) -> dict[str, str]:
    """Whose answer is missing, where the clock is that of one invitation."""
    if clock.kind != OF_AN_OFFER:
        return {}
    who = case.offers.filter(pk=clock.about).values_list("doctor__name", flat=True)
    return {"who": who.get(), "reason": _("no answer in time")}


def _turn_of(clock: Clock, turn: int) -> int:
    """Outcomes share a template; their day keeps them apart."""
    day = clock.kind.rpartition("_")[2]
    return turn + 100 * int(day) if day.isdecimal() else turn


def _ask_next(case: Case, clock: Clock) -> bool:
    return ask_doctors(case=case, hospital=case.addressee) > 0


def _ask_next_hospital(case: Case, clock: Clock) -> bool:
    """Where there is none, those above the hospital look for one at once."""
    if ask_next_hospital(case=case):
        tell(case=case, recipient=case.requester, template="case.widened")
        return True
    return _pass_up(case, clock)


def _pass_up(case: Case, clock: Clock) -> bool:
    return pass_up(case=case) is not None


def _offer_substitutes(case: Case, clock: Clock) -> bool:
    """The message and the page do it: the asking doctor chooses."""
    return False


def _route(case: Case, clock: Clock) -> bool:
    return route_case(case=case) > 0


def _expire(case: Case, clock: Clock) -> bool:
    if case.status == Status.DRAFT:
        _drop_draft(case)
        return True
    if case.kind == Kind.EMERGENCY:  # a person closes it
        return False
    others = [hospital.name for hospital in next_hospitals(case)[:3]]
    before = case.status
    case.become(Status.EXPIRED, _("This consult is no longer waiting for an answer."))
    case.save(update_fields=["status"])
    for offer in case.offers.filter(status__in=Offer.LIVE):
        offer.status = Offer.Status.LAPSED
        offer.save(update_fields=["status"])
        publication.publish(offer)
    end_questions(case=case, status=Question.Status.LAPSED)
    roomport.lapse(case)
    stop_ladders(case=case, clocks=(*BEFORE_SIGNING, "case.consent"))
    take_step(case=case, action="case.expire", before=before, others=others)
    outbox.announce(CaseExpired(case_id=case.pk))
    for person in (case.requester, *coordinators_of(case.addressee)):
        tell(
            case=case,
            recipient=person,
            template="case.expired",
            org=_(", ").join(others) or "–",
        )
    return True


def _drop_draft(case: Case) -> None:
    """Nobody touched it for its time."""
    before, case.status = case.status, Status.CANCELLED
    case.cancel_reason = Case.DRAFT_EXPIRED
    case.save(update_fields=["status", "cancel_reason"])
    take_step(case=case, action="case.drop", before=before, publish=False)


def _close(case: Case, clock: Clock) -> bool:
    return close_by_time(case=case)


def _lapse(case: Case, clock: Clock) -> bool:
    lapse_outcome(case=case, day=int(clock.kind.rpartition("_")[2]))
    return True


def _miss(case: Case, clock: Clock) -> bool:
    miss_meeting(case=case)
    return True


def _open_room(case: Case, clock: Clock) -> bool:
    roomport.open_ahead(case, tell=True)
    return True


ACTS: dict[Act, Callable[[Case, Clock], bool]] = {
    Act.ASK_NEXT: _ask_next,
    Act.ASK_NEXT_HOSPITAL: _ask_next_hospital,
    Act.OFFER_SUBSTITUTES: _offer_substitutes,
    Act.ROUTE: _route,
    Act.EXPIRE: _expire,
    Act.CLOSE: _close,
    Act.LAPSE: _lapse,
    Act.MISS: _miss,
    Act.PASS_UP: _pass_up,
    Act.OPEN_ROOM: _open_room,
}
