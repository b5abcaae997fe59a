"""The CapabilityStatement, made from what is implemented and from nothing else."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from records.fhir import keeping, operating, text
from records.fhir.definitions import TYPES, parameters
from records.fhir.search.parsing import MODIFIERS
from telemed.core import publication

STARTED = datetime.now(UTC)  # noqa: TID251  when this statement was made, not a clinical time
INTERACTIONS = ["read", "vread", "update", "delete", "history-instance", "create", "search-type"]
COMMON = {"_id": "token", "_lastUpdated": "date"}
REFERENCE_MODIFIERS = ["identifier", "[type]"]


@cache
def statement(base: str) -> bytes:
    return text.encode(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": text.instant(STARTED),
            "kind": "instance",
            "software": {"name": "Telemed"},
            "implementation": {"description": "Telemed", "url": base},
            "fhirVersion": "4.0.1",
            "format": ["application/fhir+json", "json"],
            "rest": [
                {
                    "mode": "server",
                    "documentation": DOCUMENTATION,
                    "security": {
                        "cors": False,
                        "service": [{"coding": [OAUTH], "text": "OAuth 2 bearer tokens"}],
                        "description": "Authorization: Bearer …; SMART v2 scopes.",
                    },
                    "resource": [_resource(name) for name in TYPES],
                    "interaction": [{"code": "transaction"}, {"code": "batch"}],
                    "searchParam": [{"name": n, "type": k} for n, k in COMMON.items()],
                }
            ],
        }
    )


OPERATIONS = {
    "Patient": [
        {
            "name": "match",
            "definition": "http://hl7.org/fhir/OperationDefinition/Patient-match",
            "documentation": "Needs a right of its own: the scope Patient.$match.",
        }
    ]
}
OAUTH = {
    "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
    "code": "OAuth",
}
DOCUMENTATION = (
    "An unknown search parameter is refused unless Prefer: handling=lenient. Sorting is by the main"
    " date of a type and by _lastUpdated. _total=accurate and _summary=count count. Chains and _has"
    " go one link. A transaction holds POST (with ifNoneExist), PUT (with ifMatch) and DELETE, and"
    " its entries may refer to each other by urn:uuid. Instances that the product itself publishes"
    " are written over REST only where it takes them. Invariants are not checked."
)


TAKEN = (
    "What is for this server's own services is made by POST with an Idempotency-Key, and not in a"
    " transaction; every other instance is stored as it is received."
)


def _resource(name: str) -> dict[str, Any]:
    own = parameters(name)
    references = [f"{name}:{p.name}" for p in own.values() if p.kind == "reference"]
    operations = [
        *OPERATIONS.get(name, ()),
        *(
            {"name": o.name, "definition": o.definition, "documentation": o.documentation}
            for o in operating.listed(name)
        ),
    ]
    gone = {"delete"} if name == "Patient" else set()  # people of the index are not deleted
    searched = [
        {
            "name": parameter.name,
            "type": parameter.kind,
            "documentation": _modifiers(parameter.kind),
        }
        for parameter in own.values()
    ]
    return {
        "type": name,
        "interaction": [{"code": code} for code in INTERACTIONS if code not in gone],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "not-match",
        "conditionalUpdate": keeping.of(name) is not None,
        "conditionalDelete": "not-supported",
        **({"documentation": TAKEN} if publication.takers(name) else {}),
        "referencePolicy": ["literal", "logical"],
        **({"operation": operations} if operations else {}),
        **({"searchInclude": references} if references else {}),
        "searchParam": searched,
    }


def _modifiers(kind: str) -> str:
    known = REFERENCE_MODIFIERS if kind == "reference" else sorted(MODIFIERS[kind] - {""})
    return f"Modifiers: {', '.join(':' + m for m in [*known, 'missing'])}."
