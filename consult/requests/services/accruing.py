"""Where a closed case becomes a line of the ledger."""

from consult.requests.models import Case
from telemed.core.intentions import require_intention


def accrue(*, case: Case) -> None:
    """
    The one place where the closing transaction writes its line: price and split of the agreement.

    The ledger is kept by telemed.organisations; nothing is accrued while it has none.
    """
    require_intention()
