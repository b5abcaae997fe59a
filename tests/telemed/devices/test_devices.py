"""The register of devices: who stands idle, why, what is broken, and how the line is."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.intentions import System, intention
from telemed.devices import queries, services, sheet
from telemed.devices.models import Device, LinkTest, Reason, Ticket
from telemed.organisations.models import Division, Organisation
from telemed.people.models import Role
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DivisionFactory,
    OrganisationFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.fixture
def admin(clinic):
    return StaffFactory(role=Role.ADMINISTRATOR, organisation=clinic, language="en")


def do(service, actor, **arguments):
    with intention(actor, door="test"):
        return service(actor=actor, **arguments)


def register(admin, serial="SN-1", **more):
    facts = {"kind": "ultrasound", "name": "DC-30", "serial": serial, **more}
    return do(services.register_device, admin, **facts)


@pytest.fixture
def device(admin):
    """Registered 20 days ago, and never used."""
    with time_machine.travel(timezone.now() - 20 * DAY):
        return register(admin)


def used(clinic, serial, at=None):
    with intention(System("test"), door="test"):
        return services.note_use(organisation_id=clinic.pk, serials={serial}, at=at)


def idle(actor):
    return [line.device for line in queries.list_devices(actor, show="idle").lines]


def test_a_device_of_which_nothing_came_for_a_fortnight_is_idle(admin, device):
    register(admin, serial="SN-2")

    (line,) = queries.list_devices(admin, show="idle").lines
    assert (line.device, line.days) == (device, 20)
    assert len(queries.list_devices(admin).lines) == 2


def test_what_comes_from_it_is_a_use_and_takes_the_reason_away(clinic, admin, device):
    do(services.give_reason, admin, device_id=device.pk, reason=Reason.BROKEN)
    yesterday = timezone.now() - DAY

    assert used(clinic, "SN-1", yesterday) == 1

    device.refresh_from_db()
    assert (device.used_at, device.reason, device.reason_at) == (yesterday, "", None)
    assert idle(admin) == []


def test_an_older_picture_that_comes_late_changes_nothing(clinic, device):
    used(clinic, "SN-1", timezone.now() - DAY)
    used(clinic, "SN-1", timezone.now() - 9 * DAY)

    device.refresh_from_db()
    assert device.used_at > timezone.now() - 2 * DAY


def test_a_device_that_dates_its_pictures_in_the_future_was_used_now(clinic, device):
    used(clinic, "SN-1", timezone.now() + 400 * DAY)

    device.refresh_from_db()
    assert device.used_at <= timezone.now()


def test_the_same_serial_elsewhere_is_another_device(device):
    assert used(ClinicFactory(), "SN-1") == 0
    device.refresh_from_db()
    assert device.used_at is None


def test_somebody_says_that_it_was_used(admin, device):
    do(services.say_used, admin, device_id=device.pk)

    device.refresh_from_db()
    assert device.by_hand
    assert idle(admin) == []
    assert AuditRow.objects.get(action="device.use").actor_id == admin.actor_id


def test_another_reason_is_said_in_words_and_can_be_said_anew(admin, device):
    with pytest.raises(Invalid) as refused:
        do(services.give_reason, admin, device_id=device.pk, reason="other", text="x")
    assert refused.value.path == "text"
    with pytest.raises(Invalid):
        do(services.give_reason, admin, device_id=device.pk, reason="nonsense")

    do(services.give_reason, admin, device_id=device.pk, reason="other", text="探头送去检定了")
    do(services.give_reason, admin, device_id=device.pk, reason="broken")
    device.refresh_from_db()
    assert (device.reason, device.text) == ("broken", "")
    assert idle(admin) == [device]


def test_one_serial_number_is_one_device_until_it_is_retired(admin, device):
    with pytest.raises(Conflict) as refused:
        register(admin)
    assert refused.value.path == "serial"

    do(services.retire_device, admin, device_id=device.pk)
    assert register(admin).pk != device.pk
    with pytest.raises(NotFound):
        do(services.say_used, admin, device_id=device.pk)


def test_only_the_institutions_administrator_keeps_the_register(clinic, device):
    head = StaffFactory(role=Role.HEAD, organisation=clinic)
    with pytest.raises(Forbidden):
        register(head, serial="SN-9")
    with pytest.raises(Forbidden):
        do(services.retire_device, head, device_id=device.pk)
    stranger = StaffFactory(role=Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        do(services.retire_device, stranger, device_id=device.pk)


def test_who_sees_it(clinic, device):
    hospital = OrganisationFactory()
    AgreementFactory(asking=clinic, asked=hospital)
    province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=province)
    far = DivisionFactory(code="530000", level=Division.Level.PREFECTURE, name="云南")
    abroad = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=far)
    seen = {
        StaffFactory(role=Role.HEAD, organisation=clinic): True,
        StaffFactory(role=Role.COORDINATOR, organisation=hospital): True,
        StaffFactory(role=Role.OFFICIAL, organisation=authority): True,
        StaffFactory(role=Role.ADMINISTRATOR, organisation=authority): True,
        StaffFactory(role=Role.OFFICIAL, organisation=abroad): False,
        StaffFactory(role=Role.ADMINISTRATOR, organisation=hospital): False,
        StaffFactory(role=Role.COORDINATOR): False,
        StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=clinic): False,
    }
    for actor, sees in seen.items():
        assert bool(idle(actor)) == sees, actor.role
        assert queries.institutions_of(actor).filter(pk=clinic.pk).exists() == sees


def test_a_fault_is_open_once_and_closed_with_what_was_done(clinic, admin, device):
    about = {"organisation_id": clinic.pk, "device_id": device.pk}
    ticket = do(services.open_ticket, admin, text="开机黑屏，请检修", **about)
    line = {"organisation_id": clinic.pk}
    do(services.open_ticket, admin, text="线路太慢，无法视频", **line)
    for twice in (about, line):
        with pytest.raises(Conflict, match="reported already"):
            do(services.open_ticket, admin, text="开机黑屏，请检修", **twice)
    with pytest.raises(Conflict, match="still open"):
        do(services.retire_device, admin, device_id=device.pk)
    with pytest.raises(Invalid):
        do(services.close_ticket, admin, ticket_id=ticket.pk, done="ok")

    do(services.close_ticket, admin, ticket_id=ticket.pk, done="更换电源后正常")
    do(services.close_ticket, admin, ticket_id=ticket.pk, done="又点了一次的")

    ticket.refresh_from_db()
    assert ticket.done == "更换电源后正常"
    assert do(services.open_ticket, admin, text="又黑屏了，请再看", **about)


def test_a_fault_names_a_device_of_that_institution(clinic, admin, device):
    other = StaffFactory(role=Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        do(services.open_ticket, other, organisation_id=clinic.pk, text="开机黑屏，请检修")
    theirs = register(other, serial="X-1")
    with pytest.raises(NotFound):
        do(
            services.open_ticket,
            admin,
            organisation_id=clinic.pk,
            device_id=theirs.pk,
            text="开机黑屏，请检修",
        )


def test_the_database_keeps_one_device_a_serial(clinic, device):
    with pytest.raises(IntegrityError):
        Device.objects.create(organisation=clinic, kind="ecg", name="x", serial=device.serial)


def bring(client, *lines, **more):
    head = ",".join(column.chinese for column in sheet.COLUMNS)
    file = SimpleUploadedFile("devices.csv", "\n".join([head, *lines]).encode("gb18030"))
    return client.post(reverse("devices:import"), {"file": file, **more}, follow=True)


def test_a_list_comes_in_and_twice_is_once(client, admin):
    client.force_login(admin)
    lines = ["ecg,ECG-1200,E-1,诊室", "ultrasound,DC-30,U-1,"]
    assert bring(client, *lines).status_code == 200
    assert bring(client, *lines).status_code == 200

    assert set(Device.objects.values_list("serial", "kind", "place")) == {
        ("E-1", "ecg", "诊室"),
        ("U-1", "ultrasound", ""),
    }


def test_mistakes_come_back_by_row_and_nothing_is_stored(client, admin):
    client.force_login(admin)
    lines = ["ecg,ECG-1200,E-1,", "spaceship,X,E-2,", "ecg,ECG-1200,E-1,", "ecg,,E-3,"]
    page = bring(client, *lines)

    assert page.status_code == 422
    found = [(m.row, m.key) for m in page.context["mistakes"]]
    assert found == [(3, "kind"), (4, "serial"), (5, "name")]
    assert not Device.objects.exists()
    assert bring(client, *lines, only_good="on").status_code == 200
    assert list(Device.objects.values_list("serial", flat=True)) == ["E-1"]


def test_a_page_of_a_clinic_shows_the_phone_the_last_check_and_takes_a_fault(
    client, clinic, admin, device
):
    clinic.phone = "0851-87220001"
    clinic.save()
    client.force_login(admin)
    client.cookies["language"] = "en"
    measured = {"kbit_s": "600", "rtt_ms": "120", "lost": "0", "tries": "5"}
    assert client.post(reverse("devices:link"), measured).status_code == 204
    url = reverse("devices:clinic", args=[clinic.pk])

    page = client.get(url)

    assert "0851-87220001" in page.content.decode()
    (test,) = page.context["clinic"].tests
    assert (test.kbit_s, test.level) == (600, 3)
    answer = client.post(f"{url}ticket/", {"device": str(device.pk), "text": "开机黑屏，请检修"})
    assert answer.url == url
    refused = client.post(f"{url}ticket/", {"text": "x"}, follow=True)
    assert "5 to 200 characters" in refused.content.decode()
    assert client.post(f"{url}ticket/", {"device": "x", "text": "开机黑屏"}, follow=True)
    assert Ticket.objects.count() == 1


def test_a_measure_that_can_not_be_is_refused(client, admin):
    client.force_login(admin)
    good = {"kbit_s": "600", "rtt_ms": "120", "lost": "0", "tries": "5"}
    for wrong in ({"kbit_s": "-1"}, {"rtt_ms": "x"}, {"tries": "0"}, {"lost": "6"}):
        answer = client.post(
            reverse("devices:link"), good | wrong, headers={"accept": "application/json"}
        )
        assert answer.status_code == 422
    assert not LinkTest.objects.exists()


def test_the_sample_is_as_long_as_it_says(client, admin):
    client.force_login(admin)
    assert len(client.get(reverse("devices:sample")).content) == 1
    assert len(client.get(reverse("devices:sample"), {"big": "1"}).content) == 64_000


def test_the_list_is_searched_paged_and_costs_the_same(client, admin, monkeypatch):
    monkeypatch.setattr("telemed.devices.queries.PAGE", 2)
    for n in range(5):
        register(admin, serial=f"SN-{n}", name=f"DC-{n}")
    client.force_login(admin)
    url = reverse("devices:home")
    client.get(url)

    with CaptureQueriesContext(connection) as one:
        found = client.get(url, {"q": "dc-3"}).context["page"]
    seen, query = [], {}
    while True:
        with CaptureQueriesContext(connection) as many:
            page = client.get(url, query).context["page"]
        seen += [line.device.serial for line in page.lines]
        if not page.after:
            break
        query = {"after": page.after}

    assert [line.device.serial for line in found.lines] == ["SN-3"]
    assert sorted(seen) == [f"SN-{n}" for n in range(5)]
    assert abs(len(many) - len(one)) <= 1
    for wrong in ({"after": "x"}, {"show": "x"}):
        assert client.get(url, wrong).status_code == 422


def test_idle_devices_stand_beside_the_silent_institutions(client, clinic, device):
    head = StaffFactory(role=Role.HEAD, organisation=clinic)
    client.force_login(head)

    page = client.get(reverse("oversight:silent"))

    assert [line.device for line in page.context["devices"]] == [device]
    assert reverse("devices:clinic", args=[clinic.pk]) in page.content.decode()
