"""Periods as the world sees them: FHIR Slot, looked up in our own tables by each search."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from records.fhir import text
from records.fhir.callers import Caller
from records.fhir.projecting import Projection
from records.fhir.search import Found, cursors, values
from records.fhir.search.clauses import Binder, Query
from records.fhir.search.parsing import Pairs
from records.fhir.trace import OF_ONE, Trace
from records.fhir.work import Ask, Work, run_here
from scheduling.availability.fhir import CAPACITY, FREE, KIND, identified
from scheduling.availability.models import Kind
from telemed.core.errors import Malformed
from telemed.core.publication import Json
from telemed.organisations.models import Specialty
from telemed.people.fhir import SPECIALTY

STATUSES = ("free", "busy", "busy-unavailable")
CONTROLS = ("_count", "_sort", "_summary", "_total", "_page")
# What is planned is nobody's business before it is published, but for the system that keeps it.
PERIODS = """select p.id, p.starts_at, p.ends_at, p.capacity, p.session_id,
 case when p.state = 'open' then case when c.free > 0 then 'free' else 'busy' end
 else 'busy-unavailable' end as status, c.free, s.kind, s.service, d.specialty,
 p.identifier from availability_period p join availability_session s on s.id = p.session_id
 join organisations_department d on d.id = p.department_id
 cross join lateral (select coalesce(sum(q.places - q.taken), 0)::int4 as free
 from availability_periodpool q where q.period_id = p.id) c"""
ROWS = f"{PERIODS} where p.state <> 'planned'"
OWN = f"{PERIODS} where p.id = %(id)b::uuid"
PAGE = f"""with page as materialized (select * from ({{rows}}) x{{where}}
 order by starts_at{{way}}, id{{way}} limit {{limit}}),
