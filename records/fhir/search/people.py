"""
People by their identity or health card number. These stand sealed in the person index and in no
text that we publish: what was sent in clear is found by its token, all others by the keyed hash.
"""

from records.fhir.arrays import array
from records.fhir.search import values
from records.fhir.search.clauses import Clause, Query, either, is_one_of
from records.fhir.work import Ask, Work
from records.mpi.fhir import HEALTH_CARD_SYSTEM
from records.mpi.health_cards import is_health_card
from records.mpi.models import HEALTH_CARD, ID_CARD
from records.mpi.receiving import ID_CARD_FORM, ID_CARD_SYSTEMS
from telemed.core import secrecy

FEW = 1000
OF_NUMBERS = f"""select coalesce(stays.rid, found.rid) from (
 select id, rid, merged_into_id from mpi_patient where id_card_hash = any(%(hashes)b::text[])
 union select p.id, p.rid, p.merged_into_id from mpi_healthcard c join mpi_patient p
 on p.id = c.patient_id where c.active and c.number_hash = any(%(hashes)b::text[])) found
 left join mpi_patient stays on stays.id = found.merged_into_id limit {FEW}"""
OF_TOKENS = f"""select h.rid from fhir_token h where h.tok = any(%(hot)b::int8[]) limit {FEW}"""


def hashes_of(texts: list[str]) -> tuple[str, ...]:
    """The hashes of those values of `identifier` that are identity numbers."""
    found = []
    for text in texts:
        *system, number = [values.plain(part) for part in values.split(text, "|")]
        ours = not system or system == [""] or set(system) <= ID_CARD_SYSTEMS
        if ours and ID_CARD_FORM(number.upper()):
            found.append(secrecy.keyed_hash(number.upper(), purpose=ID_CARD))
        cards = not system or system == [""] or system == [HEALTH_CARD_SYSTEM]
        if cards and is_health_card(number):
            found.append(secrecy.keyed_hash(number, purpose=HEALTH_CARD))
    return tuple(found)


def resolve(query: Query) -> Work[None]:
    """Turn identity numbers into the few records that have them."""
    for place, clause in enumerate(query.clauses):
        if not clause.sealed:
            continue
        asked = {"hashes": array("text", clause.sealed)}
        rids = [row[0] for row in (yield Ask(OF_NUMBERS, asked))]
        query.clauses[place] = Clause(
            check=either([clause.check, is_one_of(tuple(rids))]),
            ids=tuple(rids + (yield from _in_clear(clause))),
        )


def _in_clear(clause: Clause) -> Work[list[int]]:
    rows = yield Ask(OF_TOKENS, {"hot": array("int8", clause.hots)})
    return [row[0] for row in rows]
