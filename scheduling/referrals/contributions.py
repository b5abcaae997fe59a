"""What referrals add to the patient page: a button, and where the patient was sent."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from records.chart.sections import Place, Section
from records.mpi.models import Patient
from scheduling.appointments.models import Appointment, Status
from scheduling.referrals import queries
from scheduling.referrals.permissions import may_refer, may_send_down
from telemed.people.models import User


def refers(actor: User, patient: Patient) -> dict[str, Any] | None:
    """For a doctor who treats the patient; of a hospital down to a clinic, too."""
    return {"down": may_send_down(actor, patient)} if may_refer(actor, patient) else None


def referrals(actor: User, patient: Patient) -> dict[str, Any] | None:
    found = queries.referrals_of(actor, patient.pk)
    return {"referrals": found} if found else None


def refers_after(actor: User, visit: Appointment) -> bool:
    """For the doctor whom the patient sees, and who sends them further."""
    seen = visit.status in (Status.ARRIVED, Status.CALLED, Status.IN_VISIT, Status.FULFILLED)
    return seen and may_refer(actor, visit.patient)


def sends_down_after(actor: User, visit: Appointment) -> bool:
    """The same doctor, once the hospital has done its part."""
    seen = visit.status in (Status.IN_VISIT, Status.FULFILLED)
    return seen and may_send_down(actor, visit.patient)


REFER = Section(
    name="refer",
    title=_("Refer"),
    template="referrals/_refer.html",
    context=refers,
    place=Place.ACTS,
    order=15,
)
REFERRALS = Section(
    name="referrals",
    title=_("Referrals"),
    template="referrals/_of_patient.html",
    context=referrals,
    order=15,
)
