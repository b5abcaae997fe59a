"""The province: places, the agreements between them, and what they owe each other."""

from telemed.organisations.models.agreements import (
    Agreement,
    AgreementQuerySet,
    AgreementService,
    AgreementSignature,
    AgreementStep,
    Service,
)
from telemed.organisations.models.ledger import Entry, Statement
from telemed.organisations.models.places import Department, Division, Organisation, Specialty

__all__ = [
    "Agreement",
    "AgreementQuerySet",
    "AgreementService",
    "AgreementSignature",
    "AgreementStep",
    "Department",
    "Division",
    "Entry",
    "Organisation",
    "Service",
    "Specialty",
    "Statement",
]
