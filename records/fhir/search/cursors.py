"""Where a page ended, signed: the next page begins after that row, whatever came meanwhile."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from telemed.core.errors import Malformed

SALT = "records.fhir.search"


def write(at: datetime, rid: int, resource_type: str, pairs: list[tuple[str, str]]) -> str:
    where = [at.isoformat(), rid, _criteria(resource_type, pairs)]
    return signing.dumps(where, salt=SALT, compress=True)


def read(text: str, resource_type: str, pairs: list[tuple[str, str]]) -> tuple[Any, int]:
    """Raises Malformed for a cursor that we did not make for this very search."""
    try:
        at, rid, criteria = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Malformed(_("This page address is not one of ours."), path="_page") from None
    if criteria != _criteria(resource_type, pairs):
        raise Malformed(_("This page address belongs to another search."), path="_page")
    return datetime.fromisoformat(at), rid


def _criteria(resource_type: str, pairs: list[tuple[str, str]]) -> str:
    """Of everything but the page itself and its size; no value can be read out of it."""
    rest = sorted(pair for pair in pairs if pair[0] not in ("_page", "_count"))
    return sha256(repr((resource_type, rest)).encode()).hexdigest()[:16]
