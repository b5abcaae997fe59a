"""Operations that are asked by POST of Parameters, or by GET where they change nothing."""

from typing import Any

from django.utils.translation import gettext as _

from records.fhir import access, matching, operating, text, walker
from records.fhir.callers import Caller
from records.fhir.door.messages import Answer, Request
from records.fhir.door.owners import actor_of, require_key
from records.fhir.operating import REFERENCE, RESOURCE, Operation
from records.fhir.store.rows import Unfit
from telemed.core import idempotency
from telemed.core.errors import Invalid, Malformed, NotFound
from telemed.core.intentions import intention
from telemed.core.threads import off_loop


async def match(caller: Caller, request: Request) -> Answer:
    """Patient/$match; the index is asked on Django's own connection."""
    matching.require_right(caller)
    asked = matching.read(request.body)
    return Answer(200, await off_loop(_match)(caller, asked, request.base))


def _match(caller: Caller, asked: matching.Asked, base: str) -> bytes:
    actor = actor_of(caller)
    with intention(actor, door="fhir"):
        return matching.match(caller=caller, actor=actor, asked=asked, base=base)


async def operate(caller: Caller, request: Request) -> Answer:
    """One that a slice registered."""
    name, asked = request.segments
    operation = operating.of(name, asked[1:])
    if operation is None:
        raise NotFound(_("There is no such operation."), path=f"{name}/{asked}"[:80])
    access.require_scope(caller, name, operation.letter)
    given = _in_body(operation, request.body) if request.method == "POST" else None
    if given is None:
        given = _in_address(operation, request.pairs)
    key = request.header("idempotency-key").strip()
    return Answer(200, await off_loop(_run)(caller, operation, given, key))


def _run(caller: Caller, operation: Operation, given: dict[str, Any], key: str) -> bytes:
    actor = actor_of(caller)
    with intention(actor, door="fhir"):
        if not key or operation.subject is None or operation.again is None:
            return text.encode(operation.run(actor, given))
        require_key(key)
        kept = idempotency.remembered(key=key, body=[operation.name, given])
        if kept is not None:
            return text.encode(operation.again(actor, kept))
        answer = operation.run(actor, given)
        idempotency.keep(key=key, answer=operation.subject(answer))
        return text.encode(answer)


def _in_body(operation: Operation, raw: bytes) -> dict[str, Any]:
    """Raises Malformed, Unfit, or Invalid that says which parameter is wrong."""
    resource = text.decode(raw)
    issues, _found = walker.check(resource)
    if issues:
        raise Unfit(issues)
    if resource["resourceType"] != "Parameters":
        raise Malformed(_("Send a Parameters resource."), path="resourceType")
    given: dict[str, Any] = {}
    for number, parameter in enumerate(resource.get("parameter", ())):
        name, path = parameter["name"], f"Parameters.parameter[{number}]"
        places = _places(operation, name, path, given)
        value = next((parameter[place] for place in places if place in parameter), None)
        if value is None:
            said = _("{name} comes once, as {type}.")
            raise Invalid(said.format(name=name, type=" / ".join(places)), path=path)
        given[name] = value.get("reference", "") if places == REFERENCE else value
    return given


def _in_address(operation: Operation, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in ("_format", "_pretty"):
            continue
        if _places(operation, name, name[:80], given) == RESOURCE:
            raise Invalid(_("Send a Parameters resource."), path=name)
        given[name] = value
    return given


def _places(operation: Operation, name: str, path: str, given: dict[str, Any]) -> tuple[str, ...]:
    places = operation.takes.get(name)
    if places is None:
        said = _("${operation} has no parameter {name}.")
        raise Invalid(said.format(operation=operation.name, name=name[:80]), path=path)
    if name in given:
        said = _("{name} comes once, as {type}.")
        raise Invalid(said.format(name=name, type=" / ".join(places)), path=path)
    return places
