"""The two forms of a copy: a FHIR document for systems, a page for people."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from consult.archive import further
from consult.archive.attached import Attached, references_to
from consult.archive.cover import cover
from consult.archive.queries import steps_of
from consult.archive.said import communication, said_in
from consult.opinions.fhir import OPINION
from consult.opinions.panels import stated
from consult.requests import fhir as cases
from consult.requests import words
from consult.requests.models import Case, Step
from telemed.core.publication import Mapping, as_json

Json = dict[str, Any]


def digest_of(bundle: str, page: str) -> str:
    """SHA-256 over both forms, the first ended by a zero byte."""
    return hashlib.sha256(bundle.encode() + b"\0" + page.encode()).hexdigest()


def bundle_of(case: Case, version: int, attached: list[Attached]) -> str:
    """
    Bundle of type document: what is in it, the opinions, all that was asked, done, said and sent.

    The same case gives the same text: the time is that of its last step.
    """
    parts = [
        ("Opinions", _published(_opinions(case))),
        ("Request", _published(_request(case))),
        ("Messages", [_entry(communication(one, case)) for one in said_in(case)]),
        ("Attachments", _attachments(case, attached)),
        ("Rooms", further.resources_of(case)),
    ]
    at = max(step.at for step in _line(case))
    document = {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": cases.NUMBERS, "value": f"{case.number}/archive/{version}"},
        "timestamp": at.isoformat(timespec="milliseconds"),
        "entry": [
            _entry(cover(case, version, at, parts)),
            *(entry for _title, entries in parts for entry in entries),
        ],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)


def _opinions(case: Case) -> list[Any]:
    """The newest first."""
    found = case.opinions.select_related("case__patient", "author")
    return list(found.prefetch_related("corrections").order_by("-version"))


def _request(case: Case) -> list[Any]:
    return [
        case,
        *case.offers.select_related("case__patient", "doctor").order_by("pk"),
        *case.questions.select_related("case__patient").order_by("pk"),
        *case.meetings.select_related("case__patient").order_by("pk"),
        *case.receipts.told_apart().select_related("case__patient").order_by("pk"),
        *case.outcomes.select_related("case__patient").order_by("pk"),
    ]


def _published(rows: list[Any]) -> list[Json]:
    by_model: dict[Any, Mapping[Any]] = {
        mapping.model: mapping for mapping in (*cases.MAPPINGS, OPINION)
    }
    return [
        {"fullUrl": f"urn:uuid:{row.pk}", "resource": as_json(by_model[type(row)], row)}
        for row in rows
    ]


def _attachments(case: Case, attached: list[Attached]) -> list[Json]:
    with translation.override(settings.LANGUAGE_CODE):
        return [_entry(one) for one in references_to(attached, case)]


def _entry(resource: Any) -> Json:
    said = json.loads(resource.model_dump_json(exclude_none=True))
    return {"fullUrl": f"urn:uuid:{said['id']}", "resource": said}


def _line(case: Case) -> list[Step]:
    steps = steps_of(case).select_related("actor", "organisation")
    return list(steps.order_by("at", "pk"))


def page_of(case: Case, version: int, attached: list[Attached]) -> str:
    """The body of a page that prints: no script, small pictures in it, nothing fetched."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_to_string(
            "archive/copy.html",
            {
                "case": case,
                "version": version,
                "opinions": [
                    (opinion, stated(opinion))
                    for opinion in case.opinions.select_related("author")
                    .prefetch_related("corrections__asked_by", "corrections__decided_by")
                    .order_by("version")
                ],
                "questions": list(
                    case.questions.select_related("asked_by", "answered_by").order_by("pk")
                ),
                "offers": list(case.offers.select_related("doctor", "organisation").order_by("pk")),
                "receipts": list(
                    case.receipts.told_apart().select_related("given_by").order_by("pk")
                ),
                "outcomes": list(case.outcomes.select_related("recorded_by").order_by("day")),
                "said": said_in(case),
                "attached": attached,
                "line": [(step, words.step_words(step)) for step in _line(case)],
                "further": further.pages_of(case),
            },
        )
