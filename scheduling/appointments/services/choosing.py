"""For whom the booking pages are."""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from scheduling.appointments.permissions import CLERKS
from telemed.audit import services as audit
from telemed.core.errors import NotFound
from telemed.core.intentions import require_intention
from telemed.people.models import Role, User

MOST_PEOPLE = 30
AT_THE_DESK = timedelta(minutes=15)  # a person whose card was shown
SALT = "booking.desk"


def people_to_book_for(actor: User) -> list[Patient]:
    """A resident and those for whom they act; a doctor names one patient at a time."""
    if actor.role != Role.RESIDENT:
        return []
    people = access.visible(actor, "book", Patient.objects.filter(merged_into=None))
    mine = people.select_related("managing_organisation__division").order_by("birth_date", "pk")
    return sorted(mine[:MOST_PEOPLE], key=lambda person: person.user_id != actor.pk)


def person_to_book_for(*, actor: User, wanted: str) -> Patient | None:
    """choose_person() without the others: for a resident who names nobody, themselves."""
    require_intention()
    own = None if wanted else Patient.objects.filter(user=actor.pk, merged_into=None).first()
    if own and actor.role == Role.RESIDENT:
        return own
    return choose_person(actor=actor, wanted=wanted)[0]


def choose_person(*, actor: User, wanted: str) -> tuple[Patient | None, list[Patient]]:
    """
    The person and everybody else the page may be for. Raises NotFound for who is not to be known.
    """
    require_intention()
    people = people_to_book_for(actor)
    if not wanted:
        return (people[0] if people else None), people
    one = next((person for person in people if str(person.pk) == wanted), None)
    if one is None and actor.role != Role.RESIDENT:
        one = _patient_of(actor, wanted)
    if one is None:
        raise NotFound(_("Not found, or not yours to know of."), path="for")
    if one.user_id != actor.pk:
        audit.record(action="appointment.list", target=one, patient_id=one.pk)
    return one, people


def key_of(actor: User, patient: Patient) -> str:
    """
    How a page says for whom it is. A desk may book for whoever shows a card, and for nobody else:
    its key is sealed for this clerk and a quarter of an hour.
    """
    if actor.role in CLERKS:
        return signing.dumps([str(actor.pk), str(patient.pk)], salt=SALT)
    return str(patient.pk)


def _patient_of(actor: User, wanted: str) -> Patient | None:
    people = Patient.objects.select_related("managing_organisation__division")
    if actor.role in CLERKS:
        shown = _unsealed(actor, wanted)
        return people.filter(pk=shown).first() if shown else None
    try:
        key = UUID(wanted)
    except ValueError:
        return None
    return access.visible(actor, "book", people.filter(pk=key)).first()


def _unsealed(actor: User, wanted: str) -> UUID | None:
    try:
        clerk, patient = signing.loads(wanted, salt=SALT, max_age=AT_THE_DESK)
    except signing.BadSignature:
        return None
    return UUID(patient) if clerk == str(actor.pk) else None
