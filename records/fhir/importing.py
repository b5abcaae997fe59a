"""Files of FHIR JSON for the import: bundles, NDJSON or single resources."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from records.fhir import text
from records.fhir.callers import Caller
from records.fhir.definitions import TYPE_NUMBER
from records.fhir.models import Version
from records.fhir.search.parsing import ID
from records.fhir.store.rows import Unfit
from records.fhir.work import run_here
from records.fhir.writing import Change, Plan, apply
from telemed.core.errors import DomainError, Malformed
from telemed.core.intentions import require_intention

URN = "urn:uuid:"


class Entry(msgspec.Struct):
    fullUrl: str = ""  # noqa: N815  FHIR's name
    resource: msgspec.Raw = msgspec.Raw(b"")


class Bundle(msgspec.Struct):
    entry: list[Entry] = []


@dataclass
class Report:
    """What an import did, by type, and what it refused and why."""

    stored: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)  # resource, reason

    def add(self, other: "Report") -> None:
        self.stored += other.stored
        self.unchanged += other.unchanged
        self.refused += other.refused


def changes_of(path: Path) -> Iterator[Change | tuple[str, str]]:
    """
    Each resource of a file as an update of its own id, so that importing twice changes nothing.

    References by urn:uuid between the entries are resolved. What has no usable id or type comes
    as (resource, reason). Raises Malformed for a file that can't be read at all.
    """
    entries = list(_entries(path))
    known: dict[bytes, bytes] = {}
    found: list[tuple[str, str, bytes] | tuple[str, str]] = []
    for number, entry in enumerate(entries):
        raw = bytes(entry.resource)
        try:
            name, fhir_id = _identity(raw, entry.fullUrl)
        except DomainError as error:
            found.append((f"{path.name}[{number}]", error.message))
            continue
        if entry.fullUrl.startswith(URN):
            known[entry.fullUrl.encode()] = f"{name}/{fhir_id}".encode()
        found.append((name, fhir_id, raw))
    for item in found:
        if len(item) == 2:
            yield item
        else:
            name, fhir_id, raw = item
            yield Change(Version.Method.UPDATE, name, fhir_id, text.resolve_urns(raw, known))


def _entries(path: Path) -> Iterator[Entry]:
    raw = path.read_bytes()
    if path.suffix == ".ndjson":
        lines = (line for line in raw.splitlines() if line.strip())
        yield from (Entry(resource=msgspec.Raw(line)) for line in lines)
        return
    whole = text.decode(raw)
    if not isinstance(whole, dict) or whole.get("resourceType") != "Bundle":
        yield Entry(resource=msgspec.Raw(raw))
        return
    try:
        yield from msgspec.json.decode(raw, type=Bundle).entry
    except msgspec.ValidationError as error:
        raise Malformed(_("This is no bundle: {why}.").format(why=str(error)[:120])) from None


def _identity(raw: bytes, full_url: str) -> tuple[str, str]:
    resource: Any = text.decode(raw) if raw else None
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(name, str) or name not in TYPE_NUMBER:
        said = _("There is no resource type {type} in R4.").format(type=repr(name)[:80])
        raise Malformed(said)
    fhir_id = resource.get("id") or full_url.removeprefix(URN)
    if not isinstance(fhir_id, str) or not ID(fhir_id):
        raise Malformed(_("This is not a valid id."))
    return name, fhir_id


def store(caller: Caller, changes: list[Change | tuple[str, str]]) -> Report:
    """
    Write what is fit, in the open intention; the report says what was not, and why.

    A refused resource does not hold back the others.
    """
    require_intention()
    report = Report()
    fit: dict[str, Change] = {}
    for change in changes:
        if isinstance(change, tuple):
            report.refused.append(change)
        elif change.path in fit:
            report.refused.append((change.path, _("It comes twice in one file.")))
        else:
            change.raw = _with_id(change)
            fit[change.path] = change
    plan = Plan(lock=True, skip_same=True, refused=[])
    rows = run_here(apply(caller, list(fit.values()), plan)) if fit else []
    refused = {change.path: error for change, error in plan.refused or ()}
    for change, row in zip(fit.values(), rows, strict=True):
        if change.path in refused:
            report.refused.append((change.path, _reason(refused[change.path])))
        else:
            (report.stored if row else report.unchanged)[change.type] += 1
    return report


def _with_id(change: Change) -> bytes:
    """The text with the id it is stored under: a bundle's entry may have only a fullUrl."""
    values = msgspec.json.decode(change.raw, type=dict[str, msgspec.Raw])
    if "id" in values:
        return change.raw
    return text.encode({**values, "id": change.fhir_id})


def _reason(error: DomainError) -> str:
    if not isinstance(error, Unfit):
        return error.message
    path, _code, said = error.issues[0]
    return f"{path}: {said}"
