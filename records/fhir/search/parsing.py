"""From the parameters of a request to a Query. Unknown ones are refused, or reported."""

import re
from dataclasses import replace
from functools import cache
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from records.fhir import keys
from records.fhir.definitions import (
    TYPE_NUMBER,
    Parameter,
    definitions,
    parameters,
    patient_parameters,
)
from records.fhir.extraction.paths import is_hot
from records.fhir.outcomes import NotSupported
from records.fhir.search import cursors, people, values
from records.fhir.search.clauses import (
    Clause,
    Link,
    Query,
    beside,
    either,
    has_no_tokens,
    has_tokens,
    is_missing,
)
from records.fhir.store.rows import main_date
from telemed.core.errors import Malformed

Pairs = list[tuple[str, str]]
LARGEST_PAGE = 1000
VALUES = 200  # alternatives in one parameter
IGNORED = {"_format", "_pretty"}  # about the answer's form; the door has seen to them
LITERAL = re.compile(r"(?:(https?://\S+)/)?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})").fullmatch
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}").fullmatch
MODIFIERS = {
    "token": {"", "not", "of-type"},
    "string": {"", "exact", "contains"},
    "uri": {"", "below"},
    "date": {""},
    "number": {""},
    "quantity": {""},
}


class Unknown(NotSupported):
    """There is no such parameter; a lenient caller wants it left out."""


