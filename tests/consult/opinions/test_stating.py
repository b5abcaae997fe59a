"""What each expert of a joint consult says of the conclusion, and when the chair may sign."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import translation

from consult.opinions import sealing, services
from consult.opinions.models import ExpertView, Opinion
from consult.requests import services as requests
from consult.requests.models import Offer, Status
from consult.requests.queries import get_case
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.people import signing
from telemed.people.models import Role
from tests.consult.requests.looking import actions, clock_states, published, told
from tests.factories.consult import (
    PIN,
    TEXTS,
    accepted_case,
    joint_accepted,
    joint_met,
    sign,
    write,
)
from tests.factories.people import PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
WHY = "血压波动与心律失常有关，不支持单纯脑梗死，建议先做动态心电图。"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as clock, translation.override("en"):
        yield clock


def state(scene, by, expert, view="agree", **more):
    with by(expert):
        return services.state_view(actor=expert, case_id=scene.case.pk, view=view, **more)


def dissent(scene, by, expert, text=WHY, pin=PIN):
    return state(scene, by, expert, "dissent", text=text, pin=pin)


def test_at_the_end_of_the_room_each_expert_is_asked_and_the_opinion_is_due(by):
    scene = joint_met()
    assert told(scene.heart)[-1] == told(scene.lungs)[-1] == "mdt.statement"
    assert "mdt.statement" not in told(scene.specialist)  # the chair concludes
    assert clock_states(scene.case, "case.done") == {ClockState.RUNNING}
    assert clock_states(scene.case, "case.schedule") == set()
    assert set(ExpertView.objects.values_list("view", flat=True)) == {"asked"}
    with by(scene.specialist):
        assert services.ask_statements(case_id=scene.case.pk) == 0  # seen twice
    assert Clock.objects.filter(kind="mdt.statement").count() == 4
    done = Clock.objects.filter(about=scene.case.pk, kind="case.done", rung=1)
    assert done.get().due_at == START + timedelta(days=1, hours=10)  # 16 working hours


def test_a_room_that_ended_before_they_met_asks_nobody(by):
    for scene in (joint_accepted(), accepted_case()):
        with by(scene.specialist):
            assert services.ask_statements(case_id=scene.case.pk) == 0
        assert not ExpertView.objects.exists()


def test_the_chair_signs_when_every_expert_has_spoken_and_the_dissent_is_in_it(by):
    scene = joint_met()
    write(scene)
    with pytest.raises(Conflict, match="2 experts have not stated a view"):
        sign(scene)
    state(scene, by, scene.heart, text="同意")
    with pytest.raises(Conflict, match="1 expert has not stated a view"):
        sign(scene)
    dissent(scene, by, scene.lungs)

    opinion = sign(scene)

    assert scene.case.status == Status.SIGNED
    said = sealing.facts_of(opinion)["statements"]
    assert [(s["name"], s["view"], s["text"]) for s in said] == [
        (scene.heart.name, "agree", "同意"),
        (scene.lungs.name, "dissent", WHY),
    ]
    assert sealing.is_intact(opinion)
    assert set(scene.case.offers.values_list("status", flat=True)) == {Offer.Status.DONE}
    composition = published(opinion.pk)
    assert len(composition["author"]) == 3
    section = next(s for s in composition["section"] if "Dissent" in s["title"])
    assert WHY in section["text"]["div"]
    assert section["author"][0]["display"] == scene.lungs.name
    assert {a["mode"] for a in composition["attester"]} == {"legal", "professional"}


def test_who_loses_the_seat_is_waited_for_no_longer(by):
    scene = joint_met()
    write(scene)
    state(scene, by, scene.heart)
    with by(scene.lungs):
        requests.return_case(actor=scene.lungs, case_id=scene.case.pk, reason="临时有急诊手术")
    assert [s["name"] for s in sealing.facts_of(sign(scene))["statements"]] == [scene.heart.name]


def test_who_says_nothing_in_time_is_reminded_then_counted_as_silent(by, clock):
    scene = joint_met()
    write(scene)
    state(scene, by, scene.heart)
    clock.move_to(START + timedelta(days=1, hours=4, seconds=1))
    fire_due()
    assert told(scene.lungs).count("mdt.statement") == 2
    assert told(scene.heart).count("mdt.statement") == 1
    with pytest.raises(Conflict):
        sign(scene)
    clock.move_to(START + timedelta(days=2, hours=10, seconds=1))
    fire_due()
    assert ExpertView.objects.get(expert=scene.lungs).view == "none"
    assert "mdt.unstated" in told(scene.coordinator)
    assert "mdt.unstated" in told(scene.specialist)
    assert actions(scene.case)[-1] in ("opinion.unstated", "case.escalate")
    late = state(scene, by, scene.lungs)  # before the chair has signed, it still counts
    assert late.view == "agree"
    sign(scene)


def test_a_view_is_changed_until_the_chair_signs_and_not_after(by):
    scene = joint_met()
    write(scene)
    state(scene, by, scene.heart)
    dissent(scene, by, scene.lungs)
    back = state(scene, by, scene.lungs, text="讨论后同意")
    assert (back.digest, bytes(back.signature)) == ("", b"")
    steps = scene.case.steps.count()
    state(scene, by, scene.lungs, text="讨论后同意")  # the same again
    assert scene.case.steps.count() == steps
    opinion = sign(scene)
    for act in (state, dissent):
        with pytest.raises(Conflict, match="can't be changed any more"):
            act(scene, by, scene.lungs)
    assert Opinion.objects.get(pk=opinion.pk).digest == opinion.digest


def test_a_dissent_is_reasoned_and_signed(by):
    scene = joint_met()
    with pytest.raises(Invalid) as refused:
        dissent(scene, by, scene.heart, text="不同意")
    assert refused.value.path == "text"
    with pytest.raises(signing.WrongPin):
        dissent(scene, by, scene.heart, pin="000000")
    assert ExpertView.objects.get(expert=scene.heart).view == "asked"
    with pytest.raises(Invalid, match="agree or dissent"):
        state(scene, by, scene.heart, "none")
    with pytest.raises(Invalid):
        state(scene, by, scene.heart, text="x" * 2001)
    made = dissent(scene, by, scene.heart)
    assert signing.verify(bytes(made.public_key), bytes(made.signature), bytes.fromhex(made.digest))
    assert json.loads(made.sealed)["text"] == WHY


def test_the_database_keeps_no_dissent_without_reason_or_signature(by):
    scene = joint_met()
    with pytest.raises(IntegrityError, match="a_dissent_is_reasoned_and_signed"):
        ExpertView.objects.filter(expert=scene.heart).update(view="dissent", text=WHY)


def test_only_the_experts_state_and_only_the_chair_signs(by):
    scene = joint_met()
    write(scene)
    stranger = StaffFactory(role=Role.SPECIALIST)
    PractitionerFactory(user=stranger)
    for actor in (scene.specialist, scene.asker, scene.coordinator):
        with pytest.raises(Forbidden):
            state(scene, by, actor)
    with pytest.raises(NotFound):
        state(scene, by, stranger)
    state(scene, by, scene.heart)
    state(scene, by, scene.lungs)
    for act in (
        lambda: services.save_draft(actor=scene.heart, case_id=scene.case.pk, **TEXTS),
        lambda: services.sign_opinion(actor=scene.heart, case_id=scene.case.pk, pin=PIN),
    ):
        with pytest.raises(Forbidden), by(scene.heart):
            act()


def test_nobody_states_before_they_have_met(by):
    scene = joint_accepted()
    with pytest.raises(Conflict, match="once the experts have met"):
        state(scene, by, scene.heart)


def test_after_signing_an_expert_still_reads_the_case_and_after_a_withdrawal_states_anew(by):
    scene = joint_met()
    office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=scene.hospital)
    write(scene)
    for expert in (scene.heart, scene.lungs):
        state(scene, by, expert)
    sign(scene)
    assert get_case(scene.heart, scene.case.pk).status == Status.SIGNED
    with by(scene.specialist):
        services.ask_withdrawal(
            actor=scene.specialist, case_id=scene.case.pk, reason="影像与另一位病人配错"
        )
    with by(office):
        services.confirm_withdrawal(actor=office, case_id=scene.case.pk)
    assert scene.refresh().status == Status.IN_PROGRESS
    dissent(scene, by, scene.heart)
    write(scene)
    assert sealing.facts_of(sign(scene))["statements"][0]["view"] == "dissent"
