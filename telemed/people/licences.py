"""
The licence gate: who may accept, claim, sign or publish.

远程医疗服务管理规范(试行), 国卫医发 2018 No. 25, annex 3.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import CLINICAL, Practitioner, User

YEARS = 3  # of independent practice, on the answering side
# A chief physician of a branch covers the trunk it grew from.
BRANCHES: dict[str, set[Specialty]] = {
    Specialty.INTERNAL: {Specialty.CARDIOLOGY, Specialty.NEUROLOGY, Specialty.RESPIRATORY},
    Specialty.SURGERY: {Specialty.NEUROSURGERY, Specialty.ORTHOPAEDICS},
}
CHIEFS = {Practitioner.Title.ASSOCIATE, Practitioner.Title.CHIEF}


def why_not(
    practitioner: Practitioner | None,
    specialty: str,
    organisation: Organisation,
    day: date,
    *,
    answering: bool,
) -> str | None:
    """
    The first part of the gate that fails, as a sentence; None when it is open.

    The asking side needs a live licence at its own institution; scope and years of practice are
    asked of who answers. Reads the roles of `practitioner.user`: prefetch them for a list.
    """
    if practitioner is None:
        return _("There is no licence on file.")
    return next(_failing(practitioner, specialty, organisation, day, answering), None)


def is_village_doctor(user: User) -> bool:
    """A licence for the village alone (乡村医生), beside a clinic's doctors (ADR 0059)."""
    practitioner = getattr(user, "practitioner", None)
    return practitioner is not None and practitioner.title == Practitioner.Title.VILLAGE


def position_of(user: User) -> str:
    """What people call the role in which somebody acts (ADR 59)."""
    if is_village_doctor(user):
        return str(Practitioner.Title.VILLAGE.label)
    return str(user.acting_as.get_role_display()) if user.acting_as else ""


def covers(practitioner: Practitioner, specialty: str) -> bool:
    """Whether the scope of the licence includes that specialty."""
    if practitioner.specialty == specialty:
        return True
    branches = BRANCHES.get(specialty, set())
    return practitioner.title in CHIEFS and practitioner.specialty in branches


def _failing(
    practitioner: Practitioner,
    specialty: str,
    organisation: Organisation,
    day: date,
    answering: bool,
) -> Iterator[str]:
    if practitioner.state == Practitioner.State.SUSPENDED:
        yield _("The licence is suspended.")
    if practitioner.state == Practitioner.State.REVOKED:
        yield _("The licence was revoked.")
    if practitioner.licensed_until < day or practitioner.state == Practitioner.State.EXPIRED:
        sentence = _("The licence ended on {date}.")
        yield sentence.format(date=practitioner.licensed_until.isoformat())
    if not _is_registered(practitioner, organisation, day):
        yield _("The licence is not registered at {org}.").format(org=organisation.name)
    if answering and practitioner.title == Practitioner.Title.VILLAGE:
        yield _("A village doctor's licence does not let them answer.")
    if answering and not covers(practitioner, specialty):
        sentence = _("The licence does not cover {specialty}.")
        yield sentence.format(specialty=Specialty(specialty).label)
    if answering and not _has_practised(practitioner, day):
        sentence = _("Answering needs {years} years of independent practice, begun on {date}.")
        yield sentence.format(years=YEARS, date=practitioner.practising_since.isoformat())


def _is_registered(practitioner: Practitioner, organisation: Organisation, day: date) -> bool:
    roles = practitioner.user.roles.all()
    return any(
        role.organisation_id == organisation.pk and role.role in CLINICAL and role.is_current(day)
        for role in roles
    )


def _has_practised(practitioner: Practitioner, day: date) -> bool:
    since = practitioner.practising_since
    return (since.year + YEARS, since.month, since.day) <= (day.year, day.month, day.day)
