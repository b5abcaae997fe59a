"""When institutions last sent a request."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from consult.requests.models import Step


def last_asked(organisations: Collection[UUID]) -> Mapping[UUID, datetime]:
    """One statement for all of them."""
    sent = Step.objects.filter(action="case.submit", case__asking__in=organisations)
    rows = sent.values("case__asking").annotate(last=Max("at")).order_by()
    return {row["case__asking"]: row["last"] for row in rows}
