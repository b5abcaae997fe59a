"""What the clocks of agreements and statements do when they run out."""

from telemed.core import clocks
from telemed.organisations import ledger
from telemed.organisations.services import holding, settling, steps


def register() -> None:
    """Called in ready()."""
    by = clocks.FIRER
    clocks.register(steps.START, lambda clock: holding.begin_agreement(actor=by, clock=clock))
    clocks.register(steps.END, lambda clock: holding.come_to_end(actor=by, clock=clock))
    clocks.register(ledger.REVIEW, lambda c: settling.remind_of_statement(actor=by, clock=c))
    clocks.register(ledger.DISPUTE, lambda c: settling.hand_dispute_on(actor=by, clock=c))
