"""Raising risk signals over the figures of a month, and noting what came of them."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import require_intention
from telemed.notifications.services import mark_read, notify
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
from telemed.oversight.models import Signal
from telemed.oversight.permissions import RUNNING
from telemed.oversight.queries.people import county_of, people_at
from telemed.oversight.queries.pictures import EMPTY, ask
from telemed.oversight.queries.signals import get_signal
from telemed.oversight.signals import BEFORE, Rule, rules
from telemed.people.models import User

SHORTEST, LONGEST = 10, 500
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
    known = set(Signal.objects.filter(month=month).values_list("rule", "subject"))
    new = [one for one in found if (one[0].key, one[1]) not in known]
    subjects = Organisation.objects.in_bulk([organisation for _rule, organisation, _f in new])
    first = _next_number()
    for number, (rule, organisation, facts) in enumerate(new, start=first):
        signal = Signal.objects.create(
            number=_number(number),
            rule=rule.key,
            subject=subjects[organisation],
            month=month,
            facts=facts,
        )
        audit.record(action="signal.raise", target=signal)
        _tell(signal)
    return len(new)


def raise_at_once(*, rule: str, subject: Organisation) -> Signal:
    """
    What no figure shows has happened: one signal a month and institution, with how often.

    What somebody has noted already stays as it was read.
    """
    require_intention()
    month = timezone.localdate().replace(day=1)
    signal, new = Signal.objects.select_for_update(no_key=True).get_or_create(
        rule=rule,
        subject=subject,
        month=month,
        defaults={"number": _number(_next_number()), "facts": {"n": 1}},
    )
    if new:
        audit.record(action="signal.raise", target=signal)
        _tell(signal)
    elif signal.noted_at is None:
        signal.facts = {"n": signal.facts["n"] + 1}
        signal.save(update_fields=["facts"])
    return signal


def note_signal(*, actor: User, signal_id: UUID, note: str) -> Signal:
    """What was found, once. The same person saying the same again changes nothing."""
    require_intention()
    signal = get_signal(actor, signal_id)
    note = note.strip()
    if not SHORTEST <= len(note) <= LONGEST:
        message = _("Say what you found, in {least} to {most} characters.")
        raise Invalid(message.format(least=SHORTEST, most=LONGEST), path="note")
    if signal.noted_at:
        if (signal.noted_by_id, signal.note) == (actor.pk, note):
            return signal
        day = f"{timezone.localdate(signal.noted_at):%Y-%m-%d}"
        raise Conflict(_("A note was written on {day} already.").format(day=day), path="note")
    signal.note, signal.noted_at = note, timezone.now()
    signal.noted_by, signal.noted_for = actor, actor.organisation
    signal.save(update_fields=["note", "noted_at", "noted_by", "noted_for"])
    audit.record(action="signal.note", target=signal)
    mark_read(actor=actor, about=signal.pk)
    return signal


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


def _number(number: int) -> str:
    return f"S{timezone.localdate():%y%m%d}-{number:04d}"


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
