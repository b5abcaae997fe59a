"""On the page of a case: where the patient was sent out of it, and the way to do so."""

from typing import Any

from consult.requests.models import Case
from consult.requests.panels import Panel
from consult.requests.permissions import is_asking, may_refer_on, may_transfer
from scheduling.referrals.queries import referrals_about
from scheduling.referrals.words import state_words
from telemed.people.models import User


def referred(actor: User, case: Case) -> dict[str, Any] | None:
    known = referrals_about(case.pk)
    onward, instead = may_refer_on(actor, case), may_transfer(actor, case)
    if not (known or onward or instead):
        return None
    return {
        "case": case,
        "referrals": [(one, state_words(one)) for one in known],
        "opens": is_asking(actor, case),
        "onward": onward,
        "instead": instead,
    }


REFERRED = Panel(template="opinions/_referred.html", context=referred, below=True)
