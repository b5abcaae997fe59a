"""For whom the booking pages are."""

from uuid import UUID

from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.core.errors import NotFound
from telemed.core.intentions import require_intention
from telemed.people.models import Role, User

MOST_PEOPLE = 30


def people_to_book_for(actor: User) -> list[Patient]:
    """A resident and those for whom they act; a doctor names one patient at a time."""
    if actor.role != Role.RESIDENT:
        return []
    people = access.visible(actor, "book", Patient.objects.filter(merged_into=None))
    mine = people.select_related("managing_organisation__division").order_by("birth_date", "pk")
    return sorted(mine[:MOST_PEOPLE], key=lambda person: person.user_id != actor.pk)


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


def _patient_of(actor: User, wanted: str) -> Patient | None:
    try:
        key = UUID(wanted)
    except ValueError:
        return None
    people = Patient.objects.filter(pk=key).select_related("managing_organisation__division")
    return access.visible(actor, "book", people).first()
