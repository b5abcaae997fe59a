"""What is signed: canonical JSON of an opinion, its digest, and the check of both."""

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any

from consult.opinions.models import Opinion
from consult.requests.models import Case
from telemed.people import signing
from telemed.people.models import User

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that paper confuses
FORMAT = "telemed-opinion/1"


def canonical(content: dict[str, Any]) -> str:
    """RFC 8785 for our plain values: sorted keys, no spaces, text as it is."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_of(
    *, case: Case, author: User, version: int, signed_at: datetime, previous: str, **texts: str
) -> dict[str, Any]:
    """Everything the signature covers. Times in UTC with microseconds."""
    practitioner = author.practitioner
    return {
        "format": FORMAT,
        "case": case.number,
        "patient": str(case.patient_id),
        "asking": str(case.asking_id),
        "asked": str(case.asked_id),
        "author": str(author.pk),
        "author_name": author.name,
        "author_title": practitioner.title,
        "licence": practitioner.licence_no,
        "version": version,
        "signed_at": signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "previous": previous,
        **texts,
    }


def digest_of(sealed: str) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(sealed.encode()).hexdigest()


def new_check_code() -> str:
    """Ten letters and figures: 50 bits, guessed never, typed easily."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def is_intact(opinion: Opinion) -> bool:
    """Whether text, digest and signature of one version still fit each other."""
    content = json.loads(opinion.sealed)
    texts = (opinion.findings, opinion.conclusion, opinion.recommendations)
    shown = (content["findings"], content["conclusion"], content["recommendations"])
    return (
        digest_of(opinion.sealed) == opinion.digest
        and texts == shown
        and content["version"] == opinion.version
        and signing.verify(
            bytes(opinion.public_key), bytes(opinion.signature), bytes.fromhex(opinion.digest)
        )
    )
