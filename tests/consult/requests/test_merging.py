"""Two records with open consults each do not become one before one side is settled."""

import pytest

from consult.requests.models import Status
from consult.requests.network import open_of_both
from records.mpi import merge_checks
from tests.factories.consult import CaseFactory
from tests.factories.people import PatientFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("mine", "theirs", "blocked"),
    [
        (Status.ROUTED, Status.IN_PROGRESS, True),
        (Status.ROUTED, Status.CLOSED, False),
        (Status.DRAFT, Status.SIGNED, False),
    ],
)
def test_open_consults_of_both_are_in_the_way_and_named(mine, theirs, blocked):
    loser, survivor = PatientFactory(), PatientFactory()
    cases = [
        CaseFactory(patient=loser, status=mine),
        CaseFactory(patient=survivor, status=theirs),
    ]
    said = " ".join(open_of_both(loser, survivor))
    assert bool(said) == blocked
    assert all((case.number or str(case.pk)) in said for case in cases) == blocked
    assert bool(merge_checks.blockers(loser, survivor)) == blocked
