"""What contracts say when something happened to them."""

from typing import Any
from uuid import UUID

from scheduling.registration import queries, rules, services
from scheduling.registration.models import Because, Closing, Contract
from scheduling.registration.services.telling import (
    tell_doctor,
    tell_handed_over,
    tell_leader,
    tell_leaderless,
    tell_moved,
    tell_people,
)


def tell_applied(payload: dict[str, Any]) -> None:
    tell_leader(_get(payload))


def tell_agreed(payload: dict[str, Any]) -> None:
    tell_people(_get(payload), "contract.agreed")


def tell_rejected(payload: dict[str, Any]) -> None:
    contract = _get(payload)
    reason = str(contract.get_rejection_display())
    if contract.instead:
        tell_people(contract, "contract.rejected", reason=reason, org=contract.instead.name)
    else:
        tell_people(contract, "contract.refused", reason=reason)


def tell_signed(payload: dict[str, Any]) -> None:
    tell_people(_get(payload), "contract.signed")


def tell_renewal(payload: dict[str, Any]) -> None:
    contract = _get(payload)
    tell_people(contract, "contract.renewal", turn=payload["rung"])
    tell_doctor(contract, "contract.ending", turn=payload["rung"])


def tell_lapsed(payload: dict[str, Any]) -> None:
    contract = _get(payload)
    clinic = contract.team.organisation_id
    days = rules.renewable_days(clinic, contract.ended_at)
    tell_people(contract, "contract.lapsed", n=days)
    within = rules.working_days(rules.HAND_OVER, clinic)
    tell_doctor(contract, "contract.lapsed_here", n=within)


def tell_ended(payload: dict[str, Any]) -> None:
    contract = _get(payload)
    if contract.ended_because == Because.TEAM_CLOSED:
        if hasattr(contract, "left_behind"):  # who has a new team hears of that
            tell_people(contract, "contract.left")
        return
    reason = str(contract.get_ended_because_display())
    tell_people(contract, "contract.ended", reason=reason)
    tell_doctor(contract, "contract.ended", reason=reason)


def end_for_death(payload: dict[str, Any]) -> None:
    """Seen twice, nothing is left to end."""
    services.end_for_death(person_key=UUID(payload["patient_id"]))


def tell_taken_over(payload: dict[str, Any]) -> None:
    tell_moved(_get(payload))


def tell_team_handed_over(payload: dict[str, Any]) -> None:
    rows = Closing.objects.select_related("team__organisation", "begun_by")
    tell_handed_over(rows.get(pk=UUID(payload["closing_id"])))


def tell_leader_gone(payload: dict[str, Any]) -> None:
    tell_leaderless(UUID(payload["user_id"]))


def pass_on(payload: dict[str, Any]) -> None:
    services.announce_gone(doctor_id=UUID(payload["user_id"]))


def pass_on_part(payload: dict[str, Any]) -> None:
    """Seen twice, the next part goes, or nobody is left."""
    services.hand_on_part(
        team_id=UUID(payload["team_id"]),
        doctor_id=UUID(payload["user_id"]),
        moved=payload["moved"],
    )


def _get(payload: dict[str, Any]) -> Contract:
    rows = Contract.objects.select_related(*queries.SHOWN)
    return rows.get(pk=UUID(payload["contract_id"]))
