"""What a device says of a measured value without a line: the same as the server."""

import json

import pytest
from django.utils import translation

from scheduling.duties import limits
from scheduling.duties.forms import ServeForm
from scheduling.duties.models import Code
from scheduling.registration.models import Group
from telemed.core.errors import Conflict, Invalid
from tests.factories.duties import due, elder_of, seen_before, serve, whole
from tests.factories.people import AgreementFactory
from tests.factories.registration import TeamFactory, join
from tests.marks import committed

pytestmark = committed
DAY = "/family-doctor/duties/"
CASES = [
    {"systolic": "138", "diastolic": "84"},
    {"systolic": " 138 ", "diastolic": "84.0"},
    {"systolic": "180", "diastolic": "84"},
    {"systolic": "179", "diastolic": "110"},
    {"systolic": "84", "diastolic": "138"},
    {"systolic": "120", "diastolic": "120"},
    {"systolic": "29", "diastolic": "20"},
    {"systolic": "301", "diastolic": "90"},
    {"systolic": "13.5", "diastolic": "90"},
    {"systolic": "一百", "diastolic": "90"},
    {"systolic": "", "diastolic": "90"},
    {"systolic": "138", "diastolic": "84", "glucose": "16.7"},
    {"systolic": "138", "diastolic": "84", "glucose": "16.6"},
    {"systolic": "138", "diastolic": "84", "glucose": "3.9"},
    {"systolic": "138", "diastolic": "84", "glucose": "7.25"},
    {"systolic": "138", "diastolic": "84", "glucose": "0.4"},
    {"systolic": "138", "diastolic": "84", "glucose": "61"},
    {"systolic": "138", "diastolic": "84", "mode": "remote"},
    {"systolic": "138", "diastolic": "84", "mode": ""},
    {"systolic": "138", "diastolic": "84", "signs": "on"},
    {"systolic": "138", "diastolic": "84", "item-hb": "19"},
    {"systolic": "138", "diastolic": "84", "item-hb": "131.5"},
    {"systolic": "138", "diastolic": "84", "item-ldl": "2.955"},
    {"systolic": "138", "diastolic": "84", "item-ecg": "fine"},
]
# Beside a form of the check-up from 65 that holds everything.
EXAMS = [
    {},
    {"item-hb": ""},
    {"item-hb": "60"},
    {"item-hb": "61"},
    {"item-tg": "11.30"},
    {"item-ecg": "urgent"},
    {"item-ultrasound": ""},
    {"item-ultrasound": "", "not-ultrasound": "unequipped"},
    {"item-ultrasound": "", "not-ultrasound": "no time"},
    {"glucose": ""},
    {"glucose": "", "not-sugar": "refused"},
]
VERDICT = """async ([address, sent, rule, limits]) => {
  const { problem, warns } = await import(address);
  const fields = { mode: "face_to_face", note: "", ...sent };
  const wrong = problem(fields, rule, limits);
  return wrong ? ["refused", ...wrong] : [warns(fields, rule, limits) ? "warns" : "fine"];
}"""


@pytest.fixture
def team():
    team = TeamFactory()
    hospital = AgreementFactory(asking=team.organisation).asked
    hospital.phone = "0851-8722-0120"
    hospital.save()
    team.colleague = join(team)
    return team


def verdict(duty, sent):
    """What the server makes of it: ["refused", where, why] or ["warns" or "fine"]."""
    form = ServeForm({"mode": "face_to_face", **sent})
    if not form.is_valid():
        path, errors = next(iter(form.errors.items()))
        return ["refused", path, str(errors[0])]
    try:
        done = serve(duty, found=form.findings())
    except Invalid as error:
        return ["refused", error.path, error.message]
    except Conflict as error:
        return ["refused", error.path, error.message]
    return ["warns" if done.is_warned else "fine"]


def test_the_device_checks_as_the_server_does(page_as, team):
    page = page_as(team.leader)
    page.goto(DAY)
    page.goto("/")
    rule = {"asks": ["pressure"], "face": True}
    with translation.override("en"):
        told = limits.as_data()
        address = page.locator("script[src*='duties/waiting']").get_attribute("src")
        address = address.replace("waiting", "check")
        said = [page.evaluate(VERDICT, [address, sent, rule, told]) for sent in CASES]
        assert said == [verdict(due(team), sent) for sent in CASES]
    assert {one[0] for one in said} == {"refused", "warns", "fine"}


def test_the_device_checks_the_parts_of_an_exam_as_the_server_does(page_as, team):
    exams = [
        due(team, Code.ELDERLY_EXAM, group=Group.ELDERLY, patient=elder_of(team)) for _ in EXAMS
    ]
    page = page_as(team.leader)
    page.goto(f"{DAY}{exams[0].pk}/")
    rule = json.loads(page.locator("#duty-facts").text_content())["rule"]
    with translation.override("en"):
        told = limits.as_data()
        address = page.locator("script[src*='duties/waiting']").get_attribute("src")
        address = address.replace("waiting", "check")
        found = whole(exams[0])
        full = {"systolic": "138", "diastolic": "84", "glucose": "5.6", **found.entries}
        sent = [full | changed for changed in EXAMS]
        said = [page.evaluate(VERDICT, [address, one, rule, told]) for one in sent]
        assert said == [verdict(exam, one) for exam, one in zip(exams, sent, strict=True)]
    assert {one[0] for one in said} == {"refused", "warns", "fine"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"systolic": "140", "diastolic": "84"}, "warns"),
        ({"systolic": "139", "diastolic": "90"}, "warns"),
        ({"systolic": "139", "diastolic": "89"}, "fine"),
    ],
)
def test_the_device_knows_that_the_visit_before_was_no_better(page_as, team, sent, said):
    duty = seen_before(due(team), systolic=150, diastolic=95)
    page = page_as(team.leader)
    page.goto(f"{DAY}{duty.pk}/")
    rule = json.loads(page.locator("#duty-facts").text_content())["rule"]
    told = json.loads(page.locator("#duty-limits").text_content())
    address = page.locator("script[src*='duties/waiting']").get_attribute("src")
    address = address.replace("waiting", "check")
    assert page.evaluate(VERDICT, [address, sent, rule, told]) == [said]
    assert verdict(duty, sent) == [said]
