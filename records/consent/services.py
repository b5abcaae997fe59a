"""Opening and ending care access; taking consent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent import access, queries
from records.consent.models import OPEN_ENDED, Basis, CareAccess, Consent
from records.mpi.models import OF_AGE, Patient, Relation
from records.mpi.queries import guardians_of
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.errors import Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.statements import insert
from telemed.organisations.models import Organisation
from telemed.people.models import User

# Opened again, it holds until the new moment, and for its own sake; it began when it first did.
STILL = """(org, patient, basis, about, person)
    DO UPDATE SET until = excluded.until, shared_from = excluded.shared_from"""
GUARDIAN_UNDER = 14  # PIPL article 28
SIGNATURE_LIMIT = 400_000  # bytes; a drawn signature is about 10 kB, a shrunk photo 200 kB


def find_patients(*, actor: User, text: str, limit: int, after: str = "") -> queries.Page:
    """Search, and trace that it was done; what was typed may be an ID number, so it stays out."""
    require_intention()
    page = queries.search_patients(actor, text, limit=limit, after=after)
    audit.record(action="patient.search", target=f"Patient/{len(page.rows)} found")
    return page


def open_care(
    *,
    organisation: Organisation,
    patient: Patient,
    basis: Basis,
    about: UUID | None = None,
    person: UUID | None = None,
    until: datetime = OPEN_ENDED,
) -> None:
    """
    Let an institution (or one clinician of it) see a record on that basis until then: of a person
    whose records were merged, each of them.
    """
    require_intention()
    key: dict[str, Any] = {
        "org": organisation.number,
        "basis": basis,
        "about": about,
        "person": person,
    }
    now = timezone.now()
    insert(CareAccess(patient=patient.rid, since=now, until=until, **key), conflict=STILL)
    for rid in patient.rids:
        if rid != patient.rid:
            shared = {"since": now, "until": until, "shared_from": patient.rid}
            CareAccess.objects.get_or_create(patient=rid, **key, defaults=shared)
            copy = CareAccess.objects.filter(patient=rid, **key, shared_from=patient.rid)
            copy.update(until=until)


def share_care(loser: Patient, survivor: Patient) -> None:
    """A merge: whoever sees one of the person's records sees all of them."""
    require_intention()
    rids = survivor.rids
    opened = list(CareAccess.objects.in_force().filter(patient__in=rids, shared_from=None))
    CareAccess.objects.bulk_create(
        [
            CareAccess(
                org=row.org,
                patient=rid,
                basis=row.basis,
                about=row.about,
                person=row.person,
                since=row.since,
                until=row.until,
                shared_from=row.patient,
            )
            for row in opened
            for rid in rids
            if rid != row.patient
        ],
        ignore_conflicts=True,
    )


def part_care(loser: Patient, survivor: Patient) -> None:
    """A merge undone: each record keeps the care that was opened for itself."""
    require_intention()
    shared = CareAccess.objects.filter(shared_from__isnull=False)
    shared.filter(Q(patient=loser.rid) | Q(shared_from=loser.rid)).delete()


def end_care(
    *, about: UUID | list[UUID], until: datetime | None = None, person: UUID | None = None
) -> int:
    """End (now, or at a stated later time) what a case, or several contracts, opened."""
    require_intention()
    subjects = [about] if isinstance(about, UUID) else about
    rows = CareAccess.objects.in_force().filter(about__in=subjects)
    if person:
        rows = rows.filter(person=person)
    return rows.update(until=until or timezone.now())


def take_consent(
    *,
    actor: User,
    patient: Patient,
    about: UUID,
    method: str,
    relation: str,
    signer_name: str,
    signature: bytes | None,
    asked: Organisation,
    fee_shown: int,
    reason: str = "",
    signed_under: UUID | None = None,
) -> Consent:
    """
    Keep a signed consent, or the reason why an emergency had to go before it.

    It is given to ask one hospital, `asked`, for the fee that was explained.

    A guardian is one of the register: `signed_under`, where there are several.
    """
    require_intention()
    decision = access.decide(actor, "ask", patient)
    require(decision.allowed, _("Your role here may not take this consent."))
    deferred = method == Consent.Method.DEFERRED
    if not deferred and not signature:
        raise Invalid(_("There is no valid consent; it cannot be sent."), path="signature")
    if signature and len(signature) > SIGNATURE_LIMIT:
        raise Invalid(_("The signature picture is too large."), path="signature")
    if deferred and not reason:
        raise Invalid(_("Say why consent has to wait."), path="reason")
    guardian = None if deferred else _signer(patient, relation, signed_under)
    consent = Consent.objects.create(
        patient=patient,
        organisation=actor.acting_organisation,
        taken_by=actor,
        about=about,
        asked=asked,
        method=method,
        relation=relation,
        signer_name=signer_name or (guardian.delegate.name if guardian else ""),
        signed_under=guardian,
        signature=None if deferred else signature,
        fee_shown=fee_shown,
        reason=reason,
        given_at=None if deferred else timezone.now(),
    )
    audit.record(action="consent.give", target=consent, patient_id=patient.pk)
    publication.publish(consent)
    return consent


def refuse_consent(
    *,
    actor: User,
    patient: Patient,
    about: UUID,
    relation: str,
    asked: Organisation,
    fee_shown: int,
    reason: str = "",
    signed_under: UUID | None = None,
    instead_of: Consent | None = None,
) -> Consent:
    """
    Keep that who may sign would not, and why if they said so; it is no consent.

    `instead_of`: what they had signed before, which ends.
    """
    require_intention()
    decision = access.decide(actor, "ask", patient)
    require(decision.allowed, _("Your role here may not take this consent."))
    guardian = _signer(patient, relation, signed_under)
    now = timezone.now()
    if instead_of and instead_of.given_at and not instead_of.withdrawn_at:
        instead_of.withdrawn_at = now
        instead_of.save(update_fields=["withdrawn_at"])
        audit.record(action="consent.withdraw", target=instead_of, patient_id=patient.pk)
        publication.publish(instead_of)
    consent = Consent.objects.create(
        patient=patient,
        organisation=actor.acting_organisation,
        taken_by=actor,
        about=about,
        asked=asked,
        method=Consent.Method.REFUSED,
        relation=relation,
        signer_name=guardian.delegate.name if guardian else "",
        signed_under=guardian,
        fee_shown=fee_shown,
        reason=reason.strip()[:200],
        refused_at=now,
    )
    audit.record(action="consent.refuse", target=consent, patient_id=patient.pk)
    publication.publish(consent)
    return consent


def _signer(patient: Patient, relation: str, signed_under: UUID | None) -> Relation | None:
    """Whose signature counts: under 14 a guardian's alone, and from 18 on no guardian's."""
    age = patient.age_on()
    if relation != Consent.Relation.GUARDIAN:
        if age is not None and age < GUARDIAN_UNDER:
            said = _("Under 14 a registered guardian signs.")
            raise Invalid(said, path="relation")
        return None
    grown = age is None or age >= OF_AGE
    found = [row for row in guardians_of(patient) if row.is_guardian != grown]
    if grown and not found:
        raise Invalid(_("Over 18: the person must do this."), path="relation")
    if not found:
        raise Invalid(_("No guardianship on record."), path="relation")
    if signed_under is None and len(found) > 1:
        names = ", ".join(row.delegate.name for row in found)
        raise Invalid(_("Please choose who signs: {names}.").format(names=names), path="relation")
    chosen = [row for row in found if signed_under in (None, row.pk)]
    if not chosen:
        raise Invalid(_("No guardianship on record."), path="relation")
    return chosen[0]
