"""The lengths of a case that an institution or the province may set, as rules of the house."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from consult.requests import previews
from telemed.core import policies
from telemed.core.models import Calendar

TRIAGE, TRIAGE_TIME = "case.triage", "case.triage.time"
DRAFT, CONSENT, CLOSE, UNRECEIPTED = "case.draft", "case.consent", "case.close", "case.unreceipted"
QUESTION, URGENT_QUESTION = "case.question", "case.question.emergency"
UNANSWERED = "case.question.decline"
IN_ROOM, NO_SHOW, OPENS, OUTCOME = "case.in_room", "room.noshow", "room.open", "case.outcome"
CLOCKS = {"case.accept.mdt": "offer.accept"}  # others are called by their clock
GROUP = _("Consults")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def define() -> None:
    """Called in ready(). Working time is that of the side that must act."""
    _define_promises()
    _define_triage()
    _define_meetings()
    _define_questions()
    _define_ends()


def _define_promises() -> None:
    for name, label, hours in (
        ("case.accept", _("First answer to a consult"), 4),
        ("case.accept.mdt", _("Answer of each doctor to a joint consult"), 8),
        ("case.schedule", _("Time of a joint consult"), 24),
        ("case.done", _("Opinion after accepting"), 16),
        ("case.receipt", _("Receipt after the opinion"), 16),
    ):
        policies.define(
            name,
            label=label,
            kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR / 2, most=80 * HOUR),
            default=hours * HOUR,
            group=GROUP,
            preview=previews.keep_their_promise(CLOCKS.get(name, name), emergency=False),
            help=_("Half of it is the reminder; afterwards the ladder is climbed."),
        )
    for name, label, minutes in (
        ("case.accept.emergency", _("First answer to an emergency"), 5),
        ("case.done.emergency", _("Opinion in an emergency"), 120),
        ("case.receipt.emergency", _("Receipt in an emergency"), 120),
    ):
        policies.define(
            name,
            label=label,
            kind=policies.Duration(most=12 * HOUR),
            default=minutes * MINUTE,
            group=GROUP,
            preview=previews.keep_their_promise(name.removesuffix(".emergency"), emergency=True),
            help=_("Nights and holidays count."),
        )


def _define_triage() -> None:
    policies.define(
        TRIAGE,
        label=_("A coordinator sorts requests first"),
        kind=policies.Switch(),
        default=False,
        group=GROUP,
        preview=previews.wait_to_be_sorted,
        help=_("Emergencies never wait; unsorted ones go to the doctors after the time for it."),
    )
    _length(
        TRIAGE_TIME,
        _("Sorting a request"),
        30 * MINUTE,
        policies.Duration(calendar=Calendar.WORKING, least=5 * MINUTE, most=8 * HOUR),
        clock="case.triage",
        help=_("Afterwards it goes to the doctors by itself."),
    )


def _define_meetings() -> None:
    _length(
        IN_ROOM,
        _("Somebody is in the room of a consult that is to be now"),
        10 * MINUTE,
        policies.Duration(least=2 * MINUTE, most=2 * HOUR),
    )
    _length(
        OPENS,
        _("The room opens before the time agreed by"),
        30 * MINUTE,
        policies.Duration(least=5 * MINUTE, most=4 * HOUR),
    )
    _length(
        NO_SHOW,
        _("A meeting at which one side is missing was missed after"),
        30 * MINUTE,
        policies.Duration(least=10 * MINUTE, most=4 * HOUR),
        help=_("A new time is then asked for."),
    )


def _define_questions() -> None:
    working = policies.Duration(calendar=Calendar.WORKING, least=HOUR, most=80 * HOUR)
    _length(QUESTION, _("Answer to a doctor's question"), 24 * HOUR, working, emergency=False)
    _length(
        URGENT_QUESTION,
        _("Answer to a doctor's question in an emergency"),
        5 * MINUTE,
        policies.Duration(most=2 * HOUR),
        clock="case.question",
        emergency=True,
        help=_("Nights and holidays count."),
    )
    policies.define(
        UNANSWERED,
        label=_("A doctor may decline because a question is open for"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR, most=160 * HOUR),
        default=40 * HOUR,
        group=GROUP,
        province_only=True,
        preview=previews.keep_their_promise("case.question", emergency=None),
    )


def _define_ends() -> None:
    _length(
        DRAFT,
        _("A draft that nobody touches is dropped after"),
        30 * DAY,
        policies.Duration(least=8 * DAY, most=180 * DAY),
        help=_("Its writer hears of it seven days before."),
    )
    _length(
        CONSENT,
        _("A consent that was put off"),
        24 * HOUR,
        policies.Duration(least=HOUR, most=7 * DAY),
        help=_("A case is not closed without it."),
    )
    _length(
        CLOSE,
        _("A case with its receipt closes by itself after"),
        8 * HOUR,
        policies.Duration(calendar=Calendar.WORKING, least=HOUR, most=80 * HOUR),
    )
    _length(
        UNRECEIPTED,
        _("A case whose receipt is late closes without it after another"),
        40 * HOUR,
        policies.Duration(calendar=Calendar.WORKING, least=8 * HOUR, most=240 * HOUR),
        clock="case.receipt",
    )
    _length(
        OUTCOME,
        _("An outcome that nobody enters is left unknown after"),
        7 * DAY,
        policies.Duration(least=DAY, most=20 * DAY),
        clock="case.outcome_30",
        others=("case.outcome_3", "case.outcome_7"),
    )


def _length(
    name: str,
    label: Any,
    default: timedelta,
    kind: policies.Duration,
    *,
    clock: str = "",
    others: tuple[str, ...] = (),
    emergency: bool | None = None,
    help: Any = "",  # noqa: A002  said to people
) -> None:
    """What a clock (else the one of that name) may take; what runs keeps its own."""
    policies.define(
        name,
        label=label,
        kind=kind,
        default=default,
        group=GROUP,
        preview=previews.keep_their_promise(clock or name, *others, emergency=emergency),
        help=help,
    )
