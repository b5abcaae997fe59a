"""
People by their identity number. It stands sealed in the person index and in no text that we
publish: what was sent in clear is found by its token, everybody else by the keyed hash.
"""

from records.fhir.arrays import array
from records.fhir.search import values
from records.fhir.search.clauses import Clause, Query, either, is_one_of
from records.fhir.work import Ask, Work
from records.mpi.models import ID_CARD
from records.mpi.receiving import ID_CARD_FORM, ID_CARD_SYSTEMS
from telemed.core import secrecy

FEW = 1000
OF_NUMBERS = f"""select coalesce(stays.rid, found.rid) from mpi_patient found
 left join mpi_patient stays on stays.id = found.merged_into_id
 where found.id_card_hash = any(%(hashes)b::text[]) limit {FEW}"""
OF_TOKENS = f"""select h.rid from fhir_token h where h.tok = any(%(hot)b::int8[]) limit {FEW}"""


def hashes_of(texts: list[str]) -> tuple[str, ...]:
    """The hashes of those values of `identifier` that are identity numbers."""
    found = []
    for text in texts:
        *system, number = [values.plain(part) for part in values.split(text, "|")]
        ours = not system or system == [""] or set(system) <= ID_CARD_SYSTEMS
        if ours and ID_CARD_FORM(number.upper()):
            found.append(secrecy.keyed_hash(number.upper(), purpose=ID_CARD))
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
