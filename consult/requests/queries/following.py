"""How patients fared, as their family doctors are asked: wherever the consult was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.utils import timezone

from consult.requests.models import ANSWERED, OVER, Case, Outcome, Step
from consult.requests.policies import outcome_due
from records.consent import access
from records.consent.relationships import FAMILY
from records.mpi.models import Patient
from telemed.people.models import Role, User

NEWEST = 5


@dataclass(frozen=True)
class Followed:
    """A consult about a signed patient, and the days whose outcome nobody has told yet."""

    case: Case
    days: list[int]


def outcomes_to_tell(actor: User, patient: Patient) -> list[Followed]:
    """For the patient's family doctor; those of their own institution have a page for it."""
    if actor.role != Role.TOWNSHIP_DOCTOR or not access.holds(FAMILY, actor, patient):
        return []
    theirs = Q(patient=patient) | Q(patient__merged_into=patient)
    signed = Step.objects.filter(action="opinion.sign").order_by("-at")
    cases = (
        Case.objects.filter(theirs, status__in=[*ANSWERED, *OVER])
        .exclude(asking=actor.organisation_id)
        .select_related("asking", "asked")
        .prefetch_related("outcomes", Prefetch("steps", signed, to_attr="signings"))
    )
    found = [Followed(case, list(_open_days(case))) for case in cases.order_by("-id")[:NEWEST]]
    return [one for one in found if one.days]


def _open_days(case: Case) -> Iterator[int]:
    told = {outcome.day: outcome.result for outcome in case.outcomes.all()}
    signings: list[Step] = getattr(case, "signings", [])
    if not signings or Outcome.Result.DIED in told.values():
        return
    for day in Outcome.DAYS:
        due = timezone.localdate(outcome_due(day, signings[0].at))
        if day not in told and due <= timezone.localdate():
            yield day
