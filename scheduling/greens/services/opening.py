"""Opening a green channel: the system accepts, the team is called, the clocks run."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent import access
from records.consent.registration import register_and_treat
from records.mpi.models import Patient
from scheduling.greens import permissions
from scheduling.greens.events import GreenOpened
from scheduling.greens.models import Green, Kind, Stamp
from scheduling.greens.plans import CONTACT
from scheduling.greens.policies import EARLIEST
from scheduling.greens.queries import find_target
from scheduling.greens.services.ladders import settle_clocks, start_acknowledging
from scheduling.greens.services.telling import ring, team_of, tell
from scheduling.referrals.services import greens as referrals
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.ids import new_id
from telemed.core.intentions import require_intention
from telemed.people.models import User

LONGEST_VITALS = 300


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the form says; without a hospital the nearest one, without a moment now."""

    kind: str
    hospital_id: UUID | None = None
    contact_at: datetime | None = None
    vitals: str = ""
    name: str = ""  # of somebody who could not be looked up
    sex: str = ""


def open_green(*, actor: User, patient: Patient | None, wish: Wish) -> Green:
    """
    For a patient, or for somebody unknown, who gets a temporary number.

    Raises Invalid for a moment that has not come or is long past, Conflict where no hospital near
    takes such a patient.
    """
    require_intention()
    if patient and not access.decide(actor, "read", patient).allowed:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Patient/{patient.pk}")
    require(permissions.may_open(actor, patient), _("A doctor who is with the patient does this."))
    now = moments.now()
    contact_at = wish.contact_at or now
    _check(wish, contact_at, now)
    sending = actor.acting_organisation
    department = find_target(sending, wish.kind, wish.hospital_id)
    if department is None:
        raise Conflict(_("No hospital near here takes such a patient."), path="hospital")
    referral = referrals.send_green(
        sender=actor,
        sending=sending,
        patient=patient or _register(actor, wish),
        department=department,
        reason=f"{_('Green channel')}: {Kind(wish.kind).label}",
        summary=wish.vitals.strip(),
    )
    green = Green.objects.create(
        referral=referral, kind=wish.kind, contact_at=contact_at, vitals=wish.vitals.strip()
    )
    Stamp.objects.create(
        green=green, station=CONTACT, at=contact_at, by=actor, organisation=sending, key=new_id()
    )
    start_acknowledging(green)
    settle_clocks(green, {CONTACT: contact_at}, changed=CONTACT)
    outbox.announce(GreenOpened(green_id=green.pk))
    tell(green, team_of(department), "green.called")
    ring(green)
    return green


def _check(wish: Wish, contact_at: datetime, now: datetime) -> None:
    if wish.kind not in Kind.values:
        raise Invalid(_("Choose what it is."), path="kind")
    if contact_at > now:
        raise Invalid(_("The first contact cannot be in the future."), path="contact_at")
    if now - contact_at > EARLIEST:
        raise Invalid(_("The first contact is more than 24 hours ago."), path="contact_at")
    if len(wish.vitals.strip()) > LONGEST_VITALS:
        raise Invalid(_("At most {n} characters.").format(n=LONGEST_VITALS), path="vitals")


def _register(actor: User, wish: Wish) -> Patient:
    """Somebody whom nobody could look up; who may be the same goes to review."""
    known = bool(wish.name.strip())
    because = Patient.Temporary.UNDOCUMENTED if known else Patient.Temporary.UNCONSCIOUS
    return register_and_treat(
        actor=actor,
        organisation=actor.acting_organisation,
        because=because,
        name=wish.name,
        sex=wish.sex,
        another=_("Emergency: treatment first"),
    )
