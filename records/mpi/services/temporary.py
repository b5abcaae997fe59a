"""People without an ID number: unconscious, undocumented, newborn; and their ID later."""

import secrets
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi import matching, queries, rules
from records.mpi.identity import EARLIEST, IdCard, parse_id_card
from records.mpi.models import ID_CARD, Pair, Patient
from records.mpi.permissions import may_register
from records.mpi.services.pairing import keep_pair
from records.mpi.services.registering import (
    checked_address,
    checked_name,
    checked_phone,
    put_card,
)
from telemed.audit import services as audit
from telemed.core import policies, publication, secrecy
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import Actor, refusing, require_intention
from telemed.core.models import Calendar, Clock
from telemed.core.names import read_name
from telemed.notifications.services import notify
from telemed.organisations.models import Organisation
from telemed.people.models import User

IDENTIFY = "person.identify"
LARGEST_BIRTH = 9
NEWBORN_DAYS = 28  # WHO: a newborn is under 28 days old
UNKNOWN_NAME = "无名氏"


def register_temporary(
    *,
    actor: Actor,
    organisation: Organisation,
    because: str,
    name: str = "",
    sex: str = "",
    birth_date: date | None = None,
    phone: str = "",
    address: str = "",
    mother: Patient | None = None,
    birth_order: int | None = None,
    birth_time: time | None = None,
) -> Patient:
    """A person with a temporary number, whom one can treat and ask about at once."""
    require_intention()
    require(may_register(actor), _("Your role here may not register people."))
    if because not in Patient.Temporary.values:
        raise Invalid(_("Please choose why there is no ID number."), path="because")
    newborn = because == Patient.Temporary.NEWBORN
    if newborn:
        mother, birth_date, birth_order = _birth(mother, birth_date, birth_order)
        _not_later_than_now(birth_date, birth_time)
        name = name.strip() or _name_of_child(mother, sex, birth_order)
    elif mother or birth_order:
        raise Invalid(_("A mother is named for a newborn only."), path="mother")
    elif birth_date and not EARLIEST <= birth_date <= timezone.localdate():
        raise Invalid(_("The birth date can't be right."), path="birth_date")
    number = _new_number()
    name = checked_name(name.strip() or f"{UNKNOWN_NAME}{number[-4:]}")
    reading = read_name(name)
    patient = Patient(
        name=name,
        pinyin=reading.pinyin,
        initials=reading.initials,
        sex=sex if sex in Patient.Sex.values else Patient.Sex.UNKNOWN,
        birth_date=birth_date,
        phone=checked_phone(phone),
        address=checked_address(address),
        managing_organisation=organisation,
        registered_by=actor if isinstance(actor, User) else None,
        temporary_no=number,
        temporary_because=because,
        mother=mother,
        birth_order=birth_order,
        birth_time=birth_time if newborn else None,
    )
    there = _("This child of that birth is registered already; please open the mother's record.")
    with refusing(one_child_a_place_in_a_birth=Conflict(there, path="birth_order")):
        patient.save(force_insert=True)
    _start_identifying(patient)
    audit.record(action="person.register", target=patient, patient_id=patient.pk, reason=because)
    publication.publish(patient)
    return patient


def _birth(
    mother: Patient | None, birth_date: date | None, birth_order: int | None
) -> tuple[Patient, date, int]:
    if mother is None:
        raise Invalid(_("Please enter the mother's ID number or temporary number."), path="mother")
    if mother.sex == Patient.Sex.MALE:
        raise Invalid(_("The mother can't be a man; please check the number."), path="mother")
    today = timezone.localdate()
    if birth_date is None or not today - timedelta(days=NEWBORN_DAYS) <= birth_date <= today:
        said = _("A newborn was born in the last {days} days.").format(days=NEWBORN_DAYS)
        raise Invalid(said, path="birth_date")
    if not 1 <= (birth_order or 1) <= LARGEST_BIRTH:
        raise Invalid(_("The birth order is a number from 1 to 9."), path="birth_order")
    return mother, birth_date, birth_order or 1


