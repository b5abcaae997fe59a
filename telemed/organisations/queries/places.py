"""Reads of institutions that need a name."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from telemed.core.errors import NotFound
from telemed.core.intentions import Actor
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


MOST_FOUND = 20


def search_partners(actor: Actor, text: str) -> list[Organisation]:
    """Institutions that an agreement could be made with, by part of the name or initials."""
    text = text.strip()
    if not text:
        return []
    named = Q(name__icontains=text) | Q(pinyin_initials__startswith=text.casefold())
    partners = Organisation.objects.filter(named, active=True).select_related("division")
    partners = partners.exclude(kind=Organisation.Kind.AUTHORITY)
    if actor.organisation_id:
        partners = partners.exclude(pk=actor.organisation_id)
    return list(partners.order_by("kind", "number")[:MOST_FOUND])


def get_organisation(organisation_id: UUID | None) -> Organisation:
    wanted = Organisation.objects.select_related("division")
    found = wanted.filter(pk=organisation_id).first() if organisation_id else None
    if found is None:
        raise NotFound(_("There is no such institution."), path="Organization")
    return found
