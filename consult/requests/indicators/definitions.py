"""The indicators of consults, each with what it counts, of what, and from where."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult.requests.models import Offer, Outcome, Receipt
from telemed.oversight.indicators import Better, Family, Indicator

STEPS = _("The steps of the cases, as they were written when they happened.")
TOLD = tuple(result for result in Outcome.Result if result != Outcome.Result.UNKNOWN)
SENT = _("All requests sent in the period; one that was taken back at once is none.")

FIRST_ANSWER = Indicator(
    key="first_answer",
    name=_("First answer, median"),
    unit=_("min"),
    decimals=1,
    better=Better.LOWER,
    counts=_(
        "Minutes of clock time, nights and holidays included, from sending a request to the first "
        "doctor who accepts or declines it; half of the answered requests were faster."
    ),
    out_of=_("Requests sent in the period that were answered."),
    source=STEPS,
    among="answered",
)
IN_TIME = Indicator(
    key="in_time",
    name=_("First answer in time"),
    unit="%",
    decimals=1,
    better=Better.HIGHER,
    counts=_("Requests answered before their clock ran out, which waits while a question is open."),
    out_of=SENT,
    source=STEPS,
    among="sent",
    counted="in_time",
)
SILENT = Indicator(
    key="silent",
    name=_("Without an answer"),
    unit="%",
    decimals=1,
    better=Better.LOWER,
    counts=_("Requests whose clock ran out, or that expired, without any doctor's answer."),
    out_of=SENT,
    source=STEPS,
    among="sent",
    counted="silent",
)
CASES = Indicator(
    key="cases",
    name=_("Consults asked for"),
    unit=_("cases"),
    counts=_("Requests, by the moment when they were sent."),
    out_of=SENT,
    source=STEPS,
    among="sent",
    is_count=True,
)
CLOSED = Indicator(
    key="closed",
    name=_("Loop closed"),
    unit="%",
    decimals=1,
    better=Better.HIGHER,
    counts=_("Requests with a signed opinion on which the asking doctor gave a receipt."),
    out_of=SENT,
    source=STEPS,
    among="sent",
    counted="receipts",
)
DECLINED = Indicator(
    key="declined",
    name=_("Declined by a doctor"),
    unit="%",
    decimals=1,
    better=Better.LOWER,
    counts=_("Requests that at least one of the doctors asked declined; others may have accepted."),
    out_of=SENT,
    source=STEPS,
    among="sent",
    counted="declined",
)


def _outcome(day: int) -> Indicator:
    names = {
        3: _("Outcome known, day 3"),
        7: _("Outcome known, day 7"),
        30: _("Outcome known, day 30"),
    }
    return Indicator(
        key=f"outcome_{day}",
        name=names[day],
        unit="%",
        decimals=1,
        better=Better.HIGHER,
        counts=_("Cases for which the asking side told how the patient fared on that day."),
        out_of=_(
            "Requests sent in the period whose opinion was signed so long ago that the day, and a "
            "week to tell, are over."
        ),
        source=STEPS,
        among=f"due_{day}",
        counted=f"outcome_{day}",
    )


def _adoption(decision: Receipt.Decision) -> Indicator:
    names = {
        Receipt.Decision.ADOPTED: pgettext_lazy("indicator", "Adopted"),
        Receipt.Decision.PARTLY: pgettext_lazy("indicator", "Partly adopted"),
        Receipt.Decision.NOT_ADOPTED: pgettext_lazy("indicator", "Not adopted"),
    }
    better = {
        Receipt.Decision.ADOPTED: Better.HIGHER,
        Receipt.Decision.NOT_ADOPTED: Better.LOWER,
    }
    return Indicator(
        key=str(decision),
        name=names[decision],
        unit="%",
        decimals=1,
        better=better.get(decision, Better.NEITHER),
        counts=_("Opinions with this receipt of the asking doctor; the newest one of a case."),
        out_of=_("Requests sent in the period on whose opinion a receipt was given."),
        source=STEPS,
        among="receipts",
        counted=str(decision),
        parts_of="receipts",
    )


def _result(result: Outcome.Result) -> Indicator:
    names = {
        Outcome.Result.BETTER: pgettext_lazy("indicator", "Patient better"),
        Outcome.Result.SAME: pgettext_lazy("indicator", "Patient the same"),
        Outcome.Result.WORSE: pgettext_lazy("indicator", "Patient worse"),
        Outcome.Result.REFERRED: pgettext_lazy("indicator", "Patient referred"),
        Outcome.Result.DIED: pgettext_lazy("indicator", "Patient died"),
        Outcome.Result.LOST: pgettext_lazy("indicator", "Patient out of reach"),
    }
    better = {
        Outcome.Result.BETTER: Better.HIGHER,
        Outcome.Result.WORSE: Better.LOWER,
        Outcome.Result.DIED: Better.LOWER,
        Outcome.Result.LOST: Better.LOWER,
    }
    return Indicator(
        key=f"fared_{result}",
        name=names[result],
        unit="%",
        decimals=1,
        better=better.get(result, Better.NEITHER),
        counts=_(
            "Cases by how the patient fared when it was last told: on day 30 where that is known, "
            "else on day 7, else on day 3. How ill the patients were is not in it."
        ),
        out_of=_("Requests sent in the period of which an outcome was told."),
        source=STEPS,
        among="fared",
        counted=f"fared_{result}",
        parts_of="fared",
    )


def _reason(code: Offer.Decline) -> Indicator:
    names = {
        Offer.Decline.SCOPE: _("Declined: outside the scope"),
        Offer.Decline.TIME: _("Declined: no time"),
        Offer.Decline.CONFLICT: _("Declined: conflict of interest"),
        Offer.Decline.NO_ANSWER: _("Declined: question not answered"),
        Offer.Decline.OTHER: _("Declined: another reason"),
    }
    return Indicator(
        key=f"declined_{code}",
        name=names[code],
        unit="%",
        decimals=1,
        counts=_("Requests whose first refusal gave this reason."),
        out_of=_("Requests sent in the period that a doctor declined."),
        source=STEPS,
        among="declined",
        counted=f"declined_{code}",
        parts_of="declined",
    )


FAMILIES = (
    Family(
        key="answers",
        name=pgettext_lazy("figures", "Answers"),
        indicators=(FIRST_ANSWER, IN_TIME, SILENT, CASES),
    ),
    Family(
        key="loop",
        name=pgettext_lazy("figures", "Closed loop"),
        indicators=(CLOSED, *(_outcome(day) for day in Outcome.DAYS)),
    ),
    Family(
        key="adoption",
        name=pgettext_lazy("figures", "Adoption"),
        indicators=tuple(_adoption(decision) for decision in Receipt.Decision),
    ),
    Family(
        key="outcomes",
        name=pgettext_lazy("figures", "Outcomes"),
        indicators=tuple(_result(result) for result in TOLD),
    ),
    Family(
        key="refusals",
        name=pgettext_lazy("figures", "Refusals"),
        indicators=(DECLINED, *(_reason(code) for code in Offer.Decline)),
    ),
)
# Each count, and the larger ones that it is a part of; what is left between two is kept as well.
WITHIN = {
    "sent": (),
    "answered": ("sent",),
    "unanswered": ("sent",),
    "in_time": ("sent", "answered"),
    "silent": ("sent", "unanswered"),
    "declined": ("sent", "answered"),
    "due_3": ("sent", "answered"),
    "due_7": ("sent", "due_3"),
    "due_30": ("sent", "due_7"),
    "receipts": ("sent", "answered", "due_3", "due_7", "due_30"),
    "fared": ("sent", "answered", "due_3", "due_7", "due_30"),
    **{str(decision): ("receipts",) for decision in Receipt.Decision},
    **{f"fared_{result}": ("fared",) for result in TOLD},
    **{f"declined_{code}": ("declined",) for code in Offer.Decline},
    **{f"outcome_{day}": (f"due_{day}", "fared") for day in Outcome.DAYS},
}
HEADLINES = ("first_answer", "closed", "silent")