def pairs_of(query_string: str) -> Pairs:
    try:
        pairs = parse_qsl(query_string, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise Malformed(_("Too many parameters.")) from None
    if any("\x00" in part for pair in pairs for part in pair):
        raise Malformed(_("The null character (\\u0000) cannot be searched for."))
    return pairs


def parse(resource_type: str, pairs: Pairs, *, base: str, lenient: bool = False) -> Query:
    """Raises Malformed for values that can't be read, NotSupported for what is not done here."""
    query = Query(resource_type)
    for name, text in pairs:
        try:
            if name in IGNORED or _control(query, name, text, pairs) or not text:
                continue
            _add(query, name, text, base)
        except Unknown:
            if not lenient:
                raise
            query.ignored.append(name)
            continue
        query.used.append((name, text))
    _order(query)
    return query


def _order(query: Query) -> None:
    """Nobody asked for one: what only the time of a change can find comes in that order."""
    asked = any(name == "_sort" for name, _text in query.used)
    driven = query.links or any(clause.finds for clause in query.clauses)
    spans = {clause.within[0] for clause in query.clauses if clause.within}
    if not asked and not driven and spans == {"updated"}:
        query.column = "updated"


def _control(query: Query, name: str, text: str, pairs: Pairs) -> bool:
    """Parameters about the result; false for a criterion."""
    match name.partition(":")[0]:
        case "_count":
            if not text.isascii() or not text.isdecimal():
                raise Malformed(_("_count is a whole number."), path="_count")
            query.count = min(int(text[:9]), LARGEST_PAGE)
            query.only_count = query.only_count or query.count == 0
        case "_sort":
            _sort(query, text)
        case "_summary":
            if text not in ("count", "false"):
                raise NotSupported(_("_summary can be count or false."), path="_summary")
            query.only_count = query.only_count or text == "count"
        case "_total":
            query.total = text == "accurate"
        case "_include" | "_revinclude":
            _include(query, name, text)
        case "_page":
            query.after = cursors.read(text, query.type, pairs)
            return True  # and not part of the self link's criteria
        case _:
            return False
    query.used.append((name, text))
    return True


def _sort(query: Query, text: str) -> None:
    name = text.removeprefix("-")
    if name == "_lastUpdated":
        query.column = "updated"
    elif name == main_date(query.type):
        query.column = "at"
    else:
        ours = " ".join(filter(None, [main_date(query.type), "_lastUpdated"]))
        said = _("{type} can be sorted by: {names}.").format(type=query.type, names=ours)
        raise NotSupported(said, path="_sort")
    query.descending = text.startswith("-")


def _include(query: Query, name: str, text: str) -> None:
    parts = text.split(":")
    source, wanted = parts[0], parts[1] if len(parts) > 1 else ""
    reference = source in TYPE_NUMBER and parameters(source).get(wanted)
    if ":" in name or not 2 <= len(parts) <= 3 or not reference or reference.kind != "reference":
        said = _("{value} is no reference that can be included.").format(value=text[:80])
        raise NotSupported(said, path=name)
    if name == "_revinclude":
        query.reverse.append((source, wanted))
    elif source != query.type:
        raise NotSupported(_("An _include starts at the type searched for."), path=name)
    else:
        query.includes.append((source, wanted, parts[2] if len(parts) == 3 else None))


def _add(query: Query, name: str, text: str, base: str) -> None:
    if name.startswith("_has:"):
        query.links.append(_reverse(query, name, text, base))
    elif "." in name:
        query.links.append(_chain(query, name, text, base))
    else:
        query.clauses.append(_clause(query.type, name, text, base))


def _chain(query: Query, name: str, text: str, base: str) -> Link:
    """`subject:Patient.name=…`; without a type, every target that knows the parameter."""
    head, _dot, rest = name.partition(".")
    code, _colon, only = head.partition(":")
    parameter = _parameter(query.type, code, name)
    if parameter.kind != "reference" or "." in rest or rest.startswith("_has"):
        raise NotSupported(_("A chain has one link: reference.parameter."), path=name)
    targets = [only] if only else sorted(targets_of(parameter))
    known = rest.partition(":")[0]
    fitting = [t for t in targets if t in TYPE_NUMBER and _is_known(t, known)]
    if not fitting:
        raise Unknown(_("There is no search parameter {name}.").format(name=name[:80]), path=name)
    queries = tuple(parse(target, [(rest, text)], base=base) for target in fitting)
    return Link(reverse=False, parameter=code, queries=queries)


def _reverse(query: Query, name: str, text: str, base: str) -> Link:
    """`_has:Observation:patient:code=…`."""
    parts = name.split(":", 3)
    if len(parts) != 4 or parts[1] not in TYPE_NUMBER or "." in parts[3]:
        raise NotSupported(_("_has is _has:Type:reference:parameter."), path=name)
    parameter = _parameter(parts[1], parts[2], name)
    if parameter.kind != "reference" or parts[3].startswith("_has"):
        raise NotSupported(_("_has is _has:Type:reference:parameter."), path=name)
    inner = parse(parts[1], [(parts[3], text)], base=base)
    return Link(reverse=True, parameter=parts[2], queries=(inner,))


def _is_known(resource_type: str, name: str) -> bool:
    return name in parameters(resource_type) or name in ("_id", "_lastUpdated")


def _parameter(resource_type: str, name: str, whole: str) -> Parameter:
    parameter = parameters(resource_type).get(name)
    if parameter is None:
        said = _("{type} has no search parameter {name}.")
        raise Unknown(said.format(type=resource_type, name=name[:80]), path=whole[:80])
    return parameter


def _clause(resource_type: str, name: str, text: str, base: str) -> Clause:
    code, _colon, modifier = name.partition(":")
    alternatives = values.split(text, ",")
    if len(alternatives) > VALUES:
        raise Malformed(_("Too many alternatives in one parameter."), path=name)
    if code == "_id" and not modifier:
        return _by_id(resource_type, alternatives)
    if code == "_lastUpdated" and not modifier:
        return _by_change(alternatives)
    parameter = _parameter(resource_type, code, name)
    if modifier == "missing":
        if text not in ("true", "false"):
            raise Malformed(_(":missing is true or false."), path=name)
        return Clause(check=is_missing(parameter.bit, text == "true"))
    if parameter.kind == "reference":
        return _reference(resource_type, parameter, modifier, alternatives, base)
    if modifier not in MODIFIERS[parameter.kind]:
        said = _("The modifier :{modifier} is not supported for {name}.")
        raise NotSupported(said.format(modifier=modifier[:40], name=code), path=name)
    try:
        return BUILDERS[parameter.kind](resource_type, parameter, modifier, alternatives)
    except Malformed as error:
        error.path = name
        raise


def _by_id(resource_type: str, ids: list[str]) -> Clause:
    known = tuple(i for i in ids if ID(i))
    rids = tuple(keys.rid_of(resource_type, i) for i in known)
    return Clause(
        check=lambda a, bind: (
            f"({a}.rid = any({bind(list(rids), 'int8[]')})"
            f" and {a}.fhir_id = any({bind(list(known), 'text[]')}))"
        ),
        ids=rids,
    )


def _by_change(texts: list[str]) -> Clause:
    check = either([values.last_updated(text) for text in texts])
    part = values.updated_within(texts[0]) if len(texts) == 1 else None
    return Clause(check=check, within=("updated", part) if part else None)


def _token(t: str, parameter: Parameter, modifier: str, texts: list[str]) -> Clause:
    key = keys.parameter(t, parameter.name)
    form = values.token_of_type if modifier == "of-type" else values.token
    tokens = tuple(form(key, text) for text in texts)
    if modifier == "not":
        return Clause(check=has_no_tokens(tokens))
    if is_closed(t, parameter.name):
        return Clause(check=has_tokens(tokens))
    hot = None
    if is_hot(t, parameter.name) and len(texts) == 1 and not modifier:
        code = values.plain(values.split(texts[0], "|")[-1])
        hot = keys.in_any_system(key, code) if code else None
    once = parameter.name == "identifier" and hot is not None
    found = Clause(check=has_tokens(tokens), tokens=tokens, hot=hot, once=once)
    if t == "Patient" and parameter.name == "identifier" and not modifier:
        return _person(found, key, texts)
    return found


def _person(clause: Clause, key: int, texts: list[str]) -> Clause:
    """The same, of people: an identity number is not in every text."""
    sealed = people.hashes_of(texts)
    if not sealed:
        return clause
    codes = [values.plain(values.split(text, "|")[-1]) for text in texts]
    hots = tuple(keys.in_any_system(key, code) for code in codes)
    return replace(clause, sealed=sealed, hots=hots)


@cache
def is_closed(resource_type: str, name: str) -> bool:
    """Few codes that many share (status, gender): worth a check, never worth finding by."""
    children = definitions()[resource_type].children[""]
    roots = {path[0] for path in parameters(resource_type)[name].paths}
    codes = [set(e.codes()) for e in children if e.name in roots]
    return not is_hot(resource_type, name) and all(c <= {"code", "boolean"} for c in codes)


def _string(t: str, parameter: Parameter, modifier: str, texts: list[str]) -> Clause:
    key = keys.parameter(t, parameter.name)
    condition = either([values.string(text, modifier) for text in texts])

    def rows(x: str, bind: values.Binder) -> str:
        return f"{x}.key = {bind(key, 'int8')} and {condition(x, bind)}"

    finds = modifier != "contains" and len(texts) == 1
    check = beside("fhir_string", key, condition)
    return Clause(check=check, strings=rows if finds else None)


def _uri(t: str, parameter: Parameter, modifier: str, texts: list[str]) -> Clause:
    key = keys.parameter(t, parameter.name)
    if modifier == "below":
        condition = either([values.uri_below(text) for text in texts])
        return Clause(check=beside("fhir_string", key, condition))
    tokens = tuple(keys.uri(key, values.plain(text)) for text in texts)
    return Clause(check=has_tokens(tokens), tokens=tokens)


def _date(t: str, parameter: Parameter, modifier: str, texts: list[str]) -> Clause:
    if parameter.name != main_date(t):
        key = keys.parameter(t, parameter.name)
        spans = either([values.date(text, "{alias}.lo", "{alias}.hi") for text in texts])
        return Clause(check=beside("fhir_date", key, spans))
    spans = either([values.date(text, "{alias}.at", "{alias}.hi") for text in texts])
    part = values.lower_end(texts[0], "{alias}.at") if len(texts) == 1 else None
    return Clause(
        check=lambda a, bind: f"({a}.hi is not null and {spans(a, bind)})",
        within=("at", part) if part else None,
    )


def _number(t: str, parameter: Parameter, modifier: str, texts: list[str]) -> Clause:
    form = values.quantity if parameter.kind == "quantity" else values.number
    condition = either([form(text) for text in texts])
    return Clause(check=beside("fhir_number", keys.parameter(t, parameter.name), condition))


BUILDERS = {
    "token": _token,
    "string": _string,
    "uri": _uri,
    "date": _date,
    "number": _number,
    "quantity": _number,
}


def _reference(t: str, parameter: Parameter, modifier: str, texts: list[str], base: str) -> Clause:
    key = keys.parameter(t, parameter.name)
    if modifier == "identifier":
        named = tuple(values.token(keys.by_identifier(key), text) for text in texts)
        return Clause(check=has_tokens(named), tokens=named)
    if modifier and modifier not in TYPE_NUMBER:
        said = _("The modifier :{modifier} is not supported for {name}.")
        raise NotSupported(said.format(modifier=modifier[:40], name=parameter.name))
    targets = [modifier] if modifier else sorted(targets_of(parameter))
    pointed: list[tuple[str, str]] = []
    tokens: list[int] = []
    for text in (values.plain(text) for text in texts):
        literal = LITERAL(text)
        if literal and literal[1] in (None, base):
            pointed.append((literal[2], literal[3]))
        elif not literal and ID(text):
            pointed += [(target, text) for target in targets]
        else:
            tokens.append(keys.uri(key, text))
    rids = [(target, keys.rid_of(target, fhir_id)) for target, fhir_id in pointed]
    found = (*tokens, *(rid ^ key for _target, rid in rids))
    patients = tuple(rid for target, rid in rids if target == "Patient")
    if len(patients) == len(texts) == len(rids) and parameter.name in column_parameters(t):
        return Clause(check=has_tokens(found), patients=patients)
    return Clause(check=has_tokens(found), tokens=found)


def targets_of(parameter: Parameter) -> frozenset[str]:
    """`where(resolve() is Patient)` says more than the list of targets."""
    limits = [{step[3:] for step in path if step.startswith("is:")} for path in parameter.paths]
    return frozenset[str]().union(*limits) if all(limits) else parameter.targets


@cache
def column_parameters(resource_type: str) -> frozenset[str]:
    """The reference parameters whose patient stands in the row itself: one element, one value."""
    names = patient_parameters(resource_type)
    known = parameters(resource_type)
    children = definitions()[resource_type].children[""]
    roots = {name: {path[0] for path in known[name].paths} for name in names}
    if not names or len(roots[names[0]]) != 1:
        return frozenset()
    (first,) = roots[names[0]]
    if any(element.many for element in children if element.name == first):
        return frozenset()
    same = (n for n in names if roots[n] == {first} and len(_plain_path(known[n])) == 1)
    return frozenset(same)


def _plain_path(parameter: Parameter) -> list[str]:
    return [step for step in parameter.paths[0] if ":" not in step]
