"""Asking again about an answered case: a new request that replaces it."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.models import ANSWERED, OVER, Case, Kind, Status
from consult.requests.queries import get_case, thread_ends_at
from consult.requests.services.drafting import draft_case
from consult.requests.services.steps import take_step
from telemed.core import moments
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.organisations.queries import find_agreement
from telemed.people.models import User

TAKEN_OVER = ("reason", "aim", "summary", "specialty", "title")


def ask_again(*, actor: User, case_id: UUID) -> Case:
    """
    A draft with what the answered request said; asked again twice, the same draft.

    Raises Conflict while its thread is open, and where another draft about the patient is begun.
    """
    require_intention()
    former = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, former), _("Only the asking side asks again."))
    begun = former.replaced_by.filter(requester=actor, status=Status.DRAFT).first()
    if begun:
        return begun
    if former.status not in (*ANSWERED, *OVER) or not former.opinion_stands:
        raise Conflict(_("There is no opinion yet about which to ask again."), path="status")
    ends_at = thread_ends_at(former)
    if ends_at and moments.now() < ends_at:
        raise Conflict(_("Write a message: the thread is still open."), path="status")
    mine = Case.objects.filter(patient=former.patient, requester=actor)
    if mine.filter(status=Status.DRAFT, kind=Kind.SINGLE).exists():
        message = _("A request about this patient is begun already. Send or withdraw it first.")
        raise Conflict(message, path="status")
    draft = draft_case(
        actor=actor,
        patient=former.patient,
        **{name: getattr(former, name) for name in TAKEN_OVER},
    )
    draft.replaces = former
    if former.asked and find_agreement(former.asking, former.asked, draft.service):
        draft.asked = former.asked
    draft.save(update_fields=["replaces", "asked"])
    take_step(case=draft, action="case.ask_again", publish=False, no=former.number)
    return draft
