"""One key, one effect: a write that is sent again answers what it answered the first time."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid
from telemed.core.intentions import require_intention
from telemed.core.models import IdempotencyKey

KEPT = timedelta(hours=24)


def remembered(*, key: str, body: Any) -> Any | None:
    """
    What this actor's write under this key answered, or None when it is new.

    A second request that arrives while the first is open waits for it on the unique index.
    Raises Invalid when the same key comes with another body.
    """
    actor_id = require_intention().actor.actor_id
    fresh = IdempotencyKey(actor_id=actor_id, key=key, fingerprint=_fingerprint(body))
    IdempotencyKey.objects.bulk_create([fresh], ignore_conflicts=True)
    kept = IdempotencyKey.objects.select_for_update(no_key=True).get(actor_id=actor_id, key=key)
    return _answer(kept, body)


def find_answer(*, key: str, body: Any) -> Any | None:
    """The same for a look before the write: the key is not claimed, nothing is written."""
    actor_id = require_intention().actor.actor_id
    row = IdempotencyKey.objects.filter(actor_id=actor_id, key=key).first()
    return _answer(row, body) if row else None


def _answer(row: IdempotencyKey, body: Any) -> Any | None:
    if row.fingerprint != _fingerprint(body):
        raise Invalid(_("This request was sent before with other content."), path="Idempotency-Key")
    return row.answer


def _fingerprint(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def keep(*, key: str, answer: Any) -> None:
    """Remember the answer, in the transaction that made it."""
    actor_id = require_intention().actor.actor_id
    IdempotencyKey.objects.filter(actor_id=actor_id, key=key).update(answer=answer)


def forget_old() -> int:
    """Drop what is older than the time for which a client may repeat itself."""
    require_intention()
    count, _by_model = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return count
