"""What the health commission and the institutions see of consults, and how it is computed."""

from consult.requests.indicators.computing import compute
from consult.requests.indicators.definitions import FAMILIES, HEADLINES, WITHIN
from consult.requests.models import Kind
from telemed.oversight.indicators import Source

SOURCE = Source(
    families=FAMILIES,
    compute=compute,
    within=WITHIN,
    headlines=HEADLINES,
    urgencies={kind.value: kind.label for kind in Kind},
)

__all__ = ["SOURCE"]
