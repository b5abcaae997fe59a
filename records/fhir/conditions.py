"""
If-None-Exist on what a slice makes: whether this caller has made it before, by the criteria that
the slice knows (https://hl7.org/fhir/R4/http.html#ccreate).

Only what the caller itself made is looked at: the numbers of two systems may coincide.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from records.fhir.outcomes import Ambiguous, NotSupported
from records.fhir.search.parsing import Pairs, pairs_of
from telemed.core.errors import Malformed

Criteria = Mapping[str, Callable[[str], Q]]


def parse(name: str, written: str) -> Pairs:
    """Raises Malformed where nothing is asked."""
    pairs = pairs_of(re.sub(r"^[A-Za-z]*\?", "", written.strip()))
    if not pairs:
        raise Malformed(_("A condition needs an identifier or another exact token."), path=name)
    return pairs


def the_one(name: str, rows: QuerySet[Any], criteria: Criteria, asked: Pairs) -> str | None:
    """The id of the one of these rows that fits. Raises Ambiguous for several."""
    for parameter, value in asked:
        criterion = criteria.get(parameter)
        if criterion is None:
            said = _("If-None-Exist on {type} here knows: {known}.")
            said = said.format(type=name, known=", ".join(criteria))
            raise NotSupported(said, path=f"{name}?{parameter[:60]}")
        rows = rows.filter(criterion(value))
    found = list(rows.order_by("pk").values_list("pk", flat=True)[:2])
    if len(found) > 1:
        raise Ambiguous(_("Several instances fit the condition."), path=name)
    return str(found[0]) if found else None


def identifier(value: str) -> Q:
    """Whole, as "system|value": a part of it would fit what somebody else means."""
    system, bar, number = value.partition("|")
    if not (bar and system and number):
        said = _("The condition is one identifier, written system|value.")
        raise Malformed(said, path="identifier")
    return Q(identifier=value)


def reference(field: str, kind: str) -> Callable[[str], Q]:
    """To one of ours, by its id with or without the type; anything else fits nothing."""

    def criterion(value: str) -> Q:
        try:
            return Q(**{field: UUID(value.rstrip("/").rpartition(f"{kind}/")[2])})
        except ValueError:
            return Q(pk__in=[])

    return criterion
