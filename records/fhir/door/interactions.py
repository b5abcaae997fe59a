"""The interactions of https://hl7.org/fhir/R4/http.html: who may, one piece of work, an answer."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from records.fhir import (
    access,
    bundles,
    capability,
    conditional,
    keeping,
    keys,
    operating,
    outcomes,
    projecting,
    reading,
    search,
    text,
)
from records.fhir.callers import Caller, Kind
from records.fhir.definitions import TYPE_NUMBER
from records.fhir.door import coalescing, operations, owners, pool
from records.fhir.door.authentication import authenticate
from records.fhir.door.messages import (
    Answer,
    Request,
    refusal,
    require_json,
    stamps,
    version_in,
)
from records.fhir.models import Version
from records.fhir.outcomes import NotAllowed, NotSupported
from records.fhir.search import parsing
from records.fhir.search.parsing import ID
from records.fhir.store.rows import Row
from records.fhir.trace import Trace
from records.fhir.work import Work
from records.fhir.writing import Change, Owned, Plan, apply
from telemed.core import publication
from telemed.core.errors import DomainError, Malformed, NotFound, Stale
from telemed.core.ids import new_id

HISTORY_PAGE = 50
PATIENT = "Patient"
Interaction = Callable[[Caller, Request], Awaitable[Answer]]
OPERATIONS: dict[tuple[str, ...], tuple[str, Interaction]] = {
    (PATIENT, "$match"): ("match", operations.match)
}


async def answer(request: Request) -> Answer:
    """Route, authenticate, do. A refusal leaves its trace in a statement of its own."""
    require_json(request, [value for name, value in request.pairs if name == "_format"])
    if request.segments == ("metadata",) and request.method in ("GET", "HEAD"):
        return Answer(200, capability.statement(request.base))
    caller = await authenticate(request.header("authorization"))
    return await do(caller, request)


async def do(caller: Caller, request: Request) -> Answer:
    """One interaction of a known caller."""
    action, interaction = _operation(request) or route(request)
    try:
        return await interaction(caller, request)
    except DomainError as error:
        if not error.path:
            error.path = "/".join(request.segments)
        await pool.run(_note(caller, action, error))
        raise


def _note(caller: Caller, action: str, error: DomainError) -> Work[None]:
    yield Trace(caller=caller).refusal(f"fhir.{action}", error)


def _operation(request: Request) -> tuple[str, Interaction] | None:
    match request.segments:
        case (name, asked) if asked.startswith("$"):
            method = "GET" if request.method == "HEAD" else request.method
            found = operating.of(name, asked[1:])
            if found and (method == "POST" or (method == "GET" and found.safe)):
                return found.name, operations.operate
        case (name,) if request.method == "PUT" and keeping.of(name):
            return "update", keep
    return OPERATIONS.get(request.segments) if request.method == "POST" else None


def route(request: Request) -> tuple[str, Interaction]:
    """The interaction that an address and a method name. Raises NotFound, NotAllowed."""
    method = "GET" if request.method == "HEAD" else request.method
    match (method, request.segments):
        case ("POST", ()):
            return "transaction", transact
        case (_method, (name, *rest)) if name not in TYPE_NUMBER:
            said = _("There is no resource type {type} in R4.").format(type=name[:60])
            raise NotFound(said, path="/".join([name, *rest])[:80])
        case ("GET", (_name,)) | ("GET" | "POST", (_name, "_search")):
            return "search", find
        case ("POST", (_name,)):
            return "create", create
        case ("GET", (_name, _id)):
            return "read", read
        case ("PUT", (_name, _id)):
            return "update", update
        case ("DELETE", (_name, _id)):
            return "delete", delete
        case ("GET", (_name, _id, "_history")):
            return "history", history
        case ("GET", (_name, _id, "_history", _version)):
            return "vread", vread
    said = _("{method} is not for this address; see /fhir/metadata.").format(method=request.method)
    raise NotAllowed(said, path="/".join(request.segments)[:80])


async def read(caller: Caller, request: Request) -> Answer:
    name, fhir_id = request.segments
    access.require_scope(caller, name, "r")
    projection = projecting.of(name)
    if projection and (body := await pool.run(projection.read(caller, fhir_id))):
        return Answer(200, body)
    found = await coalescing.read(caller, name, _known(name, fhir_id))
    headers = stamps(found.version, found.updated)
    if (
        request.header("if-none-match")
        and version_in(request.header("if-none-match")) == found.version
    ):
        return Answer(304, b"", headers)
    return Answer(200, found.body, headers)


async def vread(caller: Caller, request: Request) -> Answer:
    name, fhir_id, _history, version = request.segments
    access.require_scope(caller, name, "r")
    if not version.isascii() or not version.isdecimal() or len(version) > 9:
        raise NotFound(_("There is no such version."), path="/".join(request.segments)[:80])
    work = reading.vread(caller, name, _known(name, fhir_id), int(version))
    found = await pool.run(work)
    return Answer(200, found.body, stamps(found.version, found.updated))


def _known(name: str, fhir_id: str) -> str:
    if not ID(fhir_id):
        raise NotFound(_("Not found, or not yours to know of."), path=f"{name}/{fhir_id}"[:80])
    return fhir_id


async def history(caller: Caller, request: Request) -> Answer:
    name, fhir_id, _history = request.segments
    access.require_scope(caller, name, "r")
    limit, before = HISTORY_PAGE, reading.NEWEST
    for parameter, value in request.pairs:
        if parameter in ("_count", "_before") and not (value.isascii() and value.isdecimal()):
            raise Malformed(_("_count is a whole number."), path=parameter)
        if parameter == "_count":
            limit = max(1, min(int(value[:9]), HISTORY_PAGE))
        elif parameter == "_before":  # the page address that we give
            before = int(value[:9])
        elif parameter not in parsing.IGNORED:
            said = _("{type} has no search parameter {name}.")
            raise NotSupported(said.format(type="_history", name=parameter[:80]), path=parameter)
    work = reading.history(caller, name, _known(name, fhir_id), limit=limit + 1, before=before)
    versions = await pool.run(work)
    return Answer(200, bundles.history(request.base, name, fhir_id, versions, limit))


async def create(caller: Caller, request: Request) -> Answer:
    (name,) = request.segments
    access.require_scope(caller, name, "c")
    if keeping.of(name) and request.header("if-none-exist") and caller.kind == Kind.APPLICATION:
        access.require_scope(caller, name, "rs")  # it is answered with what is there
        return _made(request, await owners.keep_new(caller, request))
    if made := await owners.create(caller, request):
        return _made(request, made)
    fhir_id, raw = str(new_id()), request.body
    change = Change(Version.Method.CREATE, name, fhir_id, raw)
    criteria = request.header("if-none-exist")
    if criteria:
        query = parsing.parse(name, parsing.pairs_of(criteria), base=request.base)
        row, existing = await pool.insist(
            lambda _turn: conditional.create(caller, query, change), transaction=lambda _turn: True
        )
        if existing is not None:
            found = await coalescing.read(caller, name, existing)
            return _written(request, 200, name, existing, found.version, found.updated, found.body)
    else:
        (row,) = await pool.insist(
            lambda _turn: apply(caller, [change]), transaction=lambda _turn: name == PATIENT
        )
    return _answer_row(request, 201, row)


async def keep(caller: Caller, request: Request) -> Answer:
    """The conditional update of a type that systems keep by their own identifiers."""
    (name,) = request.segments
    for letter in "cu":  # it makes what is not there yet
        access.require_scope(caller, name, letter)
    if request.header("if-match"):
        said = _("If-Match is for one instance by its id.")
        raise NotSupported(said, path="If-Match")
    pairs = [(key, value) for key, value in request.pairs if key not in parsing.IGNORED]
    if [key for key, _value in pairs] != ["identifier"] or not keeping.IDENTIFIED(pairs[0][1]):
        said = _("The condition is one identifier, written system|value.")
        raise NotSupported(said, path=f"{name}?identifier")
    return _made(request, await owners.keep(caller, request, pairs[0][1]))


def _made(request: Request, made: owners.Made) -> Answer:
    (name,) = request.segments
    status = 201 if made.new else 200
    if made.version is None or made.updated is None:
        where = f"{request.base}/{name}/{made.fhir_id}"
        minimal = request.preference("return") == "minimal"
        return Answer(status, b"" if minimal else made.body, [("Location", where)])
    return _written(request, status, name, made.fhir_id, made.version, made.updated, made.body)


async def update(caller: Caller, request: Request) -> Answer:
    name, fhir_id = request.segments
    access.require_scope(caller, name, "u")
    if not ID(fhir_id):
        raise Malformed(_("This is not a valid id."), path=f"{name}.id")
    match = version_in(request.header("if-match"))
    if publication.takers(name) and keys.rid_of(name, fhir_id) < 0:
        await owners.require_untaken(caller, [(name, text.decode(request.body), name)])
    change = Change(Version.Method.UPDATE, name, fhir_id, request.body, if_match=match)
    try:
        (row,) = await pool.insist(
            lambda turn: apply(caller, [change], Plan(lock=turn > 1)),
            transaction=lambda turn: turn > 1 or name == PATIENT,
        )
    except Owned as error:
        if match not in (None, error.version):
            said = _("The present version is {version}.").format(version=error.version)
            raise Stale(said, path=error.path) from None
        return await _update_owned(caller, request, error)
    return _answer_row(request, 201 if row and row.version == 1 else 200, row)


async def _update_owned(caller: Caller, request: Request, error: Owned) -> Answer:
    """What a slice published is written through that slice, if it takes it."""
    name, fhir_id = request.segments
    await owners.receive(caller, name, fhir_id, request.body, error)
    found = await coalescing.read(caller, name, fhir_id)
    return _written(request, 200, name, fhir_id, found.version, found.updated, found.body)


async def delete(caller: Caller, request: Request) -> Answer:
    name, fhir_id = request.segments
    access.require_scope(caller, name, "d")
    match = version_in(request.header("if-match"))
    change = Change(Version.Method.DELETE, name, _known(name, fhir_id), if_match=match)
    (row,) = await pool.insist(
        lambda turn: apply(caller, [change], Plan(lock=turn > 1)),
        transaction=lambda turn: turn > 1,
    )
    return Answer(204, b"", stamps(row.version, row.updated) if row else [])


def _answer_row(request: Request, status: int, row: Row | None) -> Answer:
    if row is None:
        raise RuntimeError("A write that was asked for came back without its row.")
    return _written(request, status, row.type, row.fhir_id, row.version, row.updated, row.body)


def _written(
    request: Request,
    status: int,
    name: str,
    fhir_id: str,
    version: int,
    updated: datetime,
    body: bytes,
) -> Answer:
    headers = stamps(version, updated)
    headers.append(("Location", f"{request.base}/{name}/{fhir_id}/_history/{version}"))
    match request.preference("return"):
        case "minimal":
            body = b""
        case "operationoutcome":
            said = outcomes.issue("informational", _("It is stored."), severity="information")
            body = text.encode(outcomes.outcome(said))
    return Answer(status, body, headers)


async def find(caller: Caller, request: Request) -> Answer:
    name = request.segments[0]
    access.require_scope(caller, name, "s")
    pairs = request.pairs
    if request.method == "POST":
        pairs = [*pairs, *parsing.pairs_of(request.body.decode("utf-8", "replace"))]
    lenient = request.preference("handling") == "lenient"
    query = parsing.parse(name, pairs, base=request.base, lenient=lenient)
    projection = projecting.of(name)
    found = await pool.run(projection.search(caller, query, pairs)) if projection else None
    if found is None:
        found = await pool.run(search.search(caller, query, pairs))
    return Answer(200, bundles.searchset(request.base, query, found, pairs))


async def transact(caller: Caller, request: Request) -> Answer:
    """A transaction as one piece of work; a batch as one request after another."""
    bundle = bundles.parse(request.body)
    if bundle.type == "batch":
        return Answer(
            200, bundles.responses("batch-response", await _batch(caller, request, bundle))
        )
    transaction = bundles.Transaction(caller, bundle, request.base)
    await owners.require_untaken(caller, transaction.made())
    owners.require_unkept(caller, transaction.conditional())
    lines = await pool.insist(
        lambda turn: transaction.work(lock=turn > 1),
        transaction=lambda turn: turn > 1 or transaction.needs_transaction,
    )
    return Answer(200, bundles.responses("transaction-response", lines))


async def _batch(caller: Caller, request: Request, bundle: bundles.Bundle) -> list[bytes]:
    lines = []
    key = request.header("idempotency-key").strip()
    for number, entry in enumerate(bundle.entry):
        keyed = {"idempotency-key": f"{key}#{number}"} if key else {}
        try:
            single = bundles.single(entry)
            inner = replace(
                request,
                method=single.method,
                segments=single.segments,
                query=single.query,
                headers=request.headers | single.headers | keyed,
                body=bytes(entry.resource),
            )
            if not inner.segments:
                raise NotSupported(_("A batch cannot hold another."))
            found = await do(caller, inner)
        except DomainError as error:
            found = refusal(error)
        lines.append(bundles.batch_line(found.status, dict(found.headers), found.body))
    return lines
