"""Entering people in the index."""

import re
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.identity import EARLIEST, IdCard, parse_id_card
from records.mpi.models import ID_CARD, Patient
from records.mpi.permissions import may_register
from telemed.audit import services as audit
from telemed.core import publication, secrecy
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import Actor, refusing, require_intention
from telemed.core.names import read_name
from telemed.organisations.models import Organisation
from telemed.people.models import User

NAME = re.compile(r"[^\W\d_][\w .'’·-]*")
PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
LONGEST_NAME, LONGEST_ADDRESS = 60, 200


def register_patient(
    *,
    actor: Actor,
    name: str,
    organisation: Organisation,
    id_card: str = "",
    sex: str = "",
    birth_date: date | None = None,
    phone: str = "",
    address: str = "",
) -> Patient:
    """
    A new person of the index; sex and birth date come from the ID number where there is one.

    Raises Invalid with the field in its path, and Conflict when the number is registered already.
    """
    require_intention()
    require(may_register(actor), _("Your role here may not register people."))
    name = checked_name(name)
    card = parse_id_card(id_card) if id_card.strip() else None
    sex, birth_date = checked_sex(sex, card), checked_birth_date(birth_date, card)
    reading = read_name(name)
    patient = Patient(
        name=name,
        pinyin=reading.pinyin,
        initials=reading.initials,
        sex=sex,
        birth_date=birth_date,
        phone=checked_phone(phone),
        address=checked_address(address),
        managing_organisation=organisation,
        registered_by=actor if isinstance(actor, User) else None,
    )
    if card:
        put_card(patient, card)
    just_taken = _("This ID number was registered a moment ago; please search for the person.")
    with refusing(mpi_patient_id_card_hash_key=Conflict(just_taken, path="id_card")):
        patient.save(force_insert=True)
    audit.record(action="person.register", target=patient, patient_id=patient.pk)
    publication.publish(patient)
    return patient


def put_card(patient: Patient, card: IdCard) -> None:
    found = secrecy.keyed_hash(card.number, purpose=ID_CARD)
    if holder := Patient.objects.filter(id_card_hash=found).first():
        said = _("This ID number is registered already: {who}. Please search for the person.")
        raise Conflict(said.format(who=holder.masked), path="id_card")
    patient.id_card_hash = found
    patient.id_card_sealed = secrecy.encrypt(card.number, purpose=ID_CARD)
    patient.id_card_tail = card.number[-4:]


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Please enter the name."), path="name")
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise Invalid(_("A name has letters only, at most 60."), path="name")
    if not read_name(name).pinyin:
        raise Invalid(
            _("Please enter the name in Chinese characters or Latin letters."), path="name"
        )
    return name


def checked_sex(sex: str, card: IdCard | None) -> str:
    if card:
        if sex and sex != card.sex:
            raise Invalid(_("The ID number and the sex disagree."), path="sex")
        return card.sex
    if sex not in Patient.Sex.values:
        raise Invalid(_("Please choose the sex."), path="sex")
    return sex


def checked_birth_date(birth_date: date | None, card: IdCard | None) -> date:
    if card:
        if birth_date and birth_date != card.birth_date:
            raise Invalid(_("The ID number and the birth date disagree."), path="birth_date")
        return card.birth_date
    if birth_date is None:
        raise Invalid(_("Without an ID number, please enter the birth date."), path="birth_date")
    if not EARLIEST <= birth_date <= timezone.localdate():
        raise Invalid(_("The birth date can't be right."), path="birth_date")
    return birth_date


def checked_phone(phone: str) -> str:
    phone = phone.replace(" ", "")
    if phone and not PHONE.fullmatch(phone):
        raise Invalid(
            _("A phone number has 11 digits, or an area code and 7 or 8 digits."), path="phone"
        )
    return phone


def checked_address(address: str) -> str:
    address = " ".join(address.split())
    if len(address) > LONGEST_ADDRESS:
        raise Invalid(_("The address is too long (at most 200 characters)."), path="address")
    return address
