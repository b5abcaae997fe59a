"""Risk signals over signed opinions: copied, too quick, signed off duty, images never opened."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.opinions.duplicates import Written, repeated, stripped
from consult.opinions.models import SECTIONS, Opinion
from consult.opinions.phrasing import fixed_pieces, own_words
from consult.requests.models import Step
from records.imaging.models import Opening, Study
from telemed.core import policies
from telemed.oversight import signals
from telemed.oversight.indicators import Period
from telemed.oversight.rules import GROUP
from telemed.oversight.signals import Facts

DUPLICATE, QUICK = "duplicate_opinion", "quick_opinion"
OFF_DUTY, UNSEEN = "sign_off_duty", "no_images"
LIKE, LENGTH, SECONDS = "signal.like", "signal.like_length", "signal.quick"
WITHIN = timedelta(days=30)  # in which a text may not come again
MINUTE = timedelta(minutes=1)
SIGNED = ("opinion.sign", "opinion.amend")


def define() -> None:
    """Called in ready()."""
    policies.define(
        LIKE,
        label=gettext_lazy("Signal: opinions alike from"),
        kind=policies.Share(least=50, most=100),
        default=90,
        group=GROUP,
        help=gettext_lazy(
            "Of one doctor within 30 days about different people; what templates say is left out."
        ),
        province_only=True,
    )
    policies.define(
        LENGTH,
        label=gettext_lazy("Signal: opinions are compared from a length of"),
        kind=policies.Count(least=10, most=1000),
        default=40,
        group=GROUP,
        unit=gettext_lazy("characters"),
        province_only=True,
    )
    policies.define(
        SECONDS,
        label=gettext_lazy("Signal: opinion signed so soon after accepting"),
        kind=policies.Duration(least=timedelta(seconds=10), most=30 * MINUTE),
        default=MINUTE,
        group=GROUP,
        province_only=True,
    )


def register() -> None:
    """Called in ready()."""
    for key, name, count, say in (
        (DUPLICATE, gettext_lazy("Opinions with the same text"), _duplicates, _say_duplicates),
        (QUICK, gettext_lazy("Opinions signed at once"), _quick, _say_quick),
        (OFF_DUTY, gettext_lazy("Opinions signed off duty"), _off_duty, _say_off_duty),
        (UNSEEN, gettext_lazy("Opinions without a look at the images"), _unseen, _say_unseen),
    ):
        signals.register(signals.Rule(key=key, name=name, count=count, say=partial(_said, say)))


def _signed(period: Period, actions: Iterable[str] = SIGNED) -> QuerySet[Step]:
    """The steps by which opinions were signed; `organisation` is who answered."""
    return Step.objects.filter(
        action__in=actions, at__gte=period.start, at__lt=period.end, organisation__isnull=False
    )


def _totals(
    steps: Iterable[UUID | None], among: Iterable[UUID | None], **more: Any
) -> Mapping[UUID, Facts]:
    """How many by institution, and of how many."""
    found: dict[UUID, Facts] = {}
    for organisation in steps:
        if organisation:
            facts = found.setdefault(organisation, {"n": 0, "of": 0, **more})
            facts["n"] += 1
    for organisation in among:
        if organisation in found:
            found[organisation]["of"] += 1
    return found


def _all(period: Period) -> Iterable[UUID | None]:
    return _signed(period).values_list("organisation", flat=True)


def _duplicates(period: Period) -> Mapping[UUID, Facts]:
    """Amendments say much the same about the same person: only first versions are compared."""
    percent = policies.value(LIKE)
    opinions = Opinion.objects.filter(
        version=1, signed_at__gte=period.start - WITHIN, signed_at__lt=period.end
    ).order_by("signed_at", "pk")
    fixed = fixed_pieces()
    texts = [
        Written(case, author, patient, at, stripped(own_words("\n".join(parts)), fixed))
        for case, author, patient, at, *parts in opinions.values_list(
            "case", "author", "case__patient", "signed_at", *SECTIONS
        )
    ]
    again = repeated(texts, least=percent / 100, length=policies.value(LENGTH), within=WITHIN)
    answered = dict(_signed(period, ["opinion.sign"]).values_list("case", "organisation"))
    return _totals([answered.get(text.case) for text in again], _all(period), limit=percent)


def _quick(period: Period) -> Mapping[UUID, Facts]:
    """From when the same doctor last accepted the case."""
    limit: timedelta = policies.value(SECONDS)
    accepted = Max(
        "case__steps__at",
        filter=Q(
            case__steps__action="case.accept",
            case__steps__actor=F("actor"),
            case__steps__at__lte=F("at"),
        ),
    )
    signed = _signed(period, ["opinion.sign"]).annotate(accepted=accepted)
    quick = signed.filter(accepted__gt=F("at") - limit)
    return _totals(
        quick.values_list("organisation", flat=True),
        _all(period),
        seconds=int(limit.total_seconds()),
    )


def _off_duty(period: Period) -> Mapping[UUID, Facts]:
    found = _signed(period).filter(facts__off_duty=True)
    return _totals(found.values_list("organisation", flat=True), _all(period))


def _unseen(period: Period) -> Mapping[UUID, Facts]:
    """Images were there before it was signed, and who signed had opened none of them."""
    there = Study.objects.filter(cases=OuterRef("case"), created_at__lt=OuterRef("at"))
    looked = Opening.objects.filter(
        study__cases=OuterRef("case"), user=OuterRef("actor"), created_at__lt=OuterRef("at")
    )
    signed = _signed(period, ["opinion.sign"]).filter(Exists(there))
    found = signed.filter(~Exists(looked)).values_list("organisation", flat=True)
    return _totals(found, signed.values_list("organisation", flat=True))


def _said(sentence: Callable[[], str], facts: Mapping[str, Any]) -> str:
    return sentence().format(**facts)


def _say_duplicates() -> str:
    return _(
        "Opinions alike by {limit} per cent or more with an earlier one of the same doctor about "
        "somebody else: {n} of {of} that were signed."
    )


def _say_quick() -> str:
    return _(
        "Opinions signed less than {seconds} seconds after the doctor had accepted: {n} of {of}."
    )


def _say_off_duty() -> str:
    return _("Opinions signed by a doctor whom the rota does not name at that hour: {n} of {of}.")


def _say_unseen() -> str:
    return _(
        "Opinions on consults with images, of which the doctor had opened none before signing: "
        "{n} of {of}."
    )
