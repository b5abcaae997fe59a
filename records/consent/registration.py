"""Entering a person in the index and treating them at once: what a registration desk does."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.consent import access, queries
from records.consent.models import Basis
from records.consent.services import open_care
from records.mpi import matching, words
from records.mpi import services as index
from records.mpi.matching import Candidate
from records.mpi.models import Pair, Patient
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.intentions import Actor, require_intention
from telemed.organisations.models import Organisation
from telemed.people.models import User

SHORTEST_REASON = 4
TYPED = ("name", "id_card", "sex", "birth_date", "phone", "address")


def register_and_treat(
    *,
    actor: Actor,
    name: str,
    organisation: Organisation,
    id_card: str = "",
    sex: str = "",
    birth_date: date | None = None,
    phone: str = "",
    address: str = "",
    because: str = "",
    mother: str = "",
    birth_order: int | None = None,
    another: str = "",
    health_card: str = "",
) -> Patient:
    """
    Register at an institution, whose clinicians treat and so see the person from now on.

    `because` (and no ID number): under a temporary number. Who may be in the index already is
    refused unless `another` says why this is somebody else; those pairs then go to review.
    """
    require_intention()
    facts: dict[str, Any] = {
        "name": name,
        "sex": sex,
        "birth_date": birth_date,
        "phone": phone,
        "address": address,
    }
    alike = matching.find_matches(matching.typed(**facts, id_card=id_card))
    _refuse_doubles(alike, another)
    if because and not id_card.strip():
        patient = index.register_temporary(
            actor=actor,
            organisation=organisation,
            because=because,
            mother=_find_mother(actor, mother),
            birth_order=birth_order,
            **facts,
        )
    else:
        patient = index.register_patient(
            actor=actor, organisation=organisation, id_card=id_card, **facts
        )
    if health_card.strip():
        index.enter_health_card(actor=actor, patient=patient, number=health_card)
    for candidate in alike:
        index.keep_pair(
            actor=actor, one=patient, other=candidate.patient, candidate=candidate, said=another
        )
    open_care(organisation=organisation, patient=patient, basis=Basis.TREATING)
    return patient


def _refuse_doubles(alike: list[Candidate], another: str) -> None:
    """A number that is taken is refused by the index itself, at its field."""
    if not alike or any("id_same" in candidate.reasons for candidate in alike):
        return
    if not another.strip():
        said = ngettext(
            "{n} possible duplicate; compare first.",
            "{n} possible duplicates; compare first.",
            len(alike),
        )
        raise Conflict(said.format(n=len(alike)), path="another")
    if len(another.strip()) < SHORTEST_REASON:
        said = _("Give a reason of at least {n} characters.").format(n=SHORTEST_REASON)
        raise Invalid(said, path="another")


def _find_mother(actor: Actor, number: str) -> Patient | None:
    """By a number that belongs to one person, and only among those whom the actor may see."""
    if not number.strip() or not isinstance(actor, User):
        return None
    found = queries.search_patients(actor, number, limit=2).rows
    if len(found) != 1:
        said = _("Nobody whom you may see has this number; register the mother first.")
        raise Invalid(said, path="mother")
    return found[0].patient


@dataclass(frozen=True)
class Alike:
    """Somebody in the index who may be the one at the desk; masked where the reader may not see."""

    patient: Patient
    grade: str
    reasons: list[str]
    seen: bool
    usable: bool


def find_alike(*, actor: User, typed: dict[str, Any]) -> list[Alike]:
    """Who may be meant by what was typed; that somebody looked leaves a trace."""
    require_intention()
    found = matching.find_matches(_typed(typed))
    if found:
        audit.record(action="match.look", target=f"Patient/{len(found)} found")
    return [_alike(actor, candidate) for candidate in found]


def use_existing(
    *, actor: User, organisation: Organisation, patient_id: UUID, typed: dict[str, Any]
) -> Patient:
    """
    The person at the desk is in the index: this institution treats them from now on.

    Who may not see the record yet has to hold the ID number; a name and a birthday would let
    anybody open anybody's record.
    """
    require_intention()
    found = {c.patient.pk: _alike(actor, c) for c in matching.find_matches(_typed(typed))}
    alike = found.get(patient_id)
    if alike is None:
        raise NotFound(_("Not found, or not yours to know of."))
    if not alike.usable:
        raise Invalid(
            _("To use a record of another institution, enter the ID number."), path="id_card"
        )
    open_care(organisation=organisation, patient=alike.patient, basis=Basis.TREATING)
    audit.record(action="person.use", target=alike.patient, patient_id=patient_id)
    return alike.patient


def _alike(actor: User, candidate: Candidate) -> Alike:
    seen = access.decide(actor, "read", candidate.patient).allowed
    return Alike(
        patient=candidate.patient,
        grade=str(candidate.grade.label),
        reasons=words.in_words(candidate.reasons),
        seen=seen,
        usable=seen or candidate.grade == Pair.Grade.CERTAIN,
    )


def _typed(typed: dict[str, Any]) -> matching.Facts:
    return matching.typed(**{name: typed[name] for name in TYPED if typed.get(name)})


def identify_here(*, actor: User, patient_id: UUID, id_card: str, name: str) -> index.Identified:
    """The ID of somebody treated here was seen."""
    require_intention()
    patient = queries.get_patient(actor, patient_id, "write")
    return index.identify(actor=actor, patient=patient, id_card=id_card, name=name)
