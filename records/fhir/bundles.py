"""Bundles: transactions that come in, searchsets and histories that go out, byte by byte."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

import msgspec
from django.utils.translation import gettext as _

from records.fhir import access, conditional, outcomes, text, walker
from records.fhir.callers import Caller
from records.fhir.definitions import TYPE_NUMBER
from records.fhir.models import Version
from records.fhir.outcomes import NotSupported
from records.fhir.reading import Stored
from records.fhir.search import Found, parsing
from records.fhir.search.clauses import Query
from records.fhir.search.parsing import ID, Pairs
from records.fhir.store.rows import Unfit
from records.fhir.walker.primitives import Issue
from records.fhir.work import Work
from records.fhir.writing import Change, Plan, apply
from telemed.core.errors import Malformed
from telemed.core.ids import new_id

ENTRIES = 10_000
METHODS = {"POST": "c", "PUT": "u", "DELETE": "d"}  # and the scope each needs
HEADERS = {"ifNoneExist": "if-none-exist", "ifMatch": "if-match", "ifNoneMatch": "if-none-match"}
ETAG = re.compile(r'(?:W/)?"(\d{1,9})"').fullmatch


class Request(msgspec.Struct):
    method: str
    url: str
    ifNoneExist: str = ""  # noqa: N815  FHIR's names
    ifMatch: str = ""  # noqa: N815
    ifNoneMatch: str = ""  # noqa: N815


class Entry(msgspec.Struct):
    request: Request
    fullUrl: str = ""  # noqa: N815
    resource: msgspec.Raw = msgspec.Raw(b"")
    value: Any = None  # the resource, decoded; parse() lets no such key in


class Bundle(msgspec.Struct):
    resourceType: str  # noqa: N815
    type: str
    entry: list[Entry] = []


_decode = msgspec.json.Decoder(type=Bundle).decode


def parse(raw: bytes) -> Bundle:
    """
    A transaction or batch; its resources are also bytes. Raises Malformed, Unfit or NotSupported.

    The envelope is checked here, each resource later, when its references are resolved.
    """
    whole = text.decode(raw)
    if type(whole) is not dict or whole.get("resourceType") != "Bundle":
        raise Malformed(_("A Bundle is expected here."), path="Bundle")
    entries = whole.get("entry")
    if isinstance(entries, list):
        whole["entry"] = [
            {k: v for k, v in entry.items() if k != "resource"}
            if isinstance(entry, dict)
            else entry
            for entry in entries
        ]
    issues, _found = walker.check(whole)
    if issues:
        raise Unfit(issues)
    if whole.get("type") not in ("transaction", "batch"):
        raise NotSupported(_("Send a transaction or a batch."), path="Bundle.type")
    if entries and len(entries) > ENTRIES:
        raise NotSupported(_("At most {limit} entries.").format(limit=ENTRIES), path="Bundle.entry")
    try:
        bundle = _decode(raw)
        for entry, value in zip(bundle.entry, entries or (), strict=True):
            entry.value = value.get("resource")
        return bundle
    except msgspec.ValidationError as error:
        where = str(error).rpartition("`$")[2].rstrip("`")
        raise Unfit([Issue(f"Bundle{where}", "required", str(error)[:200])]) from None


@dataclass(slots=True)
class Single:
    """An entry of a batch as the request that it stands for."""

    method: str
    segments: tuple[str, ...]
    query: str
    headers: dict[str, str]


def single(entry: Entry) -> Single:
    path, _mark, query = entry.request.url.partition("?")
    headers = {ours: getattr(entry.request, theirs) for theirs, ours in HEADERS.items()}
    segments = tuple(path.strip("/").split("/")) if path.strip("/") else ()
    return Single(entry.request.method, segments, query, {"prefer": "", **headers})


@dataclass(slots=True)
class _Step:
    """An entry of a transaction, understood."""

    number: int
    entry: Entry
    change: Change
    condition: Query | None = None
    existing: str | None = None  # what the condition found


@dataclass
class Transaction:
    """All entries or none (https://hl7.org/fhir/R4/http.html#trules), in one statement."""

    caller: Caller
    bundle: Bundle
    base: str
    steps: list[_Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.steps = [self.understand(n, entry) for n, entry in enumerate(self.bundle.entry)]
        seen: set[tuple[str, str]] = set()
        for step in self.steps:
            which = (step.change.type, step.change.fhir_id)
            if which in seen:
                said = _("An instance may come once in a transaction.")
                raise Malformed(said, path=step.change.place)
            seen.add(which)

    @property
    def needs_transaction(self) -> bool:
        """One statement is a transaction by itself; people and conditions make it several."""
        return any(step.condition or step.change.type == "Patient" for step in self.steps)

    def made(self) -> Iterator[tuple[str, Any, str]]:
        """Type, value and place of what may become a new instance."""
        for step in self.steps:
            new = step.change.method == Version.Method.CREATE or step.change.rid < 0
            if new and step.entry.value is not None:
                yield step.change.type, step.entry.value, step.change.place

    def conditional(self) -> Iterator[tuple[str, str]]:
        """Type and place of what is created only where it is not there yet."""
        for step in self.steps:
            if step.condition:
                yield step.change.type, step.change.place

    def understand(self, number: int, entry: Entry) -> _Step:
        place = f"Bundle.entry[{number}]"
        method, url = entry.request.method, entry.request.url
        if method not in METHODS:
            said = _("{method} is not supported in a transaction.").format(method=method)
            raise NotSupported(said, path=f"{place}.request.method")
        name, _slash, fhir_id = url.strip("/").partition("/")
        if method == "POST" and not fhir_id:
            fhir_id = str(new_id())
        if "?" in url or name not in TYPE_NUMBER or not ID(fhir_id):
            said = _("The address {url} is not supported in a transaction.").format(url=url[:80])
            raise NotSupported(said, path=f"{place}.request.url")
        access.require_scope(self.caller, name, METHODS[method])
        if method != "DELETE" and not bytes(entry.resource):
            text_ = _("This element is required.")
            raise Unfit([Issue(f"{place}.resource", "required", text_)])
        change = Change(
            {"POST": Version.Method.CREATE, "PUT": Version.Method.UPDATE}.get(
                method, Version.Method.DELETE
            ),
            name,
            fhir_id,
            if_match=self.version(entry, place),
            place=f"{place}.resource",
        )
        step = _Step(number, entry, change)
        if method == "POST" and entry.request.ifNoneExist:
            pairs = parsing.pairs_of(
                entry.request.ifNoneExist.partition("?")[2] or entry.request.ifNoneExist
            )
            step.condition = parsing.parse(name, pairs, base=self.base)
        return step

    def version(self, entry: Entry, place: str) -> int | None:
        if not entry.request.ifMatch:
            return None
        match = ETAG(entry.request.ifMatch.strip())
        if match is None:
            said = _('A version is named like this: W/"3".')
            raise Malformed(said, path=f"{place}.request.ifMatch")
        return int(match[1])

    def work(self, *, lock: bool) -> Work[list[bytes]]:
        """The lines of the response, in the order of the request."""
        conditions = [step.condition for step in self.steps if step.condition]
        if conditions:
            yield from conditional.lock(conditions)
            for step in self.steps:
                if step.condition:
                    step.existing = yield from conditional.existing(self.caller, step.condition)
        known = {
            step.entry.fullUrl.encode(): self.literal(step).encode()
            for step in self.steps
            if step.entry.fullUrl
        }
        written = [step for step in self.steps if step.existing is None]
        for step in written:
            raw = bytes(step.entry.resource)
            step.change.raw = text.resolve_urns(raw, known)
            step.change.resource = step.entry.value if step.change.raw is raw else None
        # DELETE, POST, PUT: each kind before the next, as the standard orders them
        order = {Version.Method.DELETE: 0, Version.Method.CREATE: 1, Version.Method.UPDATE: 2}
        written.sort(key=lambda step: order[step.change.method])
        rows = yield from apply(self.caller, [step.change for step in written], Plan(lock=lock))
        lines = {
            step.number: response_line(row.deleted, row.type, row.fhir_id, row.version, row.updated)
            if row
            else b'{"response":{"status":"204 No Content"}}'
            for step, row in zip(written, rows, strict=True)
        }
        for step in self.steps:
            if step.existing is not None:
                here = f"{step.change.type}/{step.existing}"
                lines[step.number] = text.encode(
                    {"response": {"status": "200 OK", "location": here}}
                )
        return [lines[number] for number in range(len(self.steps))]

    def literal(self, step: _Step) -> str:
        return f"{step.change.type}/{step.existing or step.change.fhir_id}"


def response_line(deleted: bool, name: str, fhir_id: str, version: int, updated: datetime) -> bytes:
    status = "204 No Content" if deleted else "201 Created" if version == 1 else "200 OK"
    return (
        f'{{"response":{{"status":"{status}","location":"{name}/{fhir_id}/_history/{version}",'
        f'"etag":"W/\\"{version}\\"","lastModified":"{text.instant(updated)}"}}}}'
    ).encode()


def batch_line(status: int, headers: dict[str, str], body: bytes) -> bytes:
    response: dict[str, Any] = {"status": str(status)}
    for name, key in (("Location", "location"), ("ETag", "etag")):
        if name in headers:
            response[key] = headers[name]
    if status >= 400:
        return b'{"response":{"status":"%d","outcome":%s}}' % (status, body)
    resource = b'"resource":%s,' % body if body else b""
    return b'{%s"response":%s}' % (resource, text.encode(response))


def responses(kind: str, lines: list[bytes]) -> bytes:
    return b'{"resourceType":"Bundle","type":"%s"%s}' % (kind.encode(), _entries(lines))


def _entries(lines: list[bytes]) -> bytes:
    """An array may not be empty, so an empty one is left out."""
    return b',"entry":[%s]' % b",".join(lines) if lines else b""


def searchset(base: str, query: Query, found: Found, pairs: Pairs) -> bytes:
    """Links name what was really searched for; what a lenient search left out is reported."""
    here = f"{base}/{query.type}"
    used = _written(query.used)
    links = [{"relation": "self", "url": f"{here}?{used}".rstrip("?")}]
    if found.next_page:
        rest = [pair for pair in pairs if pair[0] != "_page"]
        again = used if rest == query.used else _written(rest)
        more = f"{again}&" if again else ""
        links.append({"relation": "next", "url": f"{here}?{more}_page={found.next_page}"})
    lines = [_line(here.encode(), body, b"match") for body in found.bodies]
    for name, _id, body in found.included:
        lines.append(_line(f"{base}/{name}".encode(), body, b"include"))
    if query.ignored:
        said = _("These parameters are not known and were ignored: {names}.")
        issue = outcomes.issue(
            "not-supported", said.format(names=", ".join(query.ignored)[:400]), severity="warning"
        )
        outcome = text.encode(outcomes.outcome(issue))
        lines.append(b'{"resource":%s,"search":{"mode":"outcome"}}' % outcome)
    total = b',"total":%d' % found.total if found.total is not None else b""
    return b'{"resourceType":"Bundle","type":"searchset"%s,"link":%s%s}' % (
        total,
        text.encode(links),
        _entries(lines),
    )


# What is written as it is, nearly always; to escape it costs more than a link's whole text.
UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch


def _written(pairs: Pairs) -> str:
    """Parameters as a query string."""
    words = [[word if UNRESERVED(word) else quote_plus(word) for word in pair] for pair in pairs]
    return "&".join(map("=".join, words))


# Our own texts begin with the type and the id, in this order.
IDENTITY = re.compile(rb'\{"resourceType":"[A-Za-z]+","id":"([A-Za-z0-9\-.]{1,64})"').match


def _line(here: bytes, body: bytes, mode: bytes) -> bytes:
    """`here` is a checked host, a type and nothing that JSON would want escaped."""
    match = IDENTITY(body)
    url = b"%s/%s" % (here, match[1]) if match else here
    return b'{"fullUrl":"%s","resource":%s,"search":{"mode":"%s"}}' % (url, body, mode)


def history(base: str, name: str, fhir_id: str, versions: list[Stored], limit: int) -> bytes:
    here = f"{base}/{name}/{fhir_id}"
    links = [{"relation": "self", "url": f"{here}/_history"}]
    page = versions[:limit]
    if len(versions) > limit:
        more = f"_count={limit}&_before={page[-1].version}"
        links.append({"relation": "next", "url": f"{here}/_history?{more}"})
    lines = [_history_line(base, name, fhir_id, version) for version in page]
    return b'{"resourceType":"Bundle","type":"history","link":%s%s}' % (
        text.encode(links),
        _entries(lines),
    )


def _history_line(base: str, name: str, fhir_id: str, version: Stored) -> bytes:
    methods = {
        Version.Method.CREATE: ("POST", name),
        Version.Method.DELETE: ("DELETE", f"{name}/{fhir_id}"),
    }
    method, url = methods.get(Version.Method(version.method), ("PUT", f"{name}/{fhir_id}"))
    resource = b"" if version.deleted else b'"resource":%s,' % version.body
    response = response_line(version.deleted, name, fhir_id, version.version, version.updated)
    return b'{"fullUrl":%s,%s"request":%s,%s' % (
        text.encode(f"{base}/{name}/{fhir_id}"),
        resource,
        text.encode({"method": method, "url": url}),
        response[1:],
    )
