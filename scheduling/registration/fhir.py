"""
Contracts and teams as the world sees them (workflows.md section 16).

Contract, the team as this person's (CareTeam) and the care under it (EpisodeOfCare); each team
once by itself, as a CareTeam without a subject.
"""

from datetime import date, datetime

from fhir.resources.R4B.careteam import CareTeam, CareTeamParticipant
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.contract import Contract as ContractResource
from fhir.resources.R4B.contract import ContractSigner
from fhir.resources.R4B.episodeofcare import EpisodeOfCare
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.reference import Reference
from fhir.resources.R4B.signature import Signature

from scheduling.registration.models import (
    IN_CARE,
    OPEN,
    Assignment,
    Contract,
    Episode,
    Member,
    Status,
    Team,
)
from telemed.core.publication import Mapping

CONTRACT = {
    Status.APPLIED: "offered",
    Status.REVIEWING: "offered",
    Status.AGREED: "executable",
    Status.SIGNED: "executed",
    Status.ACTIVE: "executed",
    Status.RENEWAL_ASKED: "executed",
    Status.RENEWED: "renewed",
    Status.LAPSED: "terminated",
    Status.ENDED: "cancelled",
    Status.REJECTED: "rejected",
    Status.WITHDRAWN: "revoked",
}
STATE = "urn:telemed:state"
FUNCTIONS, PACKAGES = "urn:telemed:team-function", "urn:telemed:package"
SIGNERS = "http://terminology.hl7.org/CodeSystem/contractsignertypecodes"
PURPOSES = "urn:iso-astm:E1762-95:2013"


def contract_to_fhir(contract: Contract) -> ContractResource:
    return ContractResource(
        id=str(contract.pk),
        extension=[Extension(url=STATE, valueCode=contract.status)],
        status=CONTRACT[Status(contract.status)],
        issued=contract.applied_at,
        applies=_term(contract),
        subject=[_patient(contract)],
        authority=[_organisation(contract.team)],
        title=contract.package.name,
        type=_concept(PACKAGES, contract.package.kind, contract.package.name),
        signer=_signers(contract) or None,
    )


def _signers(contract: Contract) -> list[ContractSigner]:
    """Who signed; of who came of age under it the own signature, too."""
    found = [_signer(contract)] if contract.signed_at else []
    if contract.own:
        found.append(_signed_by(_patient(contract), "PATIENT", contract.own.signed_at))
    return found


def _signer(contract: Contract) -> ContractSigner:
    who = Reference(reference=f"RelatedPerson/{contract.relation_id}")
    party = who if contract.relation_id else _patient(contract)
    return _signed_by(party, "GUARD" if contract.relation_id else "PATIENT", contract.signed_at)


def _signed_by(party: Reference, code: str, at: datetime | None) -> ContractSigner:
    return ContractSigner(
        type=Coding(system=SIGNERS, code=code),
        party=party,
        signature=[
            Signature(
                type=[Coding(system=PURPOSES, code="1.2.840.10065.1.12.1.7")],  # consent
                when=at,
                who=party,
            )
        ],
    )


def assignment_to_fhir(assignment: Assignment) -> CareTeam:
    contract = assignment.contract
    return CareTeam(
        id=str(assignment.pk),
        status=_assigned(contract),
        name=contract.team.name,
        subject=_patient(contract),
        period=_term(contract),
        participant=[_doctor(contract)] if contract.doctor_id else None,
        managingOrganization=[_organisation(contract.team)],
    )


def episode_to_fhir(episode: Episode) -> EpisodeOfCare:
    contract = episode.contract
    manager = getattr(contract.doctor, "practitioner", None)
    return EpisodeOfCare(
        id=str(episode.pk),
        status=_episode(contract),
        patient=_patient(contract),
        managingOrganization=_organisation(contract.team),
        period=_term(contract),
        careManager=Reference(reference=f"Practitioner/{manager.pk}") if manager else None,
        team=[Reference(reference=f"CareTeam/{contract.assignment.pk}")],
    )


def team_to_fhir(team: Team) -> CareTeam:
    members: list[Member] = getattr(team, "now", [])
    return CareTeam(
        id=str(team.pk),
        status="inactive" if team.closed_on else "active",
        name=team.name,
        participant=[_participant(one) for one in members] or None,
        managingOrganization=[_organisation(team)],
    )


def _participant(member: Member) -> CareTeamParticipant:
    practitioner = getattr(member.user, "practitioner", None)
    reference = f"Practitioner/{practitioner.pk}" if practitioner else None
    return CareTeamParticipant(
        role=[_concept(FUNCTIONS, member.function, str(member.get_function_display()))],
        member=Reference(reference=reference, display=str(member)),
    )


def _doctor(contract: Contract) -> CareTeamParticipant:
    practitioner = getattr(contract.doctor, "practitioner", None)
    reference = f"Practitioner/{practitioner.pk}" if practitioner else None
    return CareTeamParticipant(
        member=Reference(
            reference=reference, display=contract.doctor.name if contract.doctor else None
        )
    )


def _assigned(contract: Contract) -> str:
    """Proposed until it begins; a renewed one's until its last day."""
    if contract.status in (*OPEN, Status.SIGNED):
        return "proposed"
    return "active" if contract.is_in_care else "inactive"


def _episode(contract: Contract) -> str:
    if contract.status == Status.SIGNED:
        return "planned"
    if contract.status in IN_CARE and contract.is_in_care:
        return "active"
    return "finished" if contract.was_in_force else "cancelled"


def _term(contract: Contract) -> Period | None:
    first, last = contract.starts_on, contract.last_day
    return _days(first, last) if first else None


def _days(first: date, last: date | None) -> Period:
    return Period.model_validate({"start": first, "end": last})


def _patient(contract: Contract) -> Reference:
    return Reference(reference=f"Patient/{contract.patient.fhir_id}")


def _organisation(team: Team) -> Reference:
    return Reference(
        reference=f"Organization/{team.organisation_id}", display=team.organisation.name
    )


def _concept(system: str, code: str, text: str) -> CodeableConcept:
    return CodeableConcept(coding=[Coding(system=system, code=code)], text=text)


MAPPINGS = (
    Mapping(model=Contract, resource_type="Contract", build=contract_to_fhir),
    Mapping(model=Assignment, resource_type="CareTeam", build=assignment_to_fhir),
    Mapping(model=Episode, resource_type="EpisodeOfCare", build=episode_to_fhir),
    Mapping(
        model=Team,
        resource_type="CareTeam",
        build=team_to_fhir,
        organisation=lambda team: team.organisation.number,
    ),
)
