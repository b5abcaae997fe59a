"""Who asks is silent no longer, at once and not at the next look."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consult.requests import services
from telemed.core import outbox
from telemed.oversight.models import Silence, SilenceEntry
from tests.factories.consult import drafted_case
from tests.marks import committed

pytestmark = committed


def silent(organisation):
    now = timezone.now()
    return Silence.objects.create(
        organisation=organisation,
        quiet_since=now - timedelta(days=20),
        noticed_at=now - timedelta(days=1),
        asked_at=now - timedelta(days=1),
    )


@pytest.fixture
def scene():
    return drafted_case()


def test_a_request_ends_the_silence_of_who_asks_and_of_nobody_else(by, scene):
    own, other = silent(scene.clinic), silent(drafted_case().clinic)

    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    outbox.deliver_waiting()

    own.refresh_from_db()
    other.refresh_from_db()
    assert own.ended_at
    assert own.entries.get().kind == SilenceEntry.Kind.ENDED
    assert other.ended_at is None
