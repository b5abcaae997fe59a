"""Problems, allergies and medicines."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum, auto

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from records.chart.reading.dosage import dosage_text
from records.chart.reading.elements import (
    NO_CONTENT,
    NOT_UNDERSTOOD,
    REFUTED,
    SNOMED,
    Json,
    NotShown,
    Read,
    When,
    code_of,
    codes_of,
    display_of,
    listed,
    newest_first,
    quantity_text,
    range_text,
    read,
    said,
    text_of,
    texts_of,
    when,
    when_of,
)

PRESENT = {"active", "recurrence", "relapse"}  # condition-clinical
PAST = {"inactive", "resolved"}  # allergyintolerance-clinical
UNSURE = {"unconfirmed", "provisional", "differential"}
NO_KNOWN = {
    (SNOMED, "716186003"): gettext_lazy("No known allergy"),
    (SNOMED, "409137002"): gettext_lazy("No known drug allergy"),
    (SNOMED, "429625007"): gettext_lazy("No known food allergy"),
    (SNOMED, "428607008"): gettext_lazy("No known environmental allergy"),
}
NO_KNOWN_TEXT = re.compile(
    r"^\s*(?:no known (?:\w+ )?allerg|nkd?a\b|(?:无|未发现|否认)[^，。;；]{0,8}过敏)", re.IGNORECASE
)


@dataclass(frozen=True)
class Problem:
    text: str
    active: bool
    onset: str = ""
    unsure: bool = False
    recorded: When | None = None
    codes: frozenset[tuple[str, str]] = frozenset()


def problems(conditions: Iterable[Json]) -> Read[Problem]:
    """Each problem once: active if any entry of it is, since the oldest; active ones first."""
    found = read(conditions, _problem)
    once: dict[str, Problem] = {}
    for row in newest_first(found.rows, lambda row: row.recorded):
        kept = once.setdefault(row.text, row)
        active, onset = kept.active or row.active, row.onset or kept.onset
        once[row.text] = replace(kept, active=active, onset=onset)
    return Read(tuple(sorted(once.values(), key=lambda row: not row.active)), found.skipped)


def _problem(condition: Json) -> Problem:
    _refuse_refuted(condition)
    certainty = code_of(condition, "verificationStatus")
    text = text_of(condition.get("code")) or texts_of(condition.get("bodySite"))
    if not text:
        raise NotShown(NO_CONTENT)
    clinical = code_of(condition, "clinicalStatus")
    over = any(name.startswith("abatement") for name in condition)
    return Problem(
        text=text,
        active=clinical in PRESENT if clinical else not over,
        onset=_onset(condition),
        unsure=certainty in UNSURE,
        recorded=when_of(condition, "onsetDateTime", "onsetPeriod", "recordedDate"),
        codes=codes_of(condition.get("code")),
    )


def _onset(condition: Json) -> str:
    dated = when_of(condition, "onsetDateTime", "onsetPeriod")
    if dated:
        return dated.shown
    at_age = quantity_text(condition.get("onsetAge")) or range_text(condition.get("onsetRange"))
    return _("at age {}").format(at_age) if at_age else said(condition, "onsetString")


class AllergyState(StrEnum):
    """Three forms, and a fourth where the record could not be read: never one for another."""

    LISTED = auto()
    NONE_KNOWN = auto()
    NOT_ASKED = auto()
    NOT_READ = auto()


@dataclass(frozen=True)
class Allergy:
    substance: str
    reaction: str = ""
    severe: bool = False
    active: bool = True
    unsure: bool = False
    recorded: When | None = None

    @property
    def text(self) -> str:
        """The substance, and what it does."""
        if not self.reaction:
            return self.substance
        # Translators: an allergy, the substance and the reaction to it.
        return pgettext("allergy", "{}: {}").format(self.substance, self.reaction)


@dataclass(frozen=True)
class Allergies(Read[Allergy]):
    """What is known of allergies; `none_known` says how far a "none" reaches."""

    state: AllergyState = AllergyState.NOT_ASKED
    none_known: str = ""

    @property
    def active(self) -> list[Allergy]:
        return [row for row in self.rows if row.active]


def allergies(intolerances: Iterable[Json]) -> Allergies:
    """
    All allergies, severe ones first. Absence of data is not absence of allergy.

    "None known" needs somebody to have said so, and nothing beside it that speaks against.
    """
    stated: list[Json] = []
    denied: list[Json] = []
    for resource in intolerances:
        (denied if _denied(resource) else stated).append(resource)
    found, none_known = read(stated, _allergy), read(denied, _denial)
    rows = tuple(sorted(found.rows, key=lambda row: (not row.active, not row.severe)))
    if any(row.active for row in rows):
        state = AllergyState.LISTED
    elif any(skipped.reason is NOT_UNDERSTOOD for skipped in found.skipped):
        state = AllergyState.NOT_READ
    elif none_known.rows:
        state = AllergyState.NONE_KNOWN
    else:
        state = AllergyState.NOT_ASKED
    skipped = (*found.skipped, *none_known.skipped)
    return Allergies(rows, skipped, state, listed(none_known.rows))


def _denied(resource: Json) -> str:
    """What the statement denies, or nothing where it names an allergy."""
    for code in codes_of(resource.get("code")):
        if code in NO_KNOWN:
            return str(NO_KNOWN[code])
    text = text_of(resource.get("code"))
    return text if NO_KNOWN_TEXT.match(text) else ""


def _denial(resource: Json) -> str:
    _refuse_refuted(resource)
    if code_of(resource, "clinicalStatus") in PAST:
        raise NotShown(gettext_lazy("no longer so"))
    return _denied(resource)


def _refuse_refuted(resource: Json) -> None:
    if code_of(resource, "verificationStatus") == "refuted":
        raise NotShown(REFUTED)


def _allergy(resource: Json) -> Allergy:
    _refuse_refuted(resource)
    reactions = resource.get("reaction", ())
    substance = text_of(resource.get("code")) or listed(
        text_of(reaction.get("substance")) for reaction in reactions
    )
    if not substance:
        substance = listed(_categories().get(c, c) for c in resource.get("category", ()) if c)
    if not substance:
        raise NotShown(NO_CONTENT)
    signs = [texts_of(r.get("manifestation")) or said(r, "description") for r in reactions]
    severe = any(reaction.get("severity") == "severe" for reaction in reactions)
    return Allergy(
        substance=substance,
        reaction=listed(signs),
        severe=severe or resource.get("criticality") == "high",
        active=code_of(resource, "clinicalStatus") not in PAST,
        unsure=code_of(resource, "verificationStatus") == "unconfirmed",
        recorded=when_of(resource, "onsetDateTime", "recordedDate"),
    )


def _categories() -> dict[str, str]:
    return {
        "food": pgettext("allergy", "food"),
        "medication": pgettext("allergy", "medicine"),
        "environment": pgettext("allergy", "environment"),
        "biologic": pgettext("allergy", "biological product"),
    }


@dataclass(frozen=True)
class Medicine:
    text: str
    active: bool
    dosage: str = ""
    status: str = ""  # in words, where it is not simply taken
    since: When | None = None


def medicines(resources: Iterable[Json]) -> Read[Medicine]:
    """MedicationStatements and MedicationRequests together, each medicine once, current first."""
    found = read(resources, _medicine)
    once: dict[str, Medicine] = {}
    for row in newest_first(found.rows, lambda row: row.since):
        kept = once.setdefault(row.text.casefold(), row)
        if row.active and not kept.active:
            once[row.text.casefold()] = row
    rows = sorted(once.values(), key=lambda row: not row.active)
    return Read(tuple(rows), found.skipped)


def _medicine(resource: Json) -> Medicine:
    if resource.get("doNotPerform"):
        raise NotShown(gettext_lazy("an order not to give it"))
    if resource.get("intent") in {"proposal", "plan", "option"}:
        raise NotShown(gettext_lazy("only proposed"))
    status = resource.get("status", "unknown")
    if status in {"not-taken", "cancelled", "draft"}:
        raise NotShown(gettext_lazy("not taken"))
    text = text_of(resource.get("medicationCodeableConcept")) or _named_medicine(resource)
    if not text:
        raise NotShown(NO_CONTENT)
    ends = (resource.get("effectivePeriod") or {}).get("end") or (
        (resource.get("dispenseRequest") or {}).get("validityPeriod") or {}
    ).get("end")
    return Medicine(
        text=text,
        active=status in {"active", "on-hold", "intended", "unknown"} and not _past(ends),
        dosage=dosage_text(resource.get("dosage") or resource.get("dosageInstruction") or ()),
        status=_statuses().get(status, ""),
        since=when_of(
            resource, "effectiveDateTime", "effectivePeriod", "authoredOn", "dateAsserted"
        ),
    )


def _named_medicine(resource: Json) -> str:
    """The medicine behind a reference: contained, or as the reference calls it."""
    reference = resource.get("medicationReference") or {}
    for contained in resource.get("contained", ()):
        if reference.get("reference") == f"#{contained.get('id')}":
            return text_of(contained.get("code")) or display_of(reference)
    return display_of(reference)


def _past(text: object) -> bool:
    """Whether that date is over; a whole day, month or year ends with its last moment."""
    found = when(text)
    return found is not None and found.is_over


def _statuses() -> dict[str, str]:
    return {
        "on-hold": pgettext("medicine", "on hold"),
        "intended": pgettext("medicine", "planned"),
        "unknown": pgettext("medicine", "not known whether taken"),
        "stopped": pgettext("medicine", "stopped"),
        "completed": pgettext("medicine", "finished"),
    }
