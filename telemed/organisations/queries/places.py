"""Reads of institutions that need a name."""

from uuid import UUID

from django.utils.translation import gettext as _

from telemed.core.errors import NotFound
from telemed.organisations.models import Organisation


def get_hospital(identifier: str = "") -> Organisation:
    """By id or number; without either, the hospital that was entered first. Raises NotFound."""
    hospitals = Organisation.objects.filter(active=True).order_by("pk")
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
