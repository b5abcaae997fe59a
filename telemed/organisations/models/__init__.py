"""The province: places, and the agreements between them."""

from telemed.organisations.models.agreements import Agreement, AgreementQuerySet
from telemed.organisations.models.places import Department, Division, Organisation, Specialty

__all__ = [
    "Agreement",
    "AgreementQuerySet",
    "Department",
    "Division",
    "Organisation",
    "Specialty",
]
