"""The text that is agreed on: written once, frozen, and hashed as it stands."""

import hashlib

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from scheduling.registration.models import Contract, Package


def write(contract: Contract) -> str:
    """In the product's first language, whoever agrees: it is what will be signed."""
    with translation.override(settings.LANGUAGE_CODE):
        return "\n".join(_lines(contract))


def write_in_english(contract: Contract) -> str:
    """A translation of the same words; names and services stand as they were entered."""
    with translation.override("en"):
        return "\n".join(_lines(contract))


def digest(words: str | bytes) -> str:
    """SHA-256, as it is kept beside what it seals."""
    raw = words.encode() if isinstance(words, str) else words
    return hashlib.sha256(raw).hexdigest()


def _lines(contract: Contract) -> list[str]:
    package, team = contract.package, contract.team
    shares = _(
        "{price} yuan a year; per cent of it: medical insurance {insurance}, public health "
        "{public}, the resident {own} ({yuan} yuan)."
    ).format(
        price=package.yuan,
        insurance=package.insurance,
        public=package.public_health,
        own=package.resident,
        yuan=package.own_yuan,
    )
    return [
        _("Agreement on family-doctor service"),
        _("Team: {org}, {team}. Family doctor: {doctor}.").format(
            org=team.organisation.name,
            team=team.name,
            doctor=contract.doctor.name if contract.doctor else "",
        ),
        _("Resident: {name}.").format(name=contract.patient.name),
        _("It holds for {n} years from the day it begins.").format(n=contract.years),
        _("What the team does ({package}):").format(package=package.name),
        *[f"{n}. {line}" for n, line in enumerate(package.lines, start=1)],
        *_services(package),
        *_limits(package),
        _("Fee: {shares}").format(shares=shares),
        _("The team may open the resident's health record for this service."),
        _("The resident may end it at any time; it is never renewed without being asked."),
        _("A change to another team needs a full year, or a listed reason."),
    ]


def _services(package: Package) -> list[str]:
    """What is owed by day is agreed on one by one."""
    face = _("{service}: {n} times in each year of the contract, face to face, on set days.")
    any_way = _("{service}: {n} times in each year of the contract, on set days.")
    return [
        (face if one.face else any_way).format(service=one.name, n=one.times)
        for one in package.included
    ]


def _limits(package: Package) -> list[str]:
    """A quota is agreed on like everything else."""
    sentence = _("{service}: at most {n} times in each year of the contract.")
    return [sentence.format(service=one.name, n=one.times) for one in package.limited]
