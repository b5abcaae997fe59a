"""Errors as the FHIR door says them: a status and an OperationOutcome."""

import logging
from typing import Any

from django.utils.translation import gettext as _

from records.fhir.store.rows import Unfit
from telemed.core.errors import DomainError, Kind

logger = logging.getLogger(__name__)

# kind -> (HTTP status, https://hl7.org/fhir/R4/valueset-issue-type.html). What fails the base
# validation is 400, what breaks a rule of ours 422 (https://hl7.org/fhir/R4/http.html#create).
RENDERINGS = {
    Kind.MALFORMED: (400, "structure"),
    Kind.TOO_LARGE: (413, "too-long"),
    Kind.INVALID: (422, "business-rule"),
    Kind.UNAUTHENTICATED: (401, "login"),
    Kind.FORBIDDEN: (403, "forbidden"),
    Kind.NOT_FOUND: (404, "not-found"),
    Kind.GONE: (410, "deleted"),
    Kind.CONFLICT: (409, "conflict"),
    Kind.STALE: (412, "conflict"),
    Kind.UNAVAILABLE: (503, "transient"),
}
ISSUES = 20  # more would help nobody


class NotSupported(DomainError):
    """The server does not do this; the CapabilityStatement says what it does."""

    kind = Kind.MALFORMED
    status = 400
    code = "not-supported"


class NotAllowed(NotSupported):
    """This method is not for this address."""

    status = 405


class NotAcceptable(NotSupported):
    status = 406


class UnknownMedia(NotSupported):
    status = 415


class TooCostly(NotSupported):
    """The search would look at too much; narrow it."""

    code = "too-costly"


class Ambiguous(DomainError):
    """The criteria of a conditional interaction fit several instances."""

    kind = Kind.STALE
    status = 412
    code = "multiple-matches"


def render(error: Exception) -> tuple[int, dict[str, Any]]:
    """The status and OperationOutcome for any exception; strangers give nothing away."""
    if isinstance(error, Unfit):
        issues = [issue(code, text, path) for path, code, text in error.issues[:ISSUES]]
        return 400, outcome(*issues)
    if not isinstance(error, DomainError):
        logger.error("Unhandled error in the FHIR API", exc_info=error)
        return 500, outcome(issue("exception", _("The server failed to answer.")))
    status, code = RENDERINGS[error.kind]
    status, code = getattr(error, "status", status), getattr(error, "code", code)
    return status, outcome(issue(code, error.message, error.path))


def outcome(*issues: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def issue(code: str, text: str, path: str = "", severity: str = "error") -> dict[str, Any]:
    place = {"expression": [path]} if path else {}
    return {"severity": severity, "code": code, "diagnostics": text, **place}
