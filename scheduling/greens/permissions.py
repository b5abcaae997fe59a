"""Rules of state and of the house for the green channel; whose record may be opened: elsewhere."""

from records.mpi.models import Patient
from scheduling.greens.models import Green
from scheduling.greens.plans import Side, Station
from scheduling.referrals import permissions as referrals
from scheduling.referrals.models import Referral
from telemed.people.models import Role, User

OPENING = frozenset({Role.TOWNSHIP_DOCTOR, Role.SPECIALIST})
STAFF = referrals.STAFF


def may_open(actor: User, patient: Patient | None) -> bool:
    """A doctor who treats the patient; for somebody unknown, any doctor who is there."""
    return actor.role in OPENING and (patient is None or referrals.may_refer(actor, patient))


def is_of_clinic(actor: User, referral: Referral) -> bool:
    """Whoever sends; at the clinic also a colleague, and who coordinates there."""
    return referrals.is_sending(actor, referral) or referrals.coordinates_sending(actor, referral)


def is_of_hospital(actor: User, referral: Referral) -> bool:
    """The department that has it, and who stands behind it."""
    return referrals.receives(actor, referral)


def may_stamp(actor: User, referral: Referral, station: Station) -> bool:
    """Each side its own; the desk of the hospital sees who arrives."""
    clinic, hospital = is_of_clinic(actor, referral), is_of_hospital(actor, referral)
    if station.side == Side.CLINIC:
        return clinic
    if station.side == Side.HOSPITAL:
        return hospital
    desk = station.code == "arrive" and referrals.checks_in(actor, referral)
    return clinic or hospital or desk


def may_end(actor: User, green: Green) -> bool:
    """The hospital; before the patient is there, the clinic as well."""
    referral = green.referral
    on_the_way = not referrals.is_there(referral)
    return is_of_hospital(actor, referral) or (on_the_way and is_of_clinic(actor, referral))


def may_write(actor: User, referral: Referral) -> bool:
    """Whoever may add what was measured."""
    return is_of_clinic(actor, referral) or is_of_hospital(actor, referral)
