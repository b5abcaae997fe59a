"""
REST writes that a slice answers for: to what it published, and of what it takes. They are handed
to that slice, or refused with the reason.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from records.fhir import conditions, keeping, queries, text, walker
from records.fhir.callers import Caller, Kind
from records.fhir.door.messages import Request
from records.fhir.outcomes import NotSupported
from records.fhir.search.parsing import Pairs
from records.fhir.store.rows import Unfit
from records.fhir.walker.primitives import Issue
from records.fhir.writing import Owned
from telemed.core import idempotency, publication
from telemed.core.errors import Forbidden, Invalid
from telemed.core.intentions import Actor, intention
from telemed.core.publication import Json
from telemed.core.threads import off_loop
from telemed.people import queries as people

KEY_LIMIT = 80  # characters of an Idempotency-Key


@dataclass(frozen=True)
class Made:
    """What a slice made of a resource that came in; what is projected has no version."""

    fhir_id: str
    version: int | None
    updated: datetime | None
    body: bytes
    new: bool = True


async def create(caller: Caller, request: Request) -> Made | None:
    """What a slice takes is made by it, once for a key; None where no slice wants it."""
    (name,) = request.segments
    if not publication.takers(name):
        return None
    resource = _checked(request.body)
    key, condition = request.header("idempotency-key").strip(), request.header("if-none-exist")
    return await off_loop(_make)(caller, name, resource, key, condition)


def _make(caller: Caller, name: str, resource: Json, key: str, condition: str) -> Made | None:
    actor = actor_of(caller)
    with intention(actor, door="fhir"):
        taking = taker_of(name, resource)
        if taking is None:
            return None
        asked = conditions.parse(name, condition) if condition else []
        if asked and taking.existing is None:
            said = _("If-None-Exist is not for this; the Idempotency-Key makes it happen once.")
            raise NotSupported(said, path="If-None-Exist")
        if key or not asked:
            require_key(key)
        fhir_id = idempotency.remembered(key=key, body=resource) if key else None
        there = None
        if fhir_id is None and asked and taking.existing:
            fhir_id = there = taking.existing(actor, asked)
        if fhir_id is None:
            fhir_id = taking.create(actor, resource)
        if key:
            idempotency.keep(key=key, answer=fhir_id)
        kept = queries.current(name, fhir_id)
    if kept is None:
        raise RuntimeError(f"{name}/{fhir_id} was taken and not published.")
    return Made(fhir_id, kept.version, kept.updated, kept.body.encode(), new=there is None)


def require_key(key: str) -> None:
    if not key or len(key) > KEY_LIMIT or not (key.isascii() and key.isprintable()):
        sentence = _("Send an Idempotency-Key of 1 to {n} plain characters with this.")
        raise Invalid(sentence.format(n=KEY_LIMIT), path="Idempotency-Key")


async def keep(caller: Caller, request: Request, identifier: str) -> Made:
    """A system's own instance, by its identifier, made or changed by the slice that owns it."""
    (name,) = request.segments
    return await off_loop(_keep)(caller, name, identifier, _checked(request.body, name))


async def keep_new(caller: Caller, request: Request) -> Made:
    """A system's own instance, unless what it keeps has one that fits the condition."""
    (name,) = request.segments
    resource = _checked(request.body, name)
    asked = conditions.parse(name, request.header("if-none-exist"))
    return await off_loop(_keep)(caller, name, _named(resource, asked), resource, asked)


def _named(resource: Json, asked: Pairs) -> str:
    """Its own number: that of the condition, else the one that the resource says."""
    named = [value for key, value in asked if key == "identifier"]
    own = resource.get("identifier") or []
    named = named or [f"{one.get('system', '')}|{one.get('value', '')}" for one in own]
    if len(named) != 1 or not keeping.IDENTIFIED(named[0]):
        sentence = _("Send one identifier with its system and value: it is kept by that.")
        raise Invalid(sentence, path=f"{resource['resourceType']}.identifier")
    return named[0]


