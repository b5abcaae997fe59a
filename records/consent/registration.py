"""Entering a person in the index and treating them at once: what a registration desk does."""

from datetime import date

from records.consent.models import Basis
from records.consent.services import open_care
from records.mpi.models import Patient
from records.mpi.services import register_patient
from telemed.core.intentions import Actor, require_intention
from telemed.organisations.models import Organisation


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
) -> Patient:
    """Register at an institution, whose clinicians treat and so see the person from now on."""
    require_intention()
    patient = register_patient(
        actor=actor,
        name=name,
        organisation=organisation,
        id_card=id_card,
        sex=sex,
        birth_date=birth_date,
        phone=phone,
        address=address,
    )
    open_care(organisation=organisation, patient=patient, basis=Basis.TREATING)
    return patient
