"""What is signed: canonical JSON of an opinion, its digest, and the check of both."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from consult.opinions.models import ExpertView, Opinion
from consult.requests.models import Case
from telemed.people import signing
from telemed.people.models import User

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that paper confuses
CODE_LENGTH = 10
FORMAT = "telemed-opinion/1"
STATEMENT = "telemed-statement/1"  # of one expert of a joint consult


def canonical(content: dict[str, Any]) -> str:
    """RFC 8785 for our plain values: sorted keys, no spaces, text as it is."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_of(
    *,
    case: Case,
    author: User,
    version: int,
    signed_at: datetime,
    previous: str,
    figures: list[dict[str, str]],
    **texts: Any,
) -> dict[str, Any]:
    """
    Everything the signature covers, key images by their SHA-256. Times in UTC with microseconds.
    """
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
        "signed_at": _in_utc(signed_at),
        "previous": previous,
        **({"figures": figures} if figures else {}),
        **texts,
    }


def statements_of(statements: Iterable[ExpertView]) -> list[dict[str, str]]:
    """What the experts of a joint consult said, as it is sealed with the chair's signature."""
    return [
        {
            "expert": str(one.expert_id),
            "practitioner": str(one.expert.practitioner.pk),
            "name": one.expert.name,
            "title": one.expert.practitioner.title,
            "specialty": one.specialty,
            "view": one.view,
            "text": one.text,
            "stated_at": _in_utc(one.stated_at) if one.stated_at else "",
            "digest": one.digest,
            "signature": bytes(one.signature).hex(),
            "public_key": bytes(one.public_key).hex(),
        }
        for one in statements
    ]


def digest_of(sealed: str) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(sealed.encode()).hexdigest()


def new_check_code() -> str:
    """Ten letters and figures: 49 bits, guessed never, typed easily."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_check_code(typed: str) -> str | None:
    """The code as kept, from what somebody typed or scanned; None when it can't be one."""
    code = "".join(typed.upper().split()).replace("-", "")
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def facts_of(opinion: Opinion) -> dict[str, Any]:
    """What was sealed, as data; empty where it can't be read any more."""
    try:
        content = json.loads(opinion.sealed)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def is_intact(opinion: Opinion) -> bool:
    """Whether every shown fact, the digest and the signature of one version still fit."""
    shown = {
        "format": FORMAT,
        "case": opinion.case.number,
        "author": str(opinion.author_id),
        "version": opinion.version,
        "signed_at": _in_utc(opinion.signed_at),
        "previous": opinion.previous_digest,
        "reason": opinion.reason,
        "findings": opinion.findings,
        "conclusion": opinion.conclusion,
        "recommendations": opinion.recommendations,
    }
    content = facts_of(opinion)
    return (
        digest_of(opinion.sealed) == opinion.digest
        and {name: content.get(name) for name in shown} == shown
        and signing.verify(
            bytes(opinion.public_key), bytes(opinion.signature), bytes.fromhex(opinion.digest)
        )
    )


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
