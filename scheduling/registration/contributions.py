"""What contracts add to the patient page: with whom the person is signed, or how to sign up."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from records.chart.sections import Section
from records.consent import access
from records.consent.relationships import TREATED
from records.mpi.models import Patient
from scheduling.registration import queries
from telemed.people.models import CLINICAL, Role, User


def team(actor: User, patient: Patient) -> dict[str, Any] | None:
    """For whoever reads the record; the township doctor who treats the person can sign them up."""
    if actor.role not in CLINICAL:
        return None
    contract = queries.newest_of(patient)
    if contract:
        return {"contract": contract, "opens": queries.is_visible(actor, contract)}
    doctor = actor.role == Role.TOWNSHIP_DOCTOR and patient.deceased_on is None
    return {"contract": None} if doctor and access.holds(TREATED, actor, patient) else None


TEAM = Section(
    name="family-doctor",
    title=_("Family doctor"),
    template="registration/_team.html",
    context=team,
    order=15,
)
