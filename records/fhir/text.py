"""
FHIR JSON as bytes. What is stored is what was received: values are cut out, never written anew.

Only `resourceType`, `id` and the two fields of `meta` that the server owns are ours.
"""

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

import msgspec
from django.utils.translation import gettext as _

from telemed.core.errors import Malformed

DEPTH = 100  # levels of nesting; decoders and walker give up between 300 and 500
# A null character, which no text column takes; and half of a surrogate pair, which is no text.
NULL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000").search
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]").search
REFERENCE_KEYS = frozenset(
    b"reference url uri valueUri valueUrl valueUuid valueCanonical valueOid system".split()
)
URN = re.compile(rb'"(\w+)"(\s*:\s*)"(urn:uuid:[^"\\]+)"')

_slices = msgspec.json.Decoder(type=dict[str, msgspec.Raw]).decode
_compact = msgspec.json.Encoder(decimal_format="number").encode
_own = msgspec.json.Decoder(float_hook=Decimal).decode


def encode(value: Any) -> bytes:
    """Our own JSON; a Decimal keeps its digits."""
    return _compact(value)


def own(value: Any) -> tuple[bytes, Any]:
    """Our own JSON, and its value as a reader has it: nothing in it can be misunderstood."""
    raw = encode(value)
    return raw, _own(raw)


def decode(raw: bytes) -> Any:
    """
    The value of a JSON text; numbers with a point are Decimals.

    Raises Malformed for what readers may understand differently or a database cannot keep:
    duplicate keys, NaN, lone surrogates, the null character, more than DEPTH levels.
    """
    if b"\\u0000" in raw and NULL(raw):
        raise Malformed(_("The null character (\\u0000) cannot be stored."))
    try:
        value = _decode(raw.decode())
        if b"\\u" in raw and SURROGATE(raw):
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeError:
        raise Malformed(_("The text is not valid UTF-8.")) from None
    except RecursionError:
        raise _too_deep() from None
    except (ValueError, ArithmeticError) as error:
        text = _("This is not valid JSON: {why}.").format(why=str(error)[:120])
        raise Malformed(text) from None
    if raw.count(b"{") + raw.count(b"[") > DEPTH and not _is_shallow(value):
        raise _too_deep()
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed(_("The key {key} comes twice in one object.").format(key=twice[:80]))
    return value


def _constant(name: str) -> NoReturn:
    raise Malformed(_("{name} is no JSON number.").format(name=name))


_decode = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_constant
).decode


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _depth in range(DEPTH + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) in (dict, list)
        ]
        if not level:
            return True
    return False


def _too_deep() -> Malformed:
    return Malformed(_("More than {limit} levels of nesting.").format(limit=DEPTH))


def instant(moment: datetime) -> str:
    """A moment in UTC as FHIR writes it, to the millisecond."""
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"


def stored(raw: bytes, resource_type: str, fhir_id: str, version: int, updated: datetime) -> bytes:
    """The text to keep of a checked resource: our id and meta, every other value as received."""
    values = _slices(raw)
    meta = _slices(values.pop("meta", b"{}"))
    for ours in ("versionId", "lastUpdated"):
        meta.pop(ours, None)
    for ours in ("resourceType", "id"):
        values.pop(ours, None)
    head = f'{{"resourceType":"{resource_type}","id":"{fhir_id}","meta":{{"versionId":"{version}"'
    head = f'{head},"lastUpdated":"{instant(updated)}"'
    return b"".join((head.encode(), _members(meta), b"}", _members(values), b"}"))


def _members(values: dict[str, msgspec.Raw]) -> bytes:
    return b"".join([b',"%s":%s' % (key.encode(), bytes(raw)) for key, raw in values.items()])


def same_content(one: bytes, other: bytes) -> bool:
    """Whether two stored texts differ in nothing but version and time."""

    def content(raw: bytes) -> dict[str, Any]:
        values = {key: bytes(value) for key, value in _slices(raw).items()}
        meta = {key: bytes(value) for key, value in _slices(values.pop("meta", b"{}")).items()}
        return {**values, "meta": {**meta, "versionId": b"", "lastUpdated": b""}}

    return content(one) == content(other)


def resolve_urns(raw: bytes, known: dict[bytes, bytes]) -> bytes:
    """Turn the bundle's own `urn:uuid:` addresses into literal references, where one may stand."""
    if not known or b"urn:uuid:" not in raw:
        return raw

    def replace(match: re.Match[bytes]) -> bytes:
        target = known.get(match[3]) if match[1] in REFERENCE_KEYS else None
        return b'"%s"%s"%s"' % (match[1], match[2], target) if target else match[0]

    return URN.sub(replace, raw)
