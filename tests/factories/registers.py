"""What a county's registers say of people."""

from datetime import date

from records.mpi.models import LowIncome, LowIncomeList
from tests.factories.people import StaffFactory


def on_the_register(patient, *, ends_on=None):
    """The county's list says that they have a low income."""
    patient.id_card_hash = "x" * 43
    patient.save()
    keeper = StaffFactory(role="administrator")
    place = keeper.acting_organisation
    brought = LowIncomeList.objects.create(
        county=place.division, valid_from=date(2020, 1, 1), organisation=place, brought_by=keeper
    )
    LowIncome.objects.create(
        brought_in=brought,
        id_card_hash=patient.id_card_hash,
        kind="hardship",
        valid_from=date(2020, 1, 1),
        ends_on=ends_on,
    )
