"""
What comes of a risk signal: asked about, explained, accepted or escalated, closed.

workflows.md 12. The county sees it first; the institution or the county explains; who decides sits
above both. No step follows by itself but the end of what was accepted, and nobody is blamed.
"""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import policies
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar, Clock
from telemed.notifications.services import mark_read, notify
from telemed.oversight import permissions
from telemed.oversight.models import Cause, Signal, SignalEntry
from telemed.oversight.queries.people import (
    heads_of_county,
    officials_above,
    officials_of_province,
    people_at,
    who_answers_for,
)
from telemed.oversight.queries.signals import get_signal
from telemed.oversight.rules import DECIDE, END, EXPLAIN
from telemed.people.models import Role, User

SHORTEST, LONGEST = 10, 500
Kind, State = SignalEntry.Kind, Signal.State


def ask_institution(*, actor: User, signal_id: UUID) -> Signal:
    """The county asks the institution to explain it; asked again, nobody is told twice."""
    require_intention()
    signal = get_signal(actor, signal_id)
    require(permissions.asks(actor), _("Only the health commission asks an institution."))
    if signal.state == State.EXPLAINING:
        return signal
    _require_state(signal, State.RAISED)
    _become(signal, State.EXPLAINING, Kind.ASKED, actor)
    _tell(signal, who_answers_for(signal.subject), "signal.asked")
    return signal


def explain_signal(*, actor: User, signal_id: UUID, cause: str, text: str) -> Signal:
    """What lies behind it. The same person saying the same again changes nothing."""
    require_intention()
    signal = get_signal(actor, signal_id)
    require(permissions.explains(actor), _("Your role here does not explain signals."))
    text = _checked(text, "text")
    if cause not in Cause.values:
        raise Invalid(_("Choose one of the causes."), path="cause")
    if (signal.explained_by_id, signal.cause, signal.explanation) == (actor.pk, cause, text):
        return signal
    _require_state(signal, *Signal.UNEXPLAINED)
    signal.cause, signal.explanation, signal.explained_at = cause, text, timezone.now()
    signal.explained_by, signal.explained_for = actor, actor.organisation
    _become(signal, State.EXPLAINED, Kind.EXPLAINED, actor, cause=cause, text=text)
    stop_clocks(about=signal.pk, kind=EXPLAIN)
    _start(signal, DECIDE)
    mark_read(actor=actor, about=signal.pk)
    _tell(signal, officials_above(signal.subject, beside=actor.organisation_id), "signal.explained")
    return signal


def take_back_explanation(*, actor: User, signal_id: UUID) -> Signal:
    """Whoever wrote it, until it is decided; the signal waits again."""
    require_intention()
    signal = get_signal(actor, signal_id)
    if signal.state in Signal.UNEXPLAINED:
        return signal
    _require_state(signal, State.EXPLAINED)
    require(signal.explained_by_id == actor.pk, _("Only who wrote it takes it back."))
    signal.cause, signal.explanation, signal.explained_at = "", "", None
    signal.explained_by, signal.explained_for = None, None
    _become(signal, State.RAISED, Kind.TAKEN_BACK, actor)
    stop_clocks(about=signal.pk, kind=DECIDE)
    _start(signal, EXPLAIN)
    return signal


def decide_signal(*, actor: User, signal_id: UUID, decision: str, reason: str) -> Signal:
    """
    Accept the explanation, or escalate: then the province and the head of the institution are told.

    Raises Conflict unless it is explained, Forbidden to whoever explained it and to their house.
    """
    require_intention()
    signal = get_signal(actor, signal_id)
    _require_above(signal, actor)
    if decision not in Signal.DECIDED:
        raise Invalid(_("Choose whether you accept the explanation."), path="decision")
    reason = _checked(reason, "reason")
    if signal.state == decision:
        return signal
    _require_state(signal, State.EXPLAINED)
    _become(signal, State(decision), Kind(decision), actor, text=reason)
    stop_clocks(about=signal.pk, kind=DECIDE)
    if decision == State.ACCEPTED:
        _start(signal, END, Calendar.WALL)
    else:
        above = officials_of_province(signal.subject)
        heads = people_at([signal.subject_id], {Role.HEAD})
        _tell(signal, [*above, *heads], "signal.escalated")
    return signal


def close_signal(*, actor: User, signal_id: UUID, measure: str) -> Signal:
    """What was done about it; an official above the institution writes it."""
    require_intention()
    signal = get_signal(actor, signal_id)
    _require_above(signal, actor)
    measure = _checked(measure, "measure")
    if signal.state == State.CLOSED:
        return signal
    _require_state(signal, *Signal.DECIDED)
    _become(signal, State.CLOSED, Kind.CLOSED, actor, text=measure)
    stop_clocks(about=signal.pk, kind=END)
    return signal


def run_out(*, clock: Clock) -> None:
    """Nobody explained it, nobody decided, or what was accepted is over."""
    require_intention()
    signal = Signal.objects.select_for_update(of=("self",), no_key=True).get(pk=clock.about)
    if clock.kind == EXPLAIN and signal.state in Signal.UNEXPLAINED:
        people = [*heads_of_county(signal.subject), *officials_above(signal.subject)]
        _tell(signal, people, "signal.unexplained")
    elif clock.kind == DECIDE and signal.state == State.EXPLAINED:
        _tell(signal, officials_of_province(signal.subject), "signal.undecided")
    elif clock.kind == END and signal.state == State.ACCEPTED:
        _become(signal, State.CLOSED, Kind.CLOSED, None)


def _start(signal: Signal, kind: str, calendar: Calendar = Calendar.WORKING) -> None:
    start_clock(kind=kind, about=signal.pk, allowance=policies.value(kind), calendar=calendar)


def _become(
    signal: Signal,
    state: Signal.State,
    kind: SignalEntry.Kind,
    actor: User | None,
    *,
    cause: str = "",
    text: str = "",
) -> None:
    signal.state = state
    explained = ("cause", "explanation", "explained_at", "explained_by", "explained_for")
    signal.save(update_fields=["state", *explained])
    SignalEntry.objects.create(
        signal=signal,
        kind=kind,
        cause=cause,
        text=text,
        organisation=actor.organisation if actor else None,
        role=actor.role if actor else "",
        actor_id=require_intention().actor.actor_id,
    )
    audit.record(action=f"signal.{kind}", target=signal)


def _require_state(signal: Signal, *states: Signal.State) -> None:
    if signal.state not in states:
        sentence = _("This signal is in another state already: {state}.")
        raise Conflict(sentence.format(state=signal.get_state_display()), path="state")


def _require_above(signal: Signal, actor: User) -> None:
    require(permissions.decides(actor), _("Only an official of the prefecture or above decides."))
    theirs = actor.organisation_id in (signal.explained_for_id, signal.subject_id)
    require(not theirs, _("Who explained it does not decide about it."))


def _checked(text: str, path: str) -> str:
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        message = _("Say it in {least} to {most} characters.")
        raise Invalid(message.format(least=SHORTEST, most=LONGEST), path=path)
    return text


def _tell(signal: Signal, people: Iterable[User], template: str) -> None:
    """Once for each turn that the signal has taken."""
    turn = signal.entries.count()
    for person in {person.pk: person for person in people}.values():
        notify(
            recipient=person,
            template=template,
            about=signal.pk,
            url=f"{reverse('oversight:signals')}#s-{signal.pk}",
            turn=turn,
            no=signal.number,
        )
