"""Reads that need a name."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import NotFound
from telemed.organisations.models import Agreement, Organisation


def get_hospital(identifier: str = "") -> Organisation:
    """By id or number; without either, the hospital with the lowest number. Raises NotFound."""
    hospitals = Organisation.objects.filter(active=True).order_by("number")
    if not identifier:
        found = hospitals.filter(kind=Organisation.Kind.HOSPITAL).first()
    elif identifier.isascii() and identifier.isdecimal():
        found = hospitals.filter(number=int(identifier[:9])).first()
    else:
        try:
            found = hospitals.filter(pk=UUID(identifier)).first()
        except ValueError:
            found = None
    if found is None:
        raise NotFound(_("There is no such institution."), path="Organization")
    return found


def find_agreement(
    asking: Organisation, asked: Organisation, service: str = Agreement.Service.CONSULT
) -> Agreement | None:
    """The agreement in force today between the two, or None."""
    in_force = Agreement.objects.in_force(timezone.localdate())
    return in_force.filter(asking=asking, asked=asked, service=service).first()


def partners_of(
    asking: Organisation, service: str = Agreement.Service.CONSULT
) -> list[Organisation]:
    """Whom an institution may ask today, by name."""
    in_force = Agreement.objects.in_force(timezone.localdate())
    agreements = in_force.filter(asking=asking, service=service).select_related("asked")
    return [a.asked for a in agreements.order_by("asked__name")]
