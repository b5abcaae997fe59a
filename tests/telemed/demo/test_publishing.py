"""The story is published as it is laid."""

from collections import Counter

import pytest

from telemed.core import publication
from telemed.demo import seeding
from telemed.people.models import Practitioner, PractitionerRole

pytestmark = pytest.mark.django_db


def test_everything_is_published_where_a_store_is_connected(monkeypatch):
    kept = set()
    monkeypatch.setattr(seeding, "ring_task", lambda task: None)
    monkeypatch.setattr(
        publication,
        "_store",
        lambda mapping, pk, body, **more: kept.add((mapping.resource_type, pk)),
    )
    seeding.seed(lambda said: None)
    counts = Counter(kind for kind, _id in kept)
    assert (counts["Organization"], counts["Patient"]) == (6, 24)
    assert counts["Practitioner"] == Practitioner.objects.count()
    assert counts["PractitionerRole"] == PractitionerRole.objects.count()
