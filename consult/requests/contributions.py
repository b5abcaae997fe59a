"""What cases add to pages below: the patient page's button and its list of consults."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from consult.requests import presenting, queries
from records.chart.sections import Place, Section
from records.consent import access
from records.mpi.models import Patient
from telemed.people.models import Role, User


def may_ask(actor: User, patient: Patient) -> dict[str, Any] | None:
    """For a township doctor who treats the patient."""
    asks = actor.role == Role.TOWNSHIP_DOCTOR and access.decide(actor, "ask", patient).allowed
    return {} if asks else None


def consults(actor: User, patient: Patient) -> dict[str, Any] | None:
    """
    The consults about this patient that the reader may know of, and those of which a family doctor
    is asked how the patient fared.
    """
    return {
        "rows": [presenting.row(actor, c) for c in queries.cases_of(actor, patient.pk)],
        "followed": queries.outcomes_to_tell(actor, patient),
        "results": presenting.RESULTS,
    }


ASK = Section(
    name="ask",
    title=_("Ask for a consult"),
    template="requests/_ask.html",
    context=may_ask,
    place=Place.ACTS,
    order=10,
)
CONSULTS = Section(
    name="consults", title=_("Consults"), template="requests/_consults.html", context=consults
)
