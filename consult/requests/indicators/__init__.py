"""What the health commission and the institutions see of consults, and how it is computed."""

from consult.requests.indicators.computing import compute
from consult.requests.indicators.definitions import FAMILIES, HEADLINES, WITHIN
from consult.requests.models import Grade, Kind
from telemed.oversight.indicators import Source

SOURCE = Source(
    families=FAMILIES,
    compute=compute,
    within=WITHIN,
    headlines=HEADLINES,
    urgencies={
        Kind.EMERGENCY.value: Kind.EMERGENCY.label,
        Grade.PRIORITY.value: Grade.PRIORITY.label,
        **{kind.value: kind.label for kind in Kind if kind != Kind.EMERGENCY},
    },
)

__all__ = ["SOURCE"]
