"""The demonstration's agreements: each clinic with its county, and one in every state."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from telemed.core import publication
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.demo import province
from telemed.demo.province import Place
from telemed.organisations.models import Agreement, AgreementService, Organisation, Service
from telemed.organisations.models.agreements import AgreementState, day_range
from telemed.organisations.services.steps import end_clocks, midnight

SINCE, UNTIL = timedelta(days=180), timedelta(days=540)
LONG_AGO, LATELY = timedelta(days=900), timedelta(days=30)
SOON, NEXT_WEEK, YEAR = timedelta(days=12), timedelta(days=7), timedelta(days=365)
SHARES = {"asking_share": 30, "asked_share": 70}
PRICES = {  # fen; demonstration prices
    Service.CONSULT: 12_000,
    Service.MDT: 30_000,
    Service.ECG: 2_000,
    Service.IMAGING: 5_000,
    Service.ULTRASOUND: 4_000,
    Service.PATHOLOGY: 15_000,
}
TEXT = """一、目的：基层检查、上级诊断，方便群众就近看病。
二、内容：按下列服务项目提供远程医疗服务，双方均使用本平台留痕。
三、流程：邀请方提出申请并取得知情同意，受邀方在承诺时限内应答并签发意见。
四、责任：邀请方对诊疗决定负责，受邀方对所签意见负责。
五、风险分担：发生争议时，双方各自保存原件，依法并按本协议处理。"""
CONTACT = "演示联系人 0851-55550000"


def county_agreements(
    places: Sequence[Place], organisations: dict[int, Organisation], day: date
) -> list[Agreement]:
    """Each clinic may ask the people's hospital of its county."""
    clinics = [p for p in places if p.kind == Organisation.Kind.TOWNSHIP_CLINIC]
    asked = {p.number: province.county_hospital(p.county).number for p in clinics}
    known = Organisation.objects.in_bulk(set(asked.values()), field_name="number")
    return [
        _agreement(organisations[number], known[hospital], day - SINCE, day + UNTIL)
        for number, hospital in asked.items()
        if hospital in known
    ]


def _agreement(
    asking: Organisation,
    asked: Organisation,
    starts_on: date,
    ends_on: date,
    state: AgreementState = AgreementState.ACTIVE,
) -> Agreement:
    begun = state != Agreement.State.PROPOSED
    over = state == Agreement.State.EXPIRED
    return Agreement(
        asking=asking,
        asked=asked,
        author=asked,
        state=state,
        starts_on=starts_on,
        ends_on=ends_on,
        text=TEXT,
        asking_contact=CONTACT,
        asked_contact=CONTACT,
        activated_at=midnight(starts_on) if begun else None,
        ended_at=midnight(ends_on + timedelta(days=1)) if over else None,
    )


def lay_agreements(
    agreements: Sequence[Agreement],
    services: Sequence[Service] = (Service.CONSULT, Service.MDT, Service.ECG, Service.IMAGING),
) -> None:
    """In bulk: the texts with their services, the clocks of their ends, and what the world sees."""
    require_intention()
    Agreement.objects.bulk_create(agreements)
    AgreementService.objects.bulk_create(
        AgreementService(
            agreement=agreement,
            service=service,
            price=PRICES[service],
            **SHARES,
            asking=agreement.asking,
            asked=agreement.asked,
            during=day_range(agreement.starts_on, agreement.ends_on),
            in_force=agreement.state == Agreement.State.ACTIVE,
        )
        for agreement in agreements
        for service in services
    )
    active = [a for a in agreements if a.state == Agreement.State.ACTIVE]
    Clock.objects.bulk_create(clock for agreement in active for clock in end_clocks(agreement))
    known = Agreement.objects.filter(pk__in=[agreement.pk for agreement in agreements])
    for agreement in known.select_related("asking", "asked").prefetch_related("services"):
        agreement.digest = agreement.compute_digest()
        agreement.save(update_fields=["digest"])
        publication.publish(agreement)


def lay_story() -> None:
    """
    Beside those in force: one that ended, so that nobody may ask the neighbour now; one that ends
    in 12 days; one that waits for the signatures of both heads.
    """
    require_intention()
    day = timezone.localdate()
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    neighbour = Organisation.objects.get(number=province.county_hospital(province.NEIGHBOUR).number)
    numbers = [place.number for place in province.clinics_of_the_story()]
    clinics = list(Organisation.objects.filter(number__in=numbers).order_by("number"))
    state = Agreement.State
    over = [
        _agreement(clinic, neighbour, day - LONG_AGO, day - LATELY, state.EXPIRED)
        for clinic in clinics
    ]
    lay_agreements(over, [Service.CONSULT])
    ending = _agreement(hospital, neighbour, day - YEAR + SOON, day + SOON)
    lay_agreements([ending], [Service.PATHOLOGY])
    first = Organisation.objects.get(number=numbers[0])
    proposed = _agreement(first, hospital, day + NEXT_WEEK, day + YEAR, state.PROPOSED)
    lay_agreements([proposed], [Service.PATHOLOGY, Service.ULTRASOUND])
