"""Rules of the house: set at their page as an administrator does it, or laid as rows."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from telemed.core import policies
from telemed.core.models import PolicyChange
from tests.factories.people import StaffFactory

REASON = "冬季人手不足"


def ladder(*steps):
    """The fields of (percent, minutes, callee)."""
    parts = ("percent", "plus", "call")
    return {
        f"{part}_{n}": str(said)
        for n, step in enumerate(steps)
        for part, said in zip(parts, step, strict=True)
    }


def lay(
    name: str,
    value: Any,
    *,
    organisation_id: UUID | None = None,
    since: datetime | None = None,
) -> None:
    """
    A rule of the province, or of an institution, that holds since then. Without a moment it holds
    now; laid later, it holds instead of one laid before.
    """
    policy = policies.find(name)
    assert policy is not None
    before = PolicyChange.objects.filter(name=name).count()
    PolicyChange.objects.create(
        name=name,
        organisation_id=organisation_id,
        value=policy.kind.dump(value),
        effective_at=since or timezone.now() - timedelta(hours=1) + timedelta(seconds=before),
        set_by="test",
        set_by_name="test",
        reason=REASON,
    )


class Page:
    """What an administrator of the institution reads on the page of a rule."""

    def __init__(self, client, organisation):
        self.client = client
        client.cookies["language"] = "en"
        client.force_login(StaffFactory(role="administrator", organisation=organisation))

    def ask(self, name, **fields):
        """What it would touch, or why it is refused."""
        answer = self.client.post(self._url(name), self._sent(fields))
        return answer.status_code, answer.content.decode()

    def set(self, name, **fields):
        sent = self._sent(fields) | {"confirm": "1"}
        assert self.client.post(self._url(name), sent).status_code == 302

    def _url(self, name):
        url = f"/organisations/policies/{name}/"
        assert self.client.get(url).status_code == 200
        return url

    def _sent(self, fields):
        return {"reason": REASON, **fields}
