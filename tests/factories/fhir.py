"""Tokens, and the smallest valid resources."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from telemed.organisations.models import Organisation
from telemed.people.models import AccessToken, Application, User
from tests.factories.people import OrganisationFactory


def token_for(user: User, scopes: str = "", **fields: Any) -> str:
    """A bearer token of an account."""
    return _token(user=user, scopes=scopes, **fields)


def application_token(
    scopes: str = "system/*.cruds", organisation: Organisation | None = None
) -> str:
    """A bearer token of a registered system."""
    application = Application.objects.create(
        name=f"系统 {secrets.token_hex(4)}",
        organisation=organisation or OrganisationFactory(),
        scopes=scopes,
    )
    return _token(application=application, scopes=scopes)


def _token(**fields: Any) -> str:
    text = secrets.token_urlsafe(24)
    fields.setdefault("expires_at", timezone.now() + timedelta(hours=1))
    AccessToken.objects.create(digest=hashlib.sha256(text.encode()).hexdigest(), **fields)
    return text


def patient(**more: Any) -> dict[str, Any]:
    name = [{"use": "official", "text": "王小兰", "family": "王", "given": ["小兰"]}]
    return {"resourceType": "Patient", "name": name, "gender": "female", **more}


def observation(patient_id: str, code: str = "8480-6", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "effectiveDateTime": "2026-03-01T08:00:00+08:00",
        **more,
    }