def _keep(
    caller: Caller, name: str, identifier: str, resource: Json, asked: Pairs | None = None
) -> Made:
    found = keeping.of(name)
    if found is None:
        raise RuntimeError(f"Nobody keeps {name} by identifier.")
    with _written_down(caller), intention(actor_of(caller), door="fhir") as opened:
        kept = found.existing(opened.actor, asked) if asked else None
        kept = kept or found.keep(opened.actor, identifier, resource)
        if kept.body is not None:
            return Made(kept.fhir_id, None, None, text.encode(kept.body), kept.new)
        stored = queries.current(name, kept.fhir_id)
    if stored is None:
        raise RuntimeError(f"{name}/{kept.fhir_id} was kept and not published.")
    return Made(kept.fhir_id, stored.version, stored.updated, stored.body.encode(), kept.new)


@contextmanager
def _written_down(caller: Caller) -> Iterator[None]:
    """A contradiction undoes what was sent, and stays as a row of its own."""
    try:
        yield
    except keeping.Contradiction as error:
        with intention(actor_of(caller), door="fhir"):
            keeping.remember(error)
        raise


async def require_untaken(caller: Caller, written: Iterable[tuple[str, Json, str]]) -> None:
    """
    Type, resource and place of what is written in another way than by POST: a slice takes its own
    by POST alone, for that is its own intention. What is invalid is refused elsewhere.
    """
    for name, resource, place in written:
        if publication.takers(name) and not walker.check(resource)[0]:
            await off_loop(_require_untaken)(caller, name, resource, place)


def require_unkept(caller: Caller, written: Iterable[tuple[str, str]]) -> None:
    """The sessions of a system are made by a slice, each as an intention of its own."""
    for name, place in written:
        if caller.kind == Kind.APPLICATION and keeping.of(name):
            said = _("A transaction makes no {type} of a system: send it alone or in a batch.")
            raise NotSupported(said.format(type=name), path=place)


def _require_untaken(caller: Caller, name: str, resource: Json, place: str) -> None:
    with intention(actor_of(caller), door="fhir"):
        taking = taker_of(name, resource)
    if taking is not None:
        said = _("This {type} is made by a POST of its own, with an Idempotency-Key.")
        raise NotSupported(said.format(type=name), path=place)


def taker_of(name: str, resource: Json) -> publication.Taking | None:
    """Whose it is to make this one."""
    taking = (mapping.taking for mapping in publication.takers(name) if mapping.taking)
    return next((one for one in taking if one.wants(resource)), None)


def _checked(raw: bytes, name: str = "") -> Json:
    """Raises Unfit."""
    resource: Json = text.decode(raw)
    issues, _found = walker.check(resource)
    if issues:
        raise Unfit(issues)
    if name and resource["resourceType"] != name:
        said = _("The address is for another type.")
        raise Unfit([Issue("resourceType", "invalid", said)])
    return resource


async def receive(caller: Caller, name: str, fhir_id: str, raw: bytes, refusal: Owned) -> None:
    """Raises what the slice raises, or the refusal itself where the slice takes nothing."""
    mapping = publication.mapping_for(name, refusal.owner)
    if mapping is None or mapping.receive is None:
        raise refusal
    await off_loop(_in_intention)(caller, mapping.receive, fhir_id, _checked(raw))


def _in_intention(caller: Caller, take: publication.Receive, fhir_id: str, resource: Json) -> None:
    actor = actor_of(caller)
    with _written_down(caller), intention(actor, door="fhir"):
        take(actor, fhir_id, resource)


def actor_of(caller: Caller) -> Actor:
    """The account itself, for services that ask it more than an actor's three answers."""
    if caller.kind == Kind.APPLICATION or caller.person is None:
        return caller
    account = people.find_user(UUID(str(caller.person)))
    if account is None:
        raise Forbidden(_("This account is closed."))
    return account
