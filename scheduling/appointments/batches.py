"""Batches that their doctor may see, and for whom they may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from scheduling.appointments.models import MOST_IN_BATCH, Appointment, Batch, BatchRow, Status
from telemed.core.errors import NotFound
from telemed.people.models import User

LATELY = 10
State = BatchRow.State
SHOWN = [
    *("patient__user", "period", "appointment__period__session", "appointment__patient"),
    *("appointment__clinician", "appointment__organisation", "appointment__department"),
]


def hidden() -> NotFound:
    return NotFound(_("Not found, or not yours to know of."))


def get_batch(actor: User, batch_id: UUID) -> Batch:
    """One's own, at the clinic for which it was made. Raises NotFound for anybody else's."""
    mine = Batch.objects.filter(made_by=actor, organisation=actor.organisation_id)
    found = mine.select_related("department__organisation", "organisation").filter(pk=batch_id)
    batch = found.first()
    if batch is None:
        raise hidden()
    return batch


def get_any_batch(batch_id: UUID) -> Batch:
    """For the system."""
    rows = Batch.objects.select_related("made_by", "organisation", "department__organisation")
    return rows.get(pk=batch_id)


def find_by_key(actor: User, key: UUID) -> Batch | None:
    """What was sent from this page already."""
    return Batch.objects.filter(made_by=actor, key=key).first()


def batches_lately(actor: User) -> list[Batch]:
    mine = Batch.objects.filter(made_by=actor, organisation=actor.organisation_id)
    shown = mine.select_related("department__organisation").prefetch_related("rows")
    return list(shown.order_by("-created_at")[:LATELY])


def waiting_rows(batch: Batch) -> list[UUID]:
    """Who was not tried yet, in order."""
    waiting = batch.rows.filter(state=State.WAITING).order_by("position")
    return list(waiting.values_list("pk", flat=True))


def lock_row(actor: User, row_id: UUID) -> BatchRow:
    """Before any period: who sends the same batch twice takes turns at each person."""
    rows = BatchRow.objects.filter(
        batch__made_by=actor, batch__organisation=actor.organisation_id, pk=row_id
    )
    row = rows.select_for_update(of=["self"], no_key=True).select_related(
        "batch", "patient__merged_into"
    )
    found = row.first()
    if found is None:
        raise hidden()
    return found


def lock_batch(batch_id: UUID) -> None:
    """After a row and its period, and held for a moment: until the row is written."""
    Batch.objects.select_for_update(no_key=True).get(pk=batch_id)


def booked_on_day(batch: Batch) -> list[Appointment]:
    """Who was booked by it and still stands, on the day that it is for."""
    of_batch = BatchRow.objects.filter(batch=batch, state=State.BOOKED)
    rows = Appointment.objects.filter(pk__in=of_batch.values("appointment"), day=batch.day)
    return list(rows.filter(status=Status.BOOKED).select_related("clinician", "department"))


def people_for(actor: User, wanted: Sequence[UUID]) -> list[Patient]:
    """Those of them for whom this doctor may book, in that order, whoever is merged among them."""
    people = Patient.objects.filter(pk__in=wanted).select_related("merged_into", "user")
    found = {person.pk: person for person in access.visible(actor, "book", people)}
    return [found[pk] for pk in wanted if pk in found]


def rows_of(batch: Batch) -> list[BatchRow]:
    """In order, with what a page or a paper shows of them."""
    return list(batch.rows.select_related(*SHOWN).order_by("position"))


def is_told(patient: Patient) -> bool:
    """Whether messages reach the person: an account of their own, and a number."""
    return patient.user is not None and bool(patient.user.phone)


@dataclass(frozen=True)
class Draft:
    """Who stands on the list of a page, and what is to be said about who does not."""

    people: list[Patient]
    said: list[str]


def draft_of(actor: User, wanted: Sequence[UUID]) -> Draft:
    """Nobody twice, nobody hidden, twenty at most; of a merged record the one that stays."""
    known = {person.pk: person for person in people_for(actor, wanted)}
    stays = {pk: person.merged_into_id or pk for pk, person in known.items()}
    moved = [pk for pk in stays.values() if pk not in known]
    known |= {person.pk: person for person in people_for(actor, moved)}
    chosen: dict[UUID, Patient] = {}
    said: list[str] = []
    for pk in wanted:
        person = known.get(stays.get(pk, pk))
        if person is None:
            said.append(_("Somebody was not found, or is not yours to book for, and was left out."))
        elif person.pk in chosen:
            said.append(_("{name} is on the list already.").format(name=person.name))
        elif len(chosen) == MOST_IN_BATCH:
            sentence = _("At most {n} people in one go; {name} was left out.")
            said.append(sentence.format(n=MOST_IN_BATCH, name=person.name))
        else:
            chosen[person.pk] = person
    return Draft(list(chosen.values()), list(dict.fromkeys(said)))
