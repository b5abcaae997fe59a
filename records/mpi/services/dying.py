"""Entering that somebody died, and taking back what was a mistake."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import Death, Patient
from records.mpi.permissions import may_relate, needs_one_source
from telemed.audit import services as audit
from telemed.core import moments, publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.reasons import checked_reason
from telemed.people.models import User

Source = Death.Source


def decease(
    *,
    actor: User,
    patient: Patient,
    died_on: date | None,
    source: str,
    second_source: str = "",
) -> Death:
    """
    From two different sources, or from one by the medical office.

    Bookings, contract and messages end with the event, which the database announces.
    """
    require_intention()
    may = may_relate(actor) or needs_one_source(actor)
    require(may, _("A township doctor or the medical office enters a death."))
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    _check_person(patient)
    day = _checked_day(patient, died_on)
    _check_sources(actor, source, second_source)
    entered = Conflict(_("Their death was entered a moment ago."), path="died_on")
    with refusing(nobody_dies_twice=entered):
        death = Death.objects.create(
            patient=patient,
            died_on=day,
            source=source,
            second_source=second_source,
            organisation=actor.acting_organisation,
            entered_by=actor,
        )
    _set_day(patient, day)
    audit.record(
        action="person.decease",
        target=death,
        patient_id=patient.pk,
        reason=" + ".join(filter(None, [source, second_source])),
    )
    return death


def undo_decease(*, actor: User, patient: Patient, because: str) -> Death:
    """It was a mistake. What ended with it stays ended, and is made anew by whoever wants it."""
    require_intention()
    may = may_relate(actor) or needs_one_source(actor)
    require(may, _("A township doctor or the medical office enters a death."))
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    death = Death.objects.filter(patient=patient, undone_at=None).first()
    if death is None:
        raise Conflict(_("Nobody has entered here that they died."), path="because")
    death.undone_because = checked_reason(because, path="because", longest=200)
    death.undone_at, death.undone_by = moments.now(), actor
    death.save()
    _set_day(patient, None)
    audit.record(
        action="person.undo_decease",
        target=death,
        patient_id=patient.pk,
        reason=death.undone_because,
    )
    return death


def has_died(user_id: UUID) -> bool:
    """Whether the person of an account has died; nobody writes to it any more."""
    return Patient.objects.filter(user=user_id, deceased_on__isnull=False).exists()


def _set_day(patient: Patient, day: date | None) -> None:
    patient.deceased_on = day
    patient.save(update_fields=["deceased_on"])
    publication.publish(patient)


def _check_person(patient: Patient) -> None:
    if patient.received:
        said = _("Another system keeps this person's record; their death is entered there.")
        raise Conflict(said, path="died_on")
    if patient.deceased_on:
        said = _("They died on {date}; that stands in the record already.")
        raise Conflict(said.format(date=patient.deceased_on), path="died_on")


def _checked_day(patient: Patient, day: date | None) -> date:
    if day is None:
        raise Invalid(_("Please enter the day on which they died."), path="died_on")
    if day > timezone.localdate():
        raise Invalid(_("That day is still to come."), path="died_on")
    if patient.birth_date and day < patient.birth_date:
        raise Invalid(_("That is before the birth."), path="died_on")
    return day


def _check_sources(actor: User, source: str, second_source: str) -> None:
    if source not in Source.values:
        raise Invalid(_("Please choose how it is known."), path="source")
    if second_source and second_source not in Source.values:
        raise Invalid(_("Please choose how it is known."), path="second_source")
    if not second_source and not needs_one_source(actor):
        raise Invalid(_("A death needs a second source."), path="second_source")
    if second_source == source:
        raise Invalid(_("The second source is the first one again."), path="second_source")