about as (select null::int8 as patient),
{OF_ONE}
select * from page order by starts_at{{way}}, id{{way}}"""
COUNT = f"""with page as materialized (select * from ({{rows}}) x{{where}}),
about as (select null::int8 as patient),
{OF_ONE}
select count(*) from page"""
Criterion = Callable[[str, Binder], str]


def read(caller: Caller, slot_id: str) -> Work[bytes | None]:
    """One that is ours, whatever its state; no versions are kept."""
    period = _uuid(slot_id)
    if period is None:
        return None
    sql = PAGE.format(rows=f"{ROWS} and p.id = %(id)b::uuid", where="", way="", limit=1)
    trace = Trace(caller=caller).of_one("fhir.read", f"Slot/{slot_id}")
    rows = yield Ask(sql, {**trace, "id": period})
    return _body(rows[0]) if rows else None


def of_period(period_id: UUID) -> Json:
    """For whoever keeps it, in the intention that did: planned or not."""
    (row,) = run_here(_ask(period_id))
    with translation.override(settings.LANGUAGE_CODE):
        return _slot(row)


def _ask(period_id: UUID) -> Work[list[tuple[Any, ...]]]:
    rows = yield Ask(OWN, {"id": period_id})
    return rows


def search(caller: Caller, query: Query, pairs: Pairs) -> Work[Found | None]:
    """By status, schedule, start and _id; the soonest first, unless -start is asked for."""
    asked = [(name, value) for name, value in query.used if name not in CONTROLS]
    if any(name not in CRITERIA for name, _value in asked):
        return None
    bind = Binder()
    where = [CRITERIA[name](value)("x", bind) for name, value in asked]
    names = ",".join(sorted({name for name, _value in asked}))
    trace = Trace(caller=caller).of_one("fhir.search", f"Slot?{names}"[:120])
    found = Found()
    if query.only_count or query.total:
        sql = COUNT.format(rows=ROWS, where=_where(where))
        ((found.total,),) = yield Ask(sql, {**trace, **bind.values})
    if query.only_count:
        return found if found.total else None
    descending = ("_sort", "-start") in query.used
    if query.after:
        at, number = query.after
        mark = f"({bind(at, 'timestamptz')}, {bind(UUID(int=number), 'uuid')})"
        where.append(f"(x.starts_at, x.id) {'<' if descending else '>'} {mark}")
    # Of a few sessions or ids all are looked up and sorted; else the order of time is walked. The
    # planner, which may not sort on the door's connections, would always walk.
    few = any(name in FEW for name, _value in asked)
    rows_of = f"select * from ({ROWS}) x{_where(where)} offset 0" if few else ROWS
    sql = PAGE.format(
        rows=rows_of,
        where="" if few else _where(where),
        way=" desc" if descending else "",
        limit=query.count + 1,
    )
    trace = Trace(caller=caller).of_one("fhir.search", f"Slot?{names}"[:120])
    rows = yield Ask(sql, {**trace, **bind.values})
    if not rows:
        return None
    page = rows[: query.count]
    if len(rows) > query.count:
        found.next_page = cursors.write(page[-1][1], page[-1][0].int, "Slot", pairs)
    found.bodies = [_body(row) for row in page]
    return found


def _where(conditions: list[str]) -> str:
    return f" where {' and '.join(conditions)}" if conditions else ""


def _status(value: str) -> Criterion:
    """One of several, with or without the system of the code."""
    wanted = [values.plain(one).rpartition("|")[2] for one in values.split(value, ",")]
    if unknown := [one for one in wanted if one not in STATUSES]:
        sentence = _("{value} is no status of a slot here; there are: {known}.")
        raise Malformed(
            sentence.format(value=unknown[0][:40], known=", ".join(STATUSES)), path="status"
        )
    return lambda x, bind: _any(f"{x}.status = {bind(one, 'text')}" for one in wanted)


def _schedule(value: str) -> Criterion:
    ids = [_uuid(one.rpartition("/")[2]) for one in values.split(value, ",")]
    known = [one for one in ids if one]
    return lambda x, bind: _any(f"{x}.session_id = {bind(one, 'uuid')}" for one in known)


def _start(value: str) -> Criterion:
    dates = [
        values.date(one, "{alias}.starts_at", "({alias}.starts_at + interval '1 millisecond')")
        for one in values.split(value, ",")
    ]
    # What it means for the beginning alone, which is the order of an index, is said once more.
    ends = [values.moment_within(one, "{alias}.starts_at") for one in values.split(value, ",")]
    end = ends[0] if len(ends) == 1 else None
    if end is not None:
        date = dates[0]
        return lambda x, bind: f"({date(x, bind)} and {end(x, bind)})"
    return lambda x, bind: _any(date(x, bind) for date in dates)


def _id(value: str) -> Criterion:
    known = [one for one in map(_uuid, values.split(value, ",")) if one]
    return lambda x, bind: _any(f"{x}.id = {bind(one, 'uuid')}" for one in known)


CRITERIA: dict[str, Callable[[str], Criterion]] = {
    "status": _status,
    "schedule": _schedule,
    "schedule:Schedule": _schedule,
    "start": _start,
    "_id": _id,
}


FEW = ("schedule", "schedule:Schedule", "_id")


def _any(conditions: Iterator[str]) -> str:
    return f"({' or '.join(conditions) or 'false'})"


def _uuid(text_id: str) -> UUID | None:
    try:
        return UUID(text_id)
    except ValueError:
        return None


def _body(row: tuple[Any, ...]) -> bytes:
    with translation.override(settings.LANGUAGE_CODE):
        return text.encode(_slot(row))


def _slot(row: tuple[Any, ...]) -> Json:
    period, starts_at, ends_at, capacity, session, status, free, *what = row
    kind, service, specialty, identifier = (_text(value) for value in what)
    return {
        "resourceType": "Slot",
        "id": str(period),
        **identified(identifier),
        "extension": [
            {"url": CAPACITY, "valueInteger": capacity},
            {"url": FREE, "valueInteger": free if _text(status) == "free" else 0},
        ],
        "serviceCategory": [_concept(KIND, kind, str(Kind(kind).label))],
        **({"serviceType": [{"text": service}]} if service else {}),
        "specialty": [_concept(SPECIALTY, specialty, str(Specialty(specialty).label))],
        "schedule": {"reference": f"Schedule/{session}"},
        "status": _text(status),
        "start": starts_at.isoformat(),
        "end": ends_at.isoformat(),
    }


def _text(value: bytes | str) -> str:
    """The store's connections give text as bytes."""
    return value.decode() if isinstance(value, bytes) else value


def _concept(system: str, code: str, said: str) -> Json:
    return {"coding": [{"system": system, "code": code}], "text": said}


SLOT = Projection(read=read, search=search)
