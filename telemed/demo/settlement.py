"""Two months of settlement between the first clinic and its hospital."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from telemed.core.ids import new_id
from telemed.core.intentions import require_intention
from telemed.demo import province
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


def lay_statements() -> None:
    """The month before last was reviewed and waits to be confirmed; last month to be reviewed."""
    require_intention()
    clinic = Organisation.objects.get(number=province.clinics_of_the_story()[0].number)
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    agreement = Agreement.objects.in_force(timezone.localdate()).get(asking=clinic, asked=hospital)
    last = month_of(month_of(timezone.localdate()) - timedelta(days=1))
    before = month_of(last - timedelta(days=1))
    _lay(agreement, before, reviewed=True)
    _lay(agreement, last, reviewed=False)


def _lay(agreement: Agreement, month: date, *, reviewed: bool) -> None:
    state = Statement.State.REVIEWED if reviewed else Statement.State.ACCRUING
    statement = Statement.objects.create(
        asking=agreement.asking, asked=agreement.asked, month=month, state=state
    )
    if reviewed:
        statement.reviewed_by = statement.reviewer_name = "演示"
        statement.reviewed_at = timezone.now()
        statement.save(update_fields=["reviewed_by", "reviewer_name", "reviewed_at"])
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
            state=Entry.State.REVIEWED if reviewed else Entry.State.ACCRUED,
        )
