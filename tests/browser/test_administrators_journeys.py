"""Administrators: a clinic, a doctor who left, a bad line, a rule, an audit question."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consult.requests.models import Case, Offer
from telemed.audit import sealing
from telemed.audit import services as audit
from telemed.audit.models import Seal
from telemed.core import outbox
from telemed.core.intentions import System, intention
from telemed.devices.models import Ticket
from telemed.organisations.models import Division, Organisation
from telemed.people.models import Role, User
from telemed.staff import sheet
from tests.factories.consult import accepted_case, signed_case
from tests.factories.people import (
    ClinicFactory,
    DivisionFactory,
    OrganisationFactory,
    PractitionerFactory,
    StaffFactory,
)
from tests.marks import committed

pytestmark = committed
LEAVES = "调离本院，手续已办"


@pytest.fixture
def authority(transactional_db):
    province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
    DivisionFactory(code="520121101", level=Division.Level.TOWNSHIP, name="龙岗镇")
    kind = Organisation.Kind.AUTHORITY
    return OrganisationFactory(kind=kind, division=province, name="贵州省卫生健康委员会")


@pytest.fixture
def administrator(authority):
    return StaffFactory(role=Role.ADMINISTRATOR, organisation=authority)


@pytest.fixture
def people(tmp_path):
    """A clinic with two doctors; the licence of the second lacks four of its columns."""
    first, *rest = sheet.EXAMPLE
    good = [first, *rest]
    bad = [*good[:5], "吴敏", "wu.min", "", *good[8:10], "", "110520000000002", "", "", ""]
    path = tmp_path / "龙岗镇卫生院.csv"
    lines = [[column.chinese for column in sheet.COLUMNS], good, bad]
    path.write_text("\n".join(",".join(line) for line in lines), encoding="gb18030")
    return path


def test_a_clinic_comes_in_with_its_doctors(hand_of, administrator, people):
    hand = hand_of(administrator)
    page = hand.page
    hand.do("nav a[href='/staff/']")
    hand.do("a[href='/staff/import/']")
    hand.attach("#file", people)
    hand.do("main form button.btn--p")
    expect(page.locator("main table")).to_contain_text("职称")
    hand.sees("administrator-1-mistakes")
    hand.do("button[name=only_good]")

    # Then the good row is stored with a link to hand over, and the bad one can be taken home
    expect(page.locator("main tbody tr")).to_have_count(1)
    hand.sees("administrator-1-stored")
    hand.arrived("administrator 1")
    assert User.objects.filter(username="zhang.shili").exists()
    with page.expect_download() as taken:
        hand.do("a[href$='bad.csv']")
    assert "吴敏" in taken.value.path().read_text(encoding="utf-8-sig")


def test_a_doctor_left(hand_of):
    scene = accepted_case()
    signed = signed_case(around=scene).case
    colleague = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital, name="韦正义")
    PractitionerFactory(user=colleague)
    administrator = StaffFactory(role=Role.ADMINISTRATOR, organisation=scene.hospital)
    hand = hand_of(administrator)
    page = hand.page
    hand.do("nav a[href='/staff/']")
    hand.type("#sq", scene.specialist.name)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    hand.do(f"main td a[href='/staff/{scene.specialist.pk}/']")
    hand.do("main a[href$='/close/']")
    expect(page.locator("#to option:checked")).to_contain_text("韦正义")  # of the same specialty
    hand.sees("administrator-2-in-hand")
    hand.type("#why", LEAVES)
    hand.do("main form button.btn--r")
    page.wait_for_url(f"**/staff/{scene.specialist.pk}/")

    # Then what was open is the colleague's at once, and what was signed stays as it is
    hand.sees("administrator-2-closed")
    hand.arrived("administrator 2")
    outbox.deliver_waiting()
    assert scene.refresh().holder == colleague
    assert scene.case.offers.get(doctor=colleague).status == Offer.Status.ACCEPTED
    assert Case.objects.get(pk=signed.pk).opinions.get().author_id == scene.specialist.pk


def test_a_line_is_bad(hand_of, authority):
    clinic = ClinicFactory()
    administrator = StaffFactory(role=Role.ADMINISTRATOR, organisation=clinic)
    hand = hand_of(administrator)
    page = hand.page
    hand.do("nav a[href='/devices/']")
    hand.do(f"main a[href='/devices/of/{clinic.pk}/']")
    hand.type("#ft", "下午视频总是卡顿，请电信检修")
    expect(page.locator("main a[href^='tel:']")).to_be_visible()  # who is offline can be phoned
    hand.sees("administrator-3-line")
    hand.do("form[action$='/ticket/'] button")
    expect(page.locator("#open")).to_be_visible()

    hand.sees("administrator-3-reported")
    hand.arrived("administrator 3")
    assert Ticket.objects.get().device is None


def test_a_rule_changes(hand_of, administrator):
    hand = hand_of(administrator)
    page = hand.page
    hand.do("nav a[href='/organisations/policies/']")
    hand.do("a[href='/organisations/policies/oversight.silent/']")
    later = timezone.localtime() + timedelta(days=3)
    hand.type("main form input[type=number]", "10")
    hand.type("#id_reason", "农闲时节，十日无申请即询问")
    hand.type("#id_effective_at", f"{later:%Y-%m-%dT09:00}")
    hand.sees("administrator-4-rule")
    hand.do("main form button.btn--p")
    hand.sees("administrator-4-ahead", "button[name=confirm]")
    hand.do("button[name=confirm]")
    expect(page.locator("#history")).to_be_visible()
    hand.sees("administrator-4-planned")
    hand.arrived("administrator 4")


def test_an_audit_question(hand_of):
    auditor = StaffFactory(role=Role.AUDITOR)
    doctor = StaffFactory(role=Role.SPECIALIST, organisation=auditor.organisation, name="罗晓岚")
    for number in range(3):
        with intention(doctor, door="test"):
            audit.record(action="chart.read", target=f"Person/{number}", reason="open_request")
    with intention(System("sealer"), door="test"):
        sealing.seal()
    hand = hand_of(auditor)
    page = hand.page
    hand.choose("#ts", "all")
    hand.choose("#td", "31")
    hand.type("#tq", "罗晓岚")
    page.keyboard.press("Enter")
    page.wait_for_url("**days=31*")
    expect(page.locator("main tbody tr")).to_have_count(3)
    hand.sees("administrator-5-found")
    with page.expect_download() as taken:
        hand.do("a[href*='/trace/export/']")
    assert taken.value.suggested_filename.startswith("telemed-trace-")
    hand.arrived("administrator 5")

    # And where the chain is broken, it is said loudly and nothing is handed over
    newest = Seal.objects.latest("until")
    Seal.objects.create(since=newest.until, until=newest.until + 1, rows=0, hash="0" * 64)
    page.reload()
    expect(page.locator("main [role=alert]")).to_be_visible()
    expect(page.locator("a[href*='/trace/export/']")).to_have_count(0)
    hand.sees("administrator-5-broken")
