"""A rule that would touch open consults: the page says how many; what was promised stays."""

from datetime import timedelta

import pytest
from django.urls import reverse

from consult.requests.models import Kind
from telemed.core.models import Clock, PolicyChange
from telemed.people.models import Role
from tests.factories.consult import accepted_case, drafted_case, joint_invited, sent_case
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db


def due(case):
    return Clock.objects.get(about=case.pk, kind="case.accept", rung=1).due_at


def look(client, scene, rule, **sent):
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR, organisation=scene.hospital))
    wanted = {"reason": "冬季人手不足", "seen": "0", **sent}
    address = reverse("organisations:policy", args=[rule])
    client.cookies["language"] = "en"
    return client.post(address, wanted).content.decode()


def test_the_page_names_the_open_consults_and_they_keep_their_promise(client):
    scene = sent_case()
    sent_case()  # of another hospital
    drafted_case(around=scene)
    before = due(scene.case)
    new = {"amount": "30", "unit": "m"}

    page = look(client, scene, "case.accept", **new)
    assert "1 open consult keeps the time that it was promised" in page
    assert scene.case.number in page
    assert not PolicyChange.objects.exists()

    look(client, scene, "case.accept", confirm="1", **new)
    assert PolicyChange.objects.get().value == timedelta(minutes=30).total_seconds()
    assert due(scene.case) == before
    later = sent_case(around=scene)
    assert due(later.case) < before


@pytest.mark.parametrize(
    ("rule", "maker", "options"),
    [
        ("case.accept.emergency", sent_case, {"kind": Kind.EMERGENCY}),
        ("case.done", accepted_case, {}),
        ("case.accept.mdt", joint_invited, {}),
        ("case.schedule", joint_invited, {}),
    ],
)
def test_each_length_counts_what_runs_under_it(client, rule, maker, options):
    scene = maker(**options)
    page = look(client, scene, rule, amount="45", unit="m")
    assert "1 open consult keeps the time that it was promised" in page


def test_an_emergency_does_not_count_among_the_others(client):
    scene = sent_case(kind=Kind.EMERGENCY)
    page = look(client, scene, "case.accept", amount="45", unit="m")
    assert "What runs already is not changed" in page


def test_what_waits_to_be_sorted_goes_on_waiting(client):
    scene = drafted_case()
    PolicyChange.objects.create(
        name="case.triage",
        organisation_id=scene.hospital.pk,
        value=True,
        effective_at="2020-01-01T00:00Z",
        set_by="user:test",
        reason="先分诊",
    )
    sent_case(around=scene)
    page = look(client, scene, "case.triage", value="off")
    assert "1 open consult waits for a coordinator" in page


def test_a_length_that_no_consult_could_keep_is_refused(client):
    scene = sent_case()
    page = look(client, scene, "case.accept", amount="0", unit="m")
    assert "From 30 min" in page
    assert not PolicyChange.objects.exists()
