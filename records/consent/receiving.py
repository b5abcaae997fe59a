"""Care access for people who come in by the hundred: the statement form of open_care()."""

from typing import Any

from django.utils import timezone

from records.consent.models import OPEN_ENDED, Basis

OPEN = """insert into care_access (org, patient, basis, about, person, since, until)
 select %(org)b::int4, p, %(basis)b, null, null, %(since)b::timestamptz, %(until)b::timestamptz
 from unnest(%(patients)b::int8[]) p
 on conflict on constraint one_row_a_relationship do update set until = excluded.until"""


def treat(org: int, patients: list[int]) -> tuple[str, dict[str, Any]]:
    """That institution treats these patients from now on (`%(name)b` parameters)."""
    basis = str(Basis.TREATING.value)
    terms = {"basis": basis, "since": timezone.now(), "until": OPEN_ENDED}
    return OPEN, {"org": org, "patients": patients, **terms}
