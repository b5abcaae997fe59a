"""
The 64-bit numbers behind every search. Frozen: test vectors hold them (tests/records/fhir).

Changing an input of a hash means bumping REVISION and walking every stored resource again.
"""

import re
from functools import cache, lru_cache
from uuid import UUID

from xxhash import xxh3_64_intdigest

from telemed.core import ids

REVISION = 1  # the extraction rules that made a row's keys
WIDTH = 1 << 64
# How our own ids are written (RFC 9562 version 8, lower case); any other text is a foreign id.
OURS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}").fullmatch


def hashed(text: str) -> int:
    """xxh3 of the UTF-8, as PostgreSQL's signed bigint."""
    value = xxh3_64_intdigest(text.encode())
    return value - WIDTH if value >> 63 else value


@lru_cache(maxsize=100_000)
def rid_of(resource_type: str, fhir_id: str) -> int:
    """The record number of any id: ours carry it, foreign ones hash to the negative half."""
    if OURS(fhir_id):
        return ids.rid_of(UUID(fhir_id)) or 0
    return -(xxh3_64_intdigest(f"{resource_type}/{fhir_id}".encode()) >> 1) - 1


@cache
def parameter(resource_type: str, name: str) -> int:
    """The key of a parameter. It holds the type, so no query needs the type beside it."""
    return hashed(f"{resource_type}.{name}")


@lru_cache(maxsize=100_000)
def token(key: int, system: str | None, code: str) -> tuple[int, ...]:
    """What a coded value is found by: system|code, code in any system, system|."""
    return _token(key, system, code)


def identifier(key: int, system: str | None, value: str) -> tuple[int, ...]:
    """The same for values that hardly come twice, so without the cache."""
    return _token(key, system, value)


def _token(key: int, system: str | None, code: str) -> tuple[int, ...]:
    exact, anywhere = hashed(f"{key}|{system or ''}|{code}"), in_any_system(key, code)
    return (exact, anywhere, of_system(key, system)) if system else (exact, anywhere)


def in_any_system(key: int, code: str) -> int:
    return hashed(f"{key}||*|{code}")


def of_system(key: int, system: str) -> int:
    return hashed(f"{key}|{system}|")


def of_type(key: int, system: str, code: str, value: str) -> int:
    """Identifier by the type of the identifier: `:of-type=system|code|value`."""
    return hashed(f"{key}:of-type|{system}|{code}|{value}")


def uri(key: int, text: str) -> int:
    return hashed(f"{key}|{text}")


@lru_cache(maxsize=100_000)
def unit(system: str, code: str) -> int:
    return hashed(f"0#{system}#{code}")


def by_identifier(key: int) -> int:
    """The key under which a reference's own identifier is kept (`:identifier`)."""
    return hashed(f"{key}:identifier")
