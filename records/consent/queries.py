"""Reads that need a name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import HEALTH_CARD, ID_CARD, HealthCard, Patient
from telemed.core import secrecy
from telemed.core.errors import Invalid, NotFound
from telemed.core.names import HAN
from telemed.people.models import User

LONGEST_TEXT = 60
TEMPORARY = re.compile(r"T\d{11}")
ID_NUMBER, PHONE = re.compile(r"\d{17}[\dX]"), re.compile(r"\d{7,12}")
HEALTH_NUMBER = re.compile(r"\d{16}", re.ASCII)


@dataclass(frozen=True)
class Found:
    """One row of a search: the person, and why the searcher may see them."""

    patient: Patient
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """`after` is what the next page is asked with; empty on the last one."""

    rows: list[Found]
    after: str


def get_patient(actor: User, patient_id: UUID, action: str = "read") -> Patient:
    """
    One patient the actor may see; of a merged record, the one that stays.

    Hidden and absent look the same.
    """
    known = Patient.objects.select_related("merged_into").filter(pk=patient_id)
    patient = access.visible(actor, action, known).first()
    if patient and patient.merged_into:
        patient = patient.merged_into
        patient = patient if access.decide(actor, action, patient).allowed else None
    if patient is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Patient/{patient_id}")
    return patient


def search_patients(actor: User, text: str, *, limit: int = 20, after: str = "") -> Page:
    """
    The people this account may see, by pinyin; two queries, however many there are.

    `text`: initials (zsf), pinyin, the beginning of the name in characters, a whole ID,
    health card, temporary or phone number; empty for everybody. `after`: that of the page before.
    """
    people = access.listed(actor, "read", Patient.objects.filter(merged_into=None))
    people = people.alias(unspaced=Replace("pinyin", Value(" "), Value("")))
    people = people.filter(_matching(text), _following(after)).order_by("pinyin", "id")
    found = list(people[: limit + 1])
    page, rest = found[:limit], found[limit:]
    reasons = reasons_for(actor, "read", page)
    return Page(
        [Found(patient, reasons[patient.pk]) for patient in page],
        f"{page[-1].pinyin}~{page[-1].pk}" if rest else "",
    )


def reasons_for(
    actor: User, action: str, patients: Sequence[Patient]
) -> dict[UUID, tuple[str, ...]]:
    """The reasons of decide() for a page of patients, in one query."""
    rules = list(access.granting(action)) if patients else []
    holds = {
        f"rule_{n}": ExpressionWrapper(rule.where(actor), output_field=BooleanField())
        for n, rule in enumerate(rules)
    }
    rows = Patient.objects.filter(pk__in=[p.pk for p in patients]).values_list(
        "pk", *holds.values()
    )
    return {
        pk: tuple(rule.reason for rule, held in zip(rules, answers, strict=True) if held)
        for pk, *answers in (rows if patients else [])
    }


def _matching(text: str) -> Q:
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("Please search with fewer words (at most 60 characters)."), path="q")
    if "\x00" in text:
        raise Invalid(_("This can't be searched for."), path="q")
    squeezed = re.sub(r"[\s'’·-]", "", text)
    if not squeezed:
        return Q()
    if ID_NUMBER.fullmatch(squeezed.upper()):
        found = secrecy.keyed_hash(squeezed.upper(), purpose=ID_CARD)
        return _or_merged(id_card_hash=found)
    if HEALTH_NUMBER.fullmatch(squeezed):
        found = secrecy.keyed_hash(squeezed, purpose=HEALTH_CARD)
        held = HealthCard.objects.filter(number_hash=found, active=True).values("patient")
        return _or_merged(pk__in=held)
    if TEMPORARY.fullmatch(squeezed.upper()):
        return _or_merged(temporary_no=squeezed.upper())
    if PHONE.fullmatch(squeezed):
        return _or_merged(phone__in={squeezed, text.strip()})
    if HAN.search(squeezed):
        return Q(name__startswith=text.strip())
    letters = squeezed.casefold()
    return Q(initials__startswith=letters) | Q(unspaced__startswith=letters)


def _or_merged(**exactly: Any) -> Q:
    """Whose it is, also when it stands on a record that was merged into theirs."""
    merged = Patient.objects.filter(merged_into__isnull=False, **exactly)
    return Q(**exactly) | Q(pk__in=merged.values("merged_into"))


def _following(after: str) -> Q:
    if not after:
        return Q()
    pinyin, _separator, last = after.rpartition("~")
    try:
        return Q(pinyin__gt=pinyin) | Q(pinyin=pinyin, pk__gt=UUID(last))
    except ValueError:
        raise Invalid(_("This page of the list does not exist."), path="after") from None
