"""Where a page ended, signed: the next page begins after that row, whatever came meanwhile."""

from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from hmac import digest
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from telemed.core.errors import Malformed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@cache
def _key() -> bytes:
    return sha256(f"records.fhir.search {settings.SECRET_KEY}".encode()).digest()


def _signature(text: str) -> str:
    return digest(_key(), text.encode(), "sha256").hex()


def write(at: datetime, rid: int, resource_type: str, pairs: list[tuple[str, str]]) -> str:
    moment = (at - EPOCH) // MICROSECOND
    mark = f"{moment}.{rid}.{_criteria(resource_type, pairs)}"
    return f"{mark}~{_signature(mark)}"


def read(text: str, resource_type: str, pairs: list[tuple[str, str]]) -> tuple[Any, int]:
    """Raises Malformed for a cursor that we did not make for this very search."""
    mark, _tilde, signature = text.partition("~")
    if not constant_time_compare(signature, _signature(mark)):
        raise Malformed(_("This page address is not one of ours."), path="_page")
    moment, rid, criteria = mark.split(".")
    if criteria != _criteria(resource_type, pairs):
        raise Malformed(_("This page address belongs to another search."), path="_page")
    return EPOCH + int(moment) * MICROSECOND, int(rid)


def _criteria(resource_type: str, pairs: list[tuple[str, str]]) -> str:
    """Of everything but the page itself and its size; no value can be read out of it."""
    rest = sorted(pair for pair in pairs if pair[0] not in ("_page", "_count"))
    return sha256(repr((resource_type, rest)).encode()).hexdigest()[:16]
