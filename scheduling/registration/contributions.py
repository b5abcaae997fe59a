"""What contracts add to the patient page: a button, and with whom the person is signed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from records.chart.sections import Place, Section
from records.consent import access
from records.mpi.models import Patient
from scheduling.registration import queries
from telemed.people.models import CLINICAL, Role, User


def may_sign_up(actor: User, patient: Patient) -> dict[str, Any] | None:
    """For a township doctor who treats somebody that no team looks after."""
    if actor.role != Role.TOWNSHIP_DOCTOR or patient.deceased_on:
        return None
    if not access.decide(actor, "book", patient).allowed or queries.newest_of(patient):
        return None
    return {}


def team(actor: User, patient: Patient) -> dict[str, Any] | None:
    """For whoever reads the record: the team, its doctor, and until when."""
    contract = queries.newest_of(patient) if actor.role in CLINICAL else None
    if contract is None:
        return None
    opens = queries.visible_to(actor).filter(pk=contract.pk).exists()
    return {"contract": contract, "opens": opens}


SIGN_UP = Section(
    name="sign-up",
    title=_("Sign up with a family doctor"),
    template="registration/_sign_up.html",
    context=may_sign_up,
    place=Place.ACTS,
    order=30,
)
TEAM = Section(
    name="family-doctor",
    title=_("Family doctor"),
    template="registration/_team.html",
    context=team,
    order=15,
)
