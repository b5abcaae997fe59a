"""An entry that was wrong: nothing was done, and it is owed again."""

from scheduling.duties import clock_rows
from scheduling.duties.events import DutySettled
from scheduling.duties.models import Duty, Status
from scheduling.duties.services.counting import uncount
from scheduling.duties.services.filing import void_form
from scheduling.duties.services.measuring import strike
from scheduling.duties.services.stepping import step
from telemed.core.intentions import require_intention


def strike_entry(duty: Duty, action: str) -> None:
    require_intention()
    void_form(duty)
    duty.served_by = duty.served_at = duty.confirmed_at = duty.warned_at = None
    duty.mode, duty.draft, duty.note, duty.refusal = "", None, "", ""
    duty.answered, duty.signature = "", None
    duty.systolic = duty.diastolic = duty.glucose = None
    duty.signs, duty.entries = False, {}
    strike(duty)
    uncount(duty)
    step(duty, Status.DUE, action, DutySettled, reason="struck")
    clock_rows.start_window(duty)
