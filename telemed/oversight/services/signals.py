"""Raising risk signals over the figures of a month; what came of them is in explaining.py."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from telemed.audit import services as audit
from telemed.core import policies
from telemed.core.clocks import start_clock
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar
from telemed.notifications.services import notify
from telemed.organisations.models import Organisation
from telemed.oversight.indicators import (
    Cut,
    Level,
    Period,
    Question,
    Side,
    midnight,
    month_after,
    months_until,
)
from telemed.oversight.models import Signal, SignalEntry
from telemed.oversight.permissions import RUNNING
from telemed.oversight.queries.people import county_of, people_at
from telemed.oversight.queries.pictures import EMPTY, ask
from telemed.oversight.rules import EXPLAIN
from telemed.oversight.signals import BEFORE, Facts, Rule, rules

Found = tuple[Rule, UUID, Facts]
NOW, EARLIER = "now", "before"


def raise_signals(*, month: date) -> int:
    """Every rule looks at every institution's month; how many spoke. Each speaks once a month."""
    require_intention()
    found = [
        (rule, organisation, facts)
        for side in Side
        if (mine := [rule for rule in rules() if rule.look and rule.side == side])
        for rule, organisation, facts in _spoken(mine, side, month)
    ]
    found += _counted(month)
    new = _not_told(found, month)
    subjects = _locked([subject for _rule, subject, _facts in new])
    waiting = {
        (signal.rule, signal.subject_id): signal
        for signal in Signal.objects.filter(subject__in=subjects, state__in=Signal.OPEN)
    }
    for rule, subject, facts in new:
        open_one = waiting.get((rule.key, subject))
        if open_one:
            _say_again(open_one, month, facts)
        else:
            _raise(rule.key, subjects[subject], month, facts)
    return len(new)


def raise_at_once(*, rule: str, subject: Organisation) -> Signal:
    """
    What no figure shows has happened: one signal a month and institution, with how often.

    What somebody has explained already stays as it was read.
    """
    require_intention()
    month = timezone.localdate().replace(day=1)
    _locked([subject.pk])
    told = Q(month=month) | Q(entries__month=month) | Q(state__in=Signal.OPEN)
    known = Signal.objects.filter(told, rule=rule, subject=subject)
    signal = known.order_by("-month").first()
    if signal is None:
        return _raise(rule, subject, month, {"n": 1})
    if signal.state in Signal.UNEXPLAINED:
        signal.facts = {"n": signal.facts["n"] + 1}
        signal.save(update_fields=["facts"])
    elif signal.month != month and not signal.entries.filter(month=month).exists():
        _say_again(signal, month, {"n": 1})
    return signal


def _not_told(found: list[Found], month: date) -> list[Found]:
    told = set(Signal.objects.filter(month=month).values_list("rule", "subject"))
    again = SignalEntry.objects.filter(month=month)
    told |= set(again.values_list("signal__rule", "signal__subject"))
    return [one for one in found if (one[0].key, one[1]) not in told]


def _locked(subjects: list[UUID]) -> dict[UUID, Organisation]:
    """Signals about one institution are raised one after the other."""
    rows = Organisation.objects.filter(pk__in=subjects).order_by("pk")
    return {subject.pk: subject for subject in rows.select_for_update(no_key=True)}


def _raise(rule: str, subject: Organisation, month: date, facts: Facts) -> Signal:
    number = f"S{timezone.localdate():%y%m%d}-{_next_number():04d}"
    signal = Signal.objects.create(
        number=number, rule=rule, subject=subject, month=month, facts=facts
    )
    allowance = policies.value(EXPLAIN)
    start_clock(kind=EXPLAIN, about=signal.pk, allowance=allowance, calendar=Calendar.WORKING)
    audit.record(action="signal.raise", target=signal)
    _tell(signal)
    return signal


def _say_again(signal: Signal, month: date, facts: Facts) -> None:
    """One of that rule waits there already: what it says now stands with it."""
    SignalEntry.objects.create(
        signal=signal,
        kind=SignalEntry.Kind.AGAIN,
        month=month,
        facts=facts,
        actor_id=require_intention().actor.actor_id,
    )


def _spoken(
    mine: Iterable[Rule], side: Side, month: date
) -> Iterator[tuple[Rule, UUID, dict[str, object]]]:
    start, *_rest = months_until(month, BEFORE + 1)
    periods = {
        EARLIER: Period(midnight(start), midnight(month)),
        NOW: Period(midnight(month), midnight(month_after(month))),
    }
    answer = ask(Question(periods=periods, levels=(Level(Cut.INSTITUTION),), side=side))
    for (when, _cut, key), cell in answer.items():
        if when != NOW:
            continue
        before = answer.get((EARLIER, Cut.INSTITUTION, key), EMPTY)
        for rule in mine:
            if rule.look and (facts := rule.look(cell, before)) is not None:
                yield rule, UUID(key), facts


def _counted(month: date) -> Iterator[tuple[Rule, UUID, dict[str, object]]]:
    period = Period.month(month)
    for rule in rules():
        for organisation, facts in (rule.count(period) if rule.count else {}).items():
            yield rule, organisation, facts


def _next_number() -> int:
    today = Signal.objects.filter(number__startswith=f"S{timezone.localdate():%y%m%d}-")
    last = today.order_by("-number").values_list("number", flat=True).first()
    return int(last.rpartition("-")[2]) + 1 if last else 1


def _tell(signal: Signal) -> None:
    """The county first, and those who run the institution."""
    _name, county = county_of(signal.subject)
    own = people_at([signal.subject_id], RUNNING)
    for person in {person.pk: person for person in [*county, *own]}.values():
        notify(
            recipient=person,
            template="signal.raised",
            about=signal.pk,
            url=f"{reverse('oversight:signals')}#s-{signal.pk}",
            no=signal.number,
        )
