"""Statements between the first clinics and their hospital."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from telemed.core.ids import new_id
from telemed.core.intentions import require_intention
from telemed.demo import province
from telemed.demo.province import Place
from telemed.organisations.models import Agreement, Entry, Organisation, Service, Statement
from telemed.organisations.models.ledger import month_of, split

DONE = {  # day of the month: what, how often
    2: (Service.CONSULT, 2),
    5: (Service.ECG, 1),
    9: (Service.IMAGING, 1),
    12: (Service.CONSULT, 1),
    16: (Service.ECG, 1),
    21: (Service.CONSULT, 3),
    24: (Service.IMAGING, 1),
}
EXEMPT_DAY = 16
REVIEWER, CONFIRMER = "演示协调员", "演示管理员"


def lay_statements() -> None:
    """One in every state: to be reviewed, to be confirmed, to be exported."""
    require_intention()
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    agreement, other = (
        _agreement(place, hospital) for place in province.clinics_of_the_story()[:2]
    )
    last = month_of(month_of(timezone.localdate()) - timedelta(days=1))
    before = month_of(last - timedelta(days=1))
    _lay(agreement, before, Statement.State.CONFIRMED)
    _lay(agreement, last, Statement.State.REVIEWED)
    _lay(other, last, Statement.State.ACCRUING)


def _agreement(place: Place, hospital: Organisation) -> Agreement:
    in_force = Agreement.objects.in_force(timezone.localdate()).filter(asked=hospital)
    return in_force.get(asking__number=place.number)


LINES = {
    Statement.State.ACCRUING: Entry.State.ACCRUED,
    Statement.State.REVIEWED: Entry.State.REVIEWED,
    Statement.State.CONFIRMED: Entry.State.CONFIRMED,
}


def _lay(agreement: Agreement, month: date, state: Statement.State) -> None:
    statement = Statement(asking=agreement.asking, asked=agreement.asked, month=month, state=state)
    if state != Statement.State.ACCRUING:
        statement.reviewed_by = statement.reviewer_name = REVIEWER
        statement.reviewed_at = timezone.now()
    if state == Statement.State.CONFIRMED:
        statement.confirmed_by = statement.confirmer_name = CONFIRMER
        statement.confirmed_at = timezone.now()
    statement.save()
    lines = {line.service: line for line in agreement.services.all()}
    for day, (service, units) in DONE.items():
        line = lines[service]
        exempt = "基本公共卫生服务" if day == EXEMPT_DAY else ""
        amount = 0 if exempt else line.price * units
        asking, asked, platform = split(amount, line.shares)
        Entry.objects.create(
            statement=statement,
            subject=new_id(),
            reference=f"C{month:%y%m}{day:02d}-00{day:02d}",
            kind=service,
            agreement=agreement,
            accepted_at=timezone.make_aware(datetime.combine(month.replace(day=day), time(9, 30))),
            units=units,
            price=line.price,
            amount=amount,
            asking_amount=asking,
            asked_amount=asked,
            platform_amount=platform,
            shares=list(line.shares),
            exempt=exempt,
            state=LINES[state],
        )
