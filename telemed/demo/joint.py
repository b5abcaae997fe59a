"""One joint consult (MDT) half way, so that its pages have something to show: synthetic."""

from collections.abc import Callable, Iterator
from functools import partial

from consult.requests import queries
from consult.requests import services as requests
from consult.requests.models import Case, Kind, WantedTime
from records.consent.models import Consent
from records.mpi.models import Patient
from telemed.demo import province
from telemed.demo.accounts import get_user
from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import User

PATIENT = "单秀兰"
WRITTEN = {
    "reason": "反复头晕、胸闷 2 周，走路不稳",
    "aim": "明确头晕原因，抗凝药如何调整",
    "wanted_time": WantedTime.THIS_WEEK,
    "summary": "女，78 岁。房颤 5 年，长期服抗凝药；血压 168/96 mmHg，心率 104 次/分。（演示）",
    "specialty": Specialty.NEUROLOGY,
}
FURTHER = [Specialty.CARDIOLOGY, Specialty.RESPIRATORY]
SAID = (
    ("chair", "会前请补一份近期心电图和出院小结。（演示）", False),
    ("asker", "纸质心电图翻拍和出院小结已加到影像里。（演示）", False),
    ("asker", "当天上午停电检修，视频请安排在下午。（演示）", True),
)
AGENDA = "1. 头晕原因\n2. 抗凝药是否减量\n3. 是否转诊"
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
Act = tuple[User, Callable[[], object]]


def story() -> Iterator[Act]:
    """Who does what, one after the other; the door opens an intention for each."""
    asker, coordinator = get_user("township"), get_user("coordinator")
    chair, heart, lungs = (get_user(name) for name in ("specialist", "specialist5", "specialist3"))
    patient = Patient.objects.get(name=PATIENT, managing_organisation=asker.organisation_id)
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    yield asker, lambda: requests.draft_case(actor=asker, patient=patient, kind=Kind.MDT)
    case = Case.objects.get(patient=patient, kind=Kind.MDT)
    yield (
        asker,
        lambda: requests.save_draft(
            actor=asker,
            case_id=case.pk,
            joint=True,
            further=FURTHER,
            asked=hospital.pk,
            wanted_doctor=chair.pk,
            **WRITTEN,
        ),
    )
    yield (
        asker,
        lambda: requests.attach_consent(
            actor=asker,
            case_id=case.pk,
            method=Consent.Method.DRAWN,
            relation=Consent.Relation.SELF,
            signer_name=PATIENT,
            signature=DOT,
            fee_shown=requests.fee_of(queries.get_case(asker, case.pk)) or 0,
        ),
    )
    yield asker, lambda: requests.submit_case(actor=asker, case_id=case.pk)
    seats = {
        Specialty.NEUROLOGY: chair,
        Specialty.CARDIOLOGY: heart,
        Specialty.RESPIRATORY: lungs,
    }
    slots = queries.common_times([asker, *seats.values()])
    tomorrow = slots[min(len(slots) - 1, 16)]  # a working day has sixteen half hours
    yield (
        coordinator,
        lambda: requests.convene(
            actor=coordinator,
            case_id=case.pk,
            experts={name.value: doctor.pk for name, doctor in seats.items()},
            chair=Specialty.NEUROLOGY.value,
            starts_at=tomorrow.starts_at,
            agenda=AGENDA,
        ),
    )
    yield chair, lambda: requests.accept_case(actor=chair, case_id=case.pk)
    yield (
        heart,
        lambda: requests.decline_case(
            actor=heart, case_id=case.pk, code="other", text="当天全天手术"
        ),
    )
    yield from _said(case, {"chair": chair, "asker": asker})


def _said(case: Case, people: dict[str, User]) -> Iterator[Act]:
    """Both sides write to each other before they meet."""
    for who, text, shared in SAID:
        say = partial(
            requests.write_message,
            actor=people[who],
            case_id=case.pk,
            text=text,
            for_coordinators=shared,
        )
        yield people[who], say