def _not_later_than_now(birth_date: date, birth_time: time | None) -> None:
    now = timezone.localtime()
    if birth_time and birth_date == now.date() and birth_time > now.time():
        raise Invalid(_("That time of birth is still to come."), path="birth_time")


def _name_of_child(mother: Patient, sex: str, order: int) -> str:
    """As wards write it until the child has a name: 吴金花之女, of twins the second 吴金花之女2."""
    what = {Patient.Sex.MALE: "之子", Patient.Sex.FEMALE: "之女"}.get(Patient.Sex(sex or "unknown"))
    return f"{mother.name[:50]}{what or '之婴'}{order if order > 1 else ''}"


def _new_number() -> str:
    """T, the day, five digits. The unique index decides; a day has few of them."""
    day = f"T{timezone.localdate():%y%m%d}"
    while True:
        number = f"{day}{secrets.randbelow(100_000):05}"
        if not Patient.objects.filter(temporary_no=number).exists():
            return number


@dataclass(frozen=True)
class Identified:
    """Either the number is theirs now, or `pair` waits for review: it was somebody's already."""

    patient: Patient
    pair: Pair | None = None


def identify(*, actor: Actor, patient: Patient, id_card: str, name: str = "") -> Identified:
    """
    The ID was seen. A free number is this person's from now on; the number of another record
    suggests a pair, and this one stays temporary until two people decided.
    """
    require_intention()
    require(may_register(actor), _("Your role here may not register people."))
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    if not patient.is_temporary:
        raise Conflict(_("This person is identified already."), path="id_card")
    card = parse_id_card(id_card)
    _agrees(patient, card)
    if name.strip():
        _rename(patient, checked_name(name))
    found = secrecy.keyed_hash(card.number, purpose=ID_CARD)
    if holder := queries.find_by_hash(found):
        facts = matching.facts_of(patient, id_card_hash=found)
        candidate = matching.compare(facts, holder)
        pair = keep_pair(
            actor=actor, one=patient, other=holder, candidate=candidate, said="id_taken"
        )
        return Identified(patient, pair)
    patient.sex, patient.birth_date = card.sex, card.birth_date
    patient.identified_at = timezone.now()
    put_card(patient, card)
    just_taken = _("This ID number was registered a moment ago; please try again.")
    with refusing(mpi_patient_id_card_hash_key=Conflict(just_taken, path="id_card")):
        patient.save()
    stop_clocks(about=patient.pk, kind=IDENTIFY)
    audit.record(action="person.identify", target=patient, patient_id=patient.pk)
    publication.publish(patient)
    return Identified(patient)


def _agrees(patient: Patient, card: IdCard) -> None:
    """What was known for certain before must fit; an unconscious person's data were a guess."""
    if patient.temporary_because == Patient.Temporary.UNCONSCIOUS:
        return
    told = patient.sex in (Patient.Sex.MALE, Patient.Sex.FEMALE)
    born = patient.birth_date or card.birth_date
    if born != card.birth_date or (told and patient.sex != card.sex):
        raise Invalid(_("ID number and birthday or sex disagree."), path="id_card")


def _rename(patient: Patient, name: str) -> None:
    reading = read_name(name)
    patient.name, patient.pinyin, patient.initials = name, reading.pinyin, reading.initials


def _start_identifying(patient: Patient) -> None:
    allowance = policies.value(rules.IDENTIFY)
    start_clock(kind=IDENTIFY, about=patient.pk, allowance=allowance, calendar=Calendar.WALL)


def remind_to_identify(*, clock: Clock) -> None:
    """The time is over: who registered them is told, and asked again in as long."""
    require_intention()
    patient = Patient.objects.select_related("registered_by").filter(pk=clock.about).first()
    if patient is None or not patient.is_temporary:
        return
    _start_identifying(patient)
    waiting = queries.count_temporary(patient.managing_organisation_id)
    for recipient in queries.keepers_of(patient):
        notify(
            recipient=recipient,
            template="person.temporary",
            about=patient.pk,
            url=f"/patients/{patient.pk}/" if recipient.is_clinical else "/patients/pairs/",
            turn=clock.turn,
            n=waiting,
        )
