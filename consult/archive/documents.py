"""The two forms of a copy: a FHIR document for systems, a page for people."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from consult.archive import further
from consult.archive.queries import steps_of
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


def bundle_of(case: Case, version: int) -> str:
    """
    Bundle of type document: the newest opinion first, then all that was asked, done and decided.

    The same case gives the same text: the time is that of its last step.
    """
    by_model: dict[Any, Mapping[Any]] = {
        mapping.model: mapping for mapping in (*cases.MAPPINGS, OPINION)
    }
    opinions = list(
        case.opinions.select_related("case__patient", "author")
        .prefetch_related("corrections")
        .order_by("-version")
    )
    parts = [
        *opinions,
        case,
        *case.offers.select_related("case__patient", "doctor").order_by("pk"),
        *case.questions.select_related("case__patient").order_by("pk"),
        *case.meetings.select_related("case__patient").order_by("pk"),
        *case.receipts.select_related("case__patient").order_by("pk"),
        *case.outcomes.select_related("case__patient").order_by("pk"),
    ]
    document = {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": cases.NUMBERS, "value": f"{case.number}/archive/{version}"},
        "timestamp": max(step.at for step in _line(case)).isoformat(timespec="milliseconds"),
        "entry": [
            *(_entry(by_model[type(part)], part) for part in parts),
            *further.resources_of(case),
        ],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)


def _entry(mapping: Mapping[Any], part: Any) -> Json:
    resource = as_json(mapping, part)
    address = f"urn:uuid:{part.pk}"
    return {"fullUrl": address, "resource": resource}


def _line(case: Case) -> list[Step]:
    steps = steps_of(case).select_related("actor", "organisation")
    return list(steps.order_by("at", "pk"))


def page_of(case: Case, version: int) -> str:
    """The body of a page that prints: no script, no picture, nothing fetched from anywhere."""
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
                "receipts": list(case.receipts.select_related("given_by").order_by("pk")),
                "outcomes": list(case.outcomes.select_related("recorded_by").order_by("day")),
                "line": [(step, words.step_words(step)) for step in _line(case)],
                "further": further.pages_of(case),
            },
        )
