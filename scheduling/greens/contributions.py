"""What the green channel adds to the patient page: a button, or the one that is open."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from records.chart.sections import Place, Section
from records.mpi.models import Patient
from scheduling.greens import queries
from scheduling.greens.permissions import may_open
from telemed.people.models import User


def opens(actor: User, patient: Patient) -> dict[str, Any] | None:
    """For a doctor who treats the patient; and who works on what is open."""
    live = queries.live_of(actor, patient)
    return {"live": live} if live or may_open(actor, patient) else None


OPENS = Section(
    name="green",
    title=_("Green channel"),
    template="greens/_open.html",
    context=opens,
    place=Place.ACTS,
    order=12,
)
