"""Where a page ended, signed: the next page begins after that row, whatever came meanwhile."""

from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from telemed.core.errors import Malformed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@cache
def _signer() -> Signer:
    return Signer(salt="records.fhir.search", sep="~")


def write(at: datetime, rid: int, resource_type: str, pairs: list[tuple[str, str]]) -> str:
    moment = (at - EPOCH) // MICROSECOND
    return _signer().sign(f"{moment}.{rid}.{_criteria(resource_type, pairs)}")


def read(text: str, resource_type: str, pairs: list[tuple[str, str]]) -> tuple[Any, int]:
    """Raises Malformed for a cursor that we did not make for this very search."""
    try:
        moment, rid, criteria = _signer().unsign(text).split(".")
    except (BadSignature, ValueError):
        raise Malformed(_("This page address is not one of ours."), path="_page") from None
    if criteria != _criteria(resource_type, pairs):
        raise Malformed(_("This page address belongs to another search."), path="_page")
    return EPOCH + int(moment) * MICROSECOND, int(rid)


def _criteria(resource_type: str, pairs: list[tuple[str, str]]) -> str:
    """Of everything but the page itself and its size; no value can be read out of it."""
    rest = sorted(pair for pair in pairs if pair[0] not in ("_page", "_count"))
    return sha256(repr((resource_type, rest)).encode()).hexdigest()[:16]
