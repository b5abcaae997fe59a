"""Reads that need a name."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consult.archive.models import Copy
from consult.requests import permissions
from consult.requests.models import Case, Step
from consult.requests.queries import get_case
from telemed.core.errors import NotFound
from telemed.people.models import Role, User


def newest(case: Case) -> Copy | None:
    return case.copies.order_by("-version").first()


def steps_of(case: Case) -> QuerySet[Step]:
    """What a copy holds of the time line: everything but the filing itself."""
    return case.steps.exclude(action="case.archive")


def earlier(case: Case, version: int) -> list[Copy]:
    """What a new version supersedes."""
    older = case.copies.filter(version__lt=version).select_related("organisation", "case__patient")
    return list(older)


def copies_for(actor: User, case: Case) -> QuerySet[Copy]:
    """Those of the actor's institution: its doctors of the case, and its medical office."""
    clinical = permissions.may_read_clinical(actor, case, offered=False)
    office = actor.role == Role.MEDICAL_OFFICE
    if actor.role == Role.RESIDENT or not (clinical or office):
        return Copy.objects.none()
    return case.copies.filter(organisation=actor.organisation_id).order_by("-version")


def get_copy(actor: User, case_id: UUID, version: int) -> Copy:
    case = get_case(actor, case_id)
    copy = copies_for(actor, case).select_related("case__patient").filter(version=version).first()
    if copy is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Copy/{case_id}/{version}")
    return copy
