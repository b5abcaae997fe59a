"""What a case tells the upload: whether images may be sent for it, and what it is called."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.models import TAKING_IMAGES, Status
from consult.requests.queries import visible_to
from records.imaging.purposes import Purpose
from records.mpi.models import Patient
from telemed.core.errors import Conflict, require
from telemed.people.models import User


def find_purpose(actor: User, patient: Patient, about: UUID) -> Purpose | None:
    """The case, for who asks in it; images of its patient, while an opinion is to come."""
    case = visible_to(actor).select_related("patient").filter(pk=about).first()
    if case is None or patient.rid not in case.patient.rids:
        return None
    asks = permissions.is_asking(actor, case)
    require(asks, _("Only the side that asks sends images with a request."))
    if case.status not in TAKING_IMAGES:
        raise Conflict(_("This request takes no images any more."), path="about")
    if case.status == Status.DRAFT:
        return Purpose(name="", url=reverse("requests:edit", args=[case.pk]))
    return Purpose(name=case.number or "", url=reverse("requests:case", args=[case.pk]))
