"""Entering a health card, and replacing a lost one."""

from django.utils.translation import gettext as _

from records.mpi.health_cards import parse_health_card
from records.mpi.models import HEALTH_CARD, HealthCard, Patient
from records.mpi.permissions import may_register
from telemed.audit import services as audit
from telemed.core import publication, secrecy
from telemed.core.errors import Conflict, require
from telemed.core.intentions import Actor, refusing, require_intention
from telemed.people.models import User


def enter_health_card(*, actor: Actor, patient: Patient, number: str) -> HealthCard:
    """The card that somebody holds now; the one before it stands for nobody from now on."""
    require_intention()
    require(may_register(actor), _("Your role here may not register people."))
    number = parse_health_card(number)
    found = secrecy.keyed_hash(number, purpose=HEALTH_CARD)
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    held = HealthCard.objects.filter(patient=patient, active=True)
    if mine := held.filter(number_hash=found).first():
        return mine
    held.update(active=False)
    taken = Conflict(
        _("This health card belongs to another record; compare both first."), path="health_card"
    )
    with refusing(a_health_card_has_one_holder=taken):
        card = HealthCard.objects.create(
            patient=patient,
            number_sealed=secrecy.encrypt(number, purpose=HEALTH_CARD),
            number_hash=found,
            tail=number[-4:],
            entered_by=actor if isinstance(actor, User) else None,
        )
    audit.record(action="person.card", target=card, patient_id=patient.pk)
    if not patient.received:
        publication.publish(patient)
    return card
