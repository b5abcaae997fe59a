"""Reads that need a name."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.opinions.models import Draft, Opinion
from consult.requests import permissions
from consult.requests.models import Case
from consult.requests.queries import get_case
from telemed.core.errors import NotFound
from telemed.people.models import User


def find_draft(actor: User, case: Case) -> Draft | None:
    """The unsigned text, for its writer alone."""
    if not permissions.is_holder(actor, case):
        return None
    return Draft.objects.filter(case=case).first()


def opinions_of(case: Case) -> list[Opinion]:
    """Every signed version, newest first."""
    return list(case.opinions.select_related("author__practitioner").order_by("-version"))


def get_opinion(actor: User, case_id: UUID, version: int) -> Opinion:
    """One signed version, for whoever may read the case's clinical text."""
    case = get_case(actor, case_id)
    opinion = case.opinions.select_related("author__practitioner").filter(version=version).first()
    if opinion is None or not permissions.may_read_clinical(actor, case, offered=False):
        raise NotFound(
            _("Not found, or not yours to know of."), path=f"Opinion/{case_id}/{version}"
        )
    return opinion


def find_by_code(code: str) -> Opinion | None:
    """For the public check page: whoever holds the paper holds the code."""
    opinions = Opinion.objects.select_related("case__asked", "author__practitioner")
    return opinions.filter(check_code=code.strip().upper()).first()
