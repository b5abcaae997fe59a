"""REST writes to what a slice published: handed to that slice, or refused with the reason."""

from uuid import UUID

from django.utils.translation import gettext as _

from records.fhir import text, walker
from records.fhir.callers import Caller, Kind
from records.fhir.store.rows import Unfit
from records.fhir.writing import Owned
from telemed.core import publication
from telemed.core.errors import Forbidden
from telemed.core.intentions import Actor, intention
from telemed.core.publication import Json
from telemed.core.threads import off_loop
from telemed.people import queries as people


async def receive(caller: Caller, name: str, fhir_id: str, raw: bytes, refusal: Owned) -> None:
    """Raises what the slice raises, or the refusal itself where the slice takes nothing."""
    mapping = publication.mapping_for(name, refusal.owner)
    if mapping is None or mapping.receive is None:
        raise refusal
    resource = text.decode(raw)
    issues, _found = walker.check(resource)
    if issues:
        raise Unfit(issues)
    await off_loop(_in_intention)(caller, mapping.receive, fhir_id, resource)


def _in_intention(caller: Caller, take: publication.Receive, fhir_id: str, resource: Json) -> None:
    actor = actor_of(caller)
    with intention(actor, door="fhir"):
        take(actor, fhir_id, resource)


def actor_of(caller: Caller) -> Actor:
    """The account itself, for services that ask it more than an actor's three answers."""
    if caller.kind == Kind.APPLICATION or caller.person is None:
        return caller
    account = people.find_user(UUID(str(caller.person)))
    if account is None:
        raise Forbidden(_("This account is closed."))
    return account
