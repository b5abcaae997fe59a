from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from telemed.core.models import Clock
from telemed.organisations.models import AgreementService
from telemed.organisations.queries import find_agreement
from tests.factories.people import AgreementFactory

FILLED = import_module("telemed.organisations.migrations.0003_agreements_filled")
TODAY = timezone.localdate()


@pytest.mark.django_db
def test_an_agreement_from_before_gets_its_line_and_its_clock_once():
    """The old columns are still in the table: one service, its price, two shares."""
    old = AgreementFactory(services=(), ends_on=TODAY + timedelta(days=40), activated_at=None)
    kept = AgreementFactory(price=9_900)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organisations_agreement SET price = 12000, asking_share = 20,"
            " asked_share = 80 WHERE id = %s",
            [old.pk],
        )
        for _ in range(2):
            cursor.execute(FILLED.FILL)

    line = AgreementService.objects.get(agreement=old)
    assert (line.service, line.price, line.shares, line.in_force) == (
        "consult",
        12_000,
        (20, 80, 0),
        True,
    )
    assert (line.during.lower, line.during.upper) == (old.starts_on, TODAY + timedelta(days=41))
    rungs = Clock.objects.filter(about=old.pk, kind="agreement.end").order_by("rung")
    assert list(rungs.values_list("rung", flat=True)) == [1, 2, 3]
    assert timezone.localdate(rungs[2].due_at) == TODAY + timedelta(days=41)
    assert find_agreement(old.asking, old.asked).price == 12_000
    assert find_agreement(kept.asking, kept.asked).price == 9_900
