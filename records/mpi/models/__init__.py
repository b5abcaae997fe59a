"""The person index: one person, many identifiers."""

from records.mpi.models.cards import HEALTH_CARD, HealthCard
from records.mpi.models.deaths import Death
from records.mpi.models.low_incomes import SPECIAL, LowIncome, LowIncomeList, Register
from records.mpi.models.pairs import Merge, Pair
from records.mpi.models.people import ID_CARD, Patient
from records.mpi.models.relations import OF_AGE, Household, Kin, Member, Relation
from records.mpi.models.rolls import Roll

__all__ = [
    "HEALTH_CARD",
    "ID_CARD",
    "OF_AGE",
    "SPECIAL",
    "Death",
    "HealthCard",
    "Household",
    "Kin",
    "LowIncome",
    "LowIncomeList",
    "Member",
    "Merge",
    "Pair",
    "Patient",
    "Register",
    "Relation",
    "Roll",
]
