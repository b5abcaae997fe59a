"""What the form of a service cannot do without."""

from dataclasses import replace

from scheduling.duties import calendar, limits
from scheduling.duties.models import Duty, Mode
from scheduling.duties.parts import lacking
from scheduling.duties.services.finding import Findings
from telemed.core.errors import Conflict, Invalid


class Remote(Conflict):
    """The norm asks for a visit."""


def check(duty: Duty, found: Findings) -> None:
    """Raises Invalid at the first field that is not as the form needs it; Remote."""
    if found.mode not in Mode.values:
        raise Invalid(str(limits.MODE), path="mode")
    if duty.face and found.mode == Mode.REMOTE:
        raise Remote(str(limits.FACE), path="mode")
    asked = calendar.asks(duty)
    if calendar.PRESSURE in asked and None in (found.systolic, found.diastolic):
        raise Invalid(str(limits.BOTH), path="systolic")
    if (found.systolic is None) != (found.diastolic is None):
        raise Invalid(str(limits.BOTH), path="systolic")
    if found.systolic and found.diastolic and found.diastolic >= found.systolic:
        raise Invalid(str(limits.HIGHER), path="systolic")
    if calendar.GLUCOSE in asked and found.glucose is None:
        raise Invalid(str(limits.SUGAR), path="glucose")
    parts = calendar.parts(duty)
    for part in parts:
        if lack := lacking(part, found.entries, sugar=found.glucose is not None):
            path, sentence = lack
            raise Invalid(sentence, path=path)
    if not asked and not parts and len(found.note.strip()) < limits.NOTE:
        raise Invalid(str(limits.DONE).format(n=limits.NOTE), path="note")


def of_form(duty: Duty, found: Findings) -> Findings:
    """Without what belongs to the forms of other services: an older page may have sent it."""
    fields = {one for part in calendar.parts(duty) for one in part.fields}
    entries = {name: value for name, value in found.entries.items() if name in fields}
    return replace(found, entries=entries)
