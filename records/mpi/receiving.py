"""
The person behind a Patient resource that came in: an index row beside the text as received.

A statement rather than a service: the FHIR store runs it in the transaction of its own write, on
whichever connection that has. Matching people with each other is not done here: where an identity
number is somebody's already, the new row goes without.
"""

import re
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone
from pypinyin import lazy_pinyin

from records.mpi.fhir import HEALTH_CARD_SYSTEM, ID_CARD_SYSTEM
from records.mpi.health_cards import is_health_card
from records.mpi.identity import check_digit
from records.mpi.matching import Facts
from records.mpi.models import HEALTH_CARD, ID_CARD, Patient
from telemed.core import secrecy
from telemed.core.ids import new_id, rid_of
from telemed.core.names import read_name

# Resident identity cards (居民身份证): the national OID, and the name this server gives them.
ID_CARD_SYSTEMS = frozenset(
    {ID_CARD_SYSTEM, "urn:oid:2.16.156.1", "http://telemed.example/id-card"}
)
ID_CARD_FORM = re.compile(r"\d{17}[\dX]", re.ASCII).fullmatch
HAN = re.compile(r"[\u3400-\u9fff]").search
# What a later version of the resource changes. Numbers and the institution stay.
FOLLOWED = (
    "name",
    "pinyin",
    "initials",
    "sex",
    "birth_date",
    "id_card_sealed",
    "id_card_hash",
    "id_card_tail",
    "phone",
    "address",
    "deceased_on",
)
CARD = ("id_card_sealed", "id_card_hash")
Json = dict[str, Any]


def person_of(resource: Json, *, fhir_id: str, rid: int, organisation_id: UUID | None) -> Patient:
    """The unsaved index row of a valid R4 Patient."""
    name = display_name(resource)
    syllables = [s.lower() for s in lazy_pinyin(name) if s.strip()]
    ours = keeps_its_number(fhir_id, rid)
    person = Patient(
        id=UUID(fhir_id) if ours else new_id(),
        fhir_id=fhir_id,
        rid=rid,
        received=True,
        name=name[:100],
        pinyin=" ".join(syllables)[:200],
        initials="".join(s[0] for word in syllables for s in word.split())[:20],
        sex=resource.get("gender", Patient.Sex.UNKNOWN),
        birth_date=whole_day(resource.get("birthDate")),
        phone=phone_of(resource)[:20],
        address=address_of(resource)[:200],
        deceased_on=whole_day(resource.get("deceasedDateTime")),
        managing_organisation_id=organisation_id,
        created_at=timezone.now(),
    )
    card = id_card_of(resource)
    if card:
        person.id_card_sealed = secrecy.encrypt(card, purpose=ID_CARD)
        person.id_card_hash = secrecy.keyed_hash(card, purpose=ID_CARD)
        person.id_card_tail = card[-4:]
    return person


def keeps_its_number(fhir_id: str, rid: int) -> bool:
    """Whether this server gave the id; the row then has it too, as one registered here would."""
    return rid >= 0 and rid_of(UUID(fhir_id)) == rid


def display_name(resource: Json) -> str:
    """The official name as people write it: 张三丰, Ana María López; "" when there is none."""
    names = resource.get("name", [])
    official = [n for n in names if n.get("use") in ("official", "usual")]
    for name in [*official, *names]:
        if "text" in name:
            return name["text"].strip()
        given = [part for part in name.get("given", ()) if part]
        family = name.get("family", "")
        if HAN(family + "".join(given)):
            return family + "".join(given)
        if family or given:
            return " ".join([*given, *([family] if family else [])])
    return ""


def id_card_of(resource: Json) -> str:
    """A well-formed identity number with its right check digit (GB 11643), else nothing."""
    for identifier in resource.get("identifier", ()):
        number = identifier.get("value", "").upper()
        named = identifier.get("system") in ID_CARD_SYSTEMS and ID_CARD_FORM(number)
        if named and check_digit(number[:-1]) == number[-1]:
            return number
    return ""


def facts_of(resource: Json) -> Facts:
    """What a Patient says of somebody, to compare the index with; half-known dates count not."""
    name, card = display_name(resource), id_card_of(resource)
    numbers = [
        re.sub(r"[\s-]", "", i.get("value", ""))
        for i in resource.get("identifier", ())
        if i.get("system") == HEALTH_CARD_SYSTEM
    ]
    health_card = next((number for number in numbers if is_health_card(number)), "")
    return Facts(
        name=name,
        pinyin=read_name(name).pinyin,
        sex=resource.get("gender", ""),
        birth_date=whole_day(resource.get("birthDate")),
        id_card_hash=secrecy.keyed_hash(card, purpose=ID_CARD) if card else None,
        health_card_hash=(
            secrecy.keyed_hash(health_card, purpose=HEALTH_CARD) if health_card else None
        ),
        phone=phone_of(resource).replace(" ", ""),
        address=" ".join(address_of(resource).split()),
    )


def whole_day(text: str | None) -> date | None:
    """A date or dateTime that names a day; the index keeps no half-known dates."""
    return date.fromisoformat(text[:10]) if text and len(text) >= 10 else None


def phone_of(resource: Json) -> str:
    points = (p for p in resource.get("telecom", ()) if p.get("system") == "phone")
    return next((p["value"] for p in points if "value" in p), "")


def address_of(resource: Json) -> str:
    for address in resource.get("address", ()):
        if "text" in address:
            return address["text"]
        lines = [line for line in address.get("line", ()) if line]
        parts = [address.get(k, "") for k in ("state", "city", "district")] + lines
        return "".join(parts) if HAN("".join(parts)) else ", ".join(filter(None, parts))
    return ""


def keep(people: list[Patient]) -> tuple[str, dict[str, Any]]:
    """The statement (`%(name)b` parameters) that inserts these rows, or lets them follow."""
    taken: set[str] = set()
    for person in people:
        if person.id_card_hash in taken:
            person.id_card_sealed, person.id_card_hash, person.id_card_tail = None, None, ""
        taken |= {person.id_card_hash} if person.id_card_hash else set()
    fields = [(field.attname, field.db_type(connection)) for field in _fields()]
    columns = [name for name, _type in fields]
    arrays = ", ".join(f"%({name})b::{kind}[]" for name, kind in fields)
    cards = {name: f"case when free then {name} end" for name in CARD}
    cards["id_card_tail"] = "case when free then id_card_tail else '' end"
    following = ", ".join(f"{name} = excluded.{name}" for name in FOLLOWED)
    sql = f"""insert into mpi_patient as known ({", ".join(columns)})
     select {", ".join(cards.get(column, column) for column in columns)} from (
      select t.*, not exists (select from mpi_patient o where o.id_card_hash = t.id_card_hash
       and o.fhir_id <> t.fhir_id) as free from unnest({arrays}) t({", ".join(columns)})) came
     on conflict (fhir_id) do update set {following} where known.received"""
    values = {name: [_plain(getattr(p, name)) for p in people] for name in columns}
    return sql, values


def _fields() -> "list[models.Field[Any, Any]]":
    """All of them, so that a new column gets its default here as it does in save()."""
    return list(Patient._meta.concrete_fields)


def _plain(value: Any) -> Any:
    return memoryview(value) if isinstance(value, bytes) else value
