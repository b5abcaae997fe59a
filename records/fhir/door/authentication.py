"""Bearer tokens (RFC 6750), looked up once a second at most."""

import hashlib
import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from records.fhir.callers import EVERYTHING, Caller, Kind, Scopes
from records.fhir.door import pool
from records.fhir.work import Ask, Work
from telemed.core.errors import Unauthenticated
from telemed.people.models import CLINICAL

LIFE = 1.0  # seconds for which an answer is believed
REMEMBERED = 10_000
LOOKUP = """select t.scopes, a.id, a.scopes, ao.id, ao.number, u.id, r.role, ro.id, ro.number, p.rid
 from people_accesstoken t
 left join people_application a on a.id = t.application_id and a.active
 left join organisations_organisation ao on ao.id = a.organisation_id
 left join people_user u on u.id = t.user_id and u.is_active
 left join people_practitionerrole r on r.id = u.acting_as_id and r.starts_on <= %(day)b::date
  and (r.ends_on is null or r.ends_on >= %(day)b::date)
 left join organisations_organisation ro on ro.id = r.organisation_id
 left join mpi_patient p on p.user_id = u.id
 where t.digest = %(digest)b and t.expires_at > %(now)b::timestamptz and t.revoked_at is null"""

_remembered: dict[str, tuple[float, Caller]] = {}


async def authenticate(authorization: str) -> Caller:
    """The caller behind an Authorization header. Raises Unauthenticated."""
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(_("Send a bearer token."))
    digest = hashlib.sha256(token.strip().encode()).hexdigest()
    known = _remembered.get(digest)
    if known and known[0] > time.monotonic():
        return known[1]
    caller = await pool.run(_look_up(digest))
    if caller is None:
        _remembered.pop(digest, None)
        raise Unauthenticated(_("The token is unknown, expired or revoked."))
    if len(_remembered) >= REMEMBERED:
        _remembered.clear()
    _remembered[digest] = (time.monotonic() + LIFE, caller)
    return caller


def forget() -> None:
    """Believe no earlier answer."""
    _remembered.clear()


def _look_up(digest: str) -> Work[Caller | None]:
    now = timezone.now()
    values = {"digest": digest, "now": now, "day": timezone.localdate()}
    for row in (yield Ask(LOOKUP, values)):
        scopes, application, user = row[0], row[1], row[5]
        if application is not None:
            return _application(scopes, *row[1:5])
        if user is not None:
            return _account(scopes, *row[5:])
    return None


def _application(scopes: str, pk: Any, bounds: str, organisation: Any, number: int) -> Caller:
    context = frozenset({"system"})
    own = Scopes.parse(bounds, context)
    return Caller(
        kind=Kind.APPLICATION,
        actor_id=f"application:{pk}",
        organisation_id=organisation,
        role="application",
        org=number,
        scopes=Scopes.parse(scopes, context) if scopes.strip() else own,
        bounds=own,
    )


def _account(
    scopes: str, pk: Any, role: str | None, organisation: Any, number: int | None, own: int | None
) -> Caller:
    """An account may do what its role may; scopes, if the token names any, narrow that."""
    name = role or "resident"
    kind = Kind.CLINICIAN if name in CLINICAL else Kind.STAFF if role else Kind.RESIDENT
    context = frozenset({"user", "patient"})
    return Caller(
        kind=kind,
        actor_id=f"user:{pk}",
        organisation_id=organisation,
        role=name,
        org=number,
        person=pk,
        own=own,
        scopes=Scopes.parse(scopes, context) if scopes.strip() else EVERYTHING,
    )
