"""
Whose records a caller may see and write: the filter that stands at every alias of every query.

The list form of records.consent.access.decide() over the store's own columns. Hidden looks absent.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent.models import Basis
from records.consent.relationships import (
    BOOKED_HERE,
    BREAK_GLASS,
    FAMILY_DOCTOR,
    OPEN_CASE,
    OWN_RECORD,
    REFERRED_HERE,
    TREATED_HERE,
)
from records.fhir.arrays import array
from records.fhir.callers import Caller, Kind
from records.fhir.definitions import SHARED
from records.fhir.work import Ask, Work
from telemed.core.errors import Forbidden

# A scalar subquery: of an `exists` the planner may make a hash of everybody in the house's care.
IN_CARE = """(select true from care_access a where a.org = %(c_org)b::int4
 and a.patient = {patient} and (a.person is null or a.person = %(c_person)b::uuid)
 and a.until > %(c_now)b::timestamptz{basis} limit 1) is true"""
# Why a read was allowed, for its audit row: an emergency, which marks each view, else the
# strongest care relationship.
REASON = f"""coalesce(%(c_reason)b::text, (select case a.basis when '{Basis.BREAK_GLASS}'
 then '{BREAK_GLASS}' when '{Basis.TREATING}' then '{TREATED_HERE}'
 when '{Basis.CASE}' then '{OPEN_CASE}' when '{Basis.SIGNED}' then '{FAMILY_DOCTOR}'
 when '{Basis.REFERRED}' then '{REFERRED_HERE}'
 else '{BOOKED_HERE}' end
 from care_access a
 where a.org = %(c_org)b::int4 and a.patient = {{patient}}
 and (a.person is null or a.person = %(c_person)b::uuid) and a.until > %(c_now)b::timestamptz
 order by a.basis = '{Basis.BREAK_GLASS}' desc, a.basis desc limit 1), '')"""
REASONS = {Kind.SYSTEM: "", Kind.APPLICATION: "scope", Kind.STAFF: "", Kind.RESIDENT: OWN_RECORD}
UNTREATED = f"""select count(*) from unnest(%(patients)b::int8[]) p
 where not ({IN_CARE.format(patient="p", basis=f" and a.basis = '{Basis.TREATING}'")})"""


def values(caller: Caller) -> dict[str, Any]:
    """What the snippets of this module refer to."""
    return {
        "c_org": caller.org,
        "c_person": caller.person,
        "c_own": caller.own,
        "c_now": timezone.now(),
        "c_reason": REASONS.get(caller.kind),
    }


def visible(caller: Caller, alias: str, resource_type: str, letters: str = "rs") -> str:
    """The condition on an alias of fhir_resource; one of the letters must be in scope."""
    if not caller.may(resource_type, letters):
        return "false"
    shared = resource_type in SHARED
    match caller.kind:
        case Kind.SYSTEM | Kind.APPLICATION:
            return "true"
        case Kind.RESIDENT:
            own = f"{alias}.patient = %(c_own)b::int8"
            return f"({own} or {alias}.patient is null)" if shared else own
        case Kind.CLINICIAN:
            care = IN_CARE.format(patient=f"{alias}.patient", basis="")
            # What belongs to no patient is its own institution's, unless it is for all.
            ours = "" if shared else f" and {alias}.org = %(c_org)b::int4"
            return f"(({alias}.patient is null{ours}) or {care})"
    return f"{alias}.patient is null" if shared else "false"


def require_scope(caller: Caller, resource_type: str, letters: str) -> None:
    if not caller.may(resource_type, letters):
        text = _("The token's scopes do not allow this for {type}.").format(type=resource_type)
        raise Forbidden(text, path=resource_type)


def require_treated(caller: Caller, patients: set[int | None], new: set[int]) -> Work[None]:
    """Accounts write only for patients whom their institution treats; `new` ones come just now."""
    if caller.kind in (Kind.SYSTEM, Kind.APPLICATION):
        return
    refused = Forbidden(_("You may write only for patients whom your institution treats."))
    if caller.kind != Kind.CLINICIAN or None in patients:
        raise refused
    asked = [patient for patient in patients if patient not in new]
    if asked:
        ((untreated,),) = yield Ask(UNTREATED, {**values(caller), "patients": array("int8", asked)})
        if untreated:
            raise refused
