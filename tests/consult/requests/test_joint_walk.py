"""
A random walk through the life of a joint consult: chair, experts, coordinator, asking doctor and
office do what they may and may not, time passes, clocks fire.

Whatever is refused changes nothing; whatever is done leaves the invariants standing.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template.loader import render_to_string
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from consult.opinions import panels
from consult.opinions import services as opinions
from consult.opinions.models import ExpertView, Opinion
from consult.opinions.queries import opinions_of
from consult.requests import roomport, services
from consult.requests.models import ANSWERED, ENDED, HELD, OPEN, OVER, HalfHour, Offer, Status
from consult.requests.models.case import TRANSITIONS
from telemed.core.clocks import fire_due
from telemed.core.errors import DomainError, NotFound
from telemed.core.intentions import System, intention
from telemed.core.models import Clock, ClockState
from telemed.people import signing
from telemed.people.models import Role
from tests.factories.consult import PIN, TEXTS, half_hour_of, joint_sent
from tests.factories.people import PractitionerFactory, StaffFactory

WALKS, STEPS = 2, 12  # from each of the beginnings
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
REASON = "病情有变化，需要调整会诊安排"
CHAIR, EXPERTS = "neurology", ("cardiology", "respiratory")
SYSTEM = System("walk")
WATCHING = ("asker", "coordinator", "resident", "heart", "lungs")  # who might read too early
WAITS = [timedelta(minutes=35), timedelta(hours=5), timedelta(hours=13), timedelta(hours=26)]
LONG = [timedelta(hours=80), timedelta(days=8)]
LIKELY = [
    ("convene", "coordinator"),
    *[("accept", who) for who in ("chair", "chair", "heart", "heart", "lungs")],
    ("agree", "asker"),
    ("meet", "room"),
    ("meet", "room"),
    *[("concur", who) for who in ("heart", "lungs")],
    *[("dissent", who) for who in ("heart", "lungs")],
    *[("merge", "chair"), ("sign", "chair"), ("sign", "chair")],
    ("receipt", "asker"),
]
# A consult without a hitch, of which a walk does as much as it likes.
WELL = [
    *[("accept", who) for who in ("chair", "heart", "lungs")],
    *[("agree", "asker"), ("meet", "room")],
    *[("concur", "heart"), ("concur", "heart2"), ("dissent", "lungs"), ("merge", "chair")],
    *[("sign", "chair"), ("receipt", "asker")],
]
SELDOM = [
    *[("decline", who) for who in ("chair", "heart", "lungs", "chair2", "heart2")],
    *[("return", who) for who in ("chair", "heart", "lungs", "chair2", "heart2")],
    *[("replace_chair", "coordinator"), ("replace_heart", "coordinator")],
    *[("accept", who) for who in ("chair2", "heart2")],
    *[("merge", "chair2"), ("sign", "chair2"), ("concur", "heart2")],
    *[("ask_withdrawal", "chair"), ("confirm_withdrawal", "office")],
    *[("cancel", "asker"), ("uncancel", "asker"), ("close", "asker")],
]


def said_by(actor):
    """A dissent that nobody else writes."""
    return f"血压波动与心律失常有关，不支持单纯脑梗死，建议动态心电图。{actor.username}"


def seat_of(scene, specialty):
    offer = scene.case.offers.filter(specialty=specialty).order_by("-created_at").first()
    return offer.pk if offer else scene.case.pk


def convene(scene, actor):
    services.convene(
        actor=actor,
        case_id=scene.case.pk,
        experts=scene.seats,
        chair=CHAIR,
        starts_at=half_hour_of(1, 10),
    )


def agree(scene, actor):
    meeting = scene.case.meetings.filter(status="proposed").first()
    services.agree_time(
        actor=actor, case_id=scene.case.pk, meeting_id=meeting.pk if meeting else scene.case.pk
    )


def meet(scene, _actor):
    """The room began, and ended: who may enter it is the room's own matter."""
    services.begin_case(case_id=scene.case.pk)
    opinions.ask_statements(case_id=scene.case.pk)


def merge(scene, actor):
    """The chair writes one text out of what the experts said."""
    said = scene.case.statements.filter(view__in=ExpertView.SAID).order_by("pk")
    text = {**TEXTS, "findings": TEXTS["findings"] + "".join(f"\n{one.view}" for one in said)}
    opinions.save_draft(actor=actor, case_id=scene.case.pk, **text)


def replace(specialty, name):
    def act(scene, actor):
        services.replace_expert(
            actor=actor,
            case_id=scene.case.pk,
            offer_id=seat_of(scene, specialty),
            doctor_id=scene.people[name].pk,
        )

    return act


def on(service, **given):
    return lambda scene, actor: service(actor=actor, case_id=scene.case.pk, **given)


ACTS = {
    "convene": convene,
    "accept": on(services.accept_case),
    "decline": on(services.decline_case, code="time"),
    "return": on(services.return_case, reason=REASON),
    "replace_chair": replace(CHAIR, "chair2"),
    "replace_heart": replace("cardiology", "heart2"),
    "agree": agree,
    "meet": meet,
    "concur": on(opinions.state_view, view="agree"),
    "dissent": lambda scene, actor: opinions.state_view(
        actor=actor, case_id=scene.case.pk, view="dissent", text=said_by(actor), pin=PIN
    ),
    "merge": merge,
    "sign": on(opinions.sign_opinion, pin=PIN, off_duty=REASON),
    "ask_withdrawal": on(opinions.ask_withdrawal, reason=REASON),
    "confirm_withdrawal": on(opinions.confirm_withdrawal),
    "receipt": on(services.give_receipt, version=1, decision="adopted"),
    "cancel": on(services.cancel_case, reason=REASON),
    "uncancel": on(services.undo_cancel),
    "close": on(services.close_by_hand),
}


class Scene:
    """A joint consult that is sent, its doctors, two who may take a seat, and everybody else."""

    def __init__(self):
        scene = joint_sent()
        self.case, self.seats = scene.case, scene.seats

        def doctor(specialty):
            found = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
            PractitionerFactory(user=found, specialty=specialty)
            return found

        self.people = {
            "asker": scene.asker,
            "coordinator": scene.coordinator,
            "resident": scene.resident,
            "chair": scene.specialist,
            "heart": scene.heart,
            "lungs": scene.lungs,
            "chair2": doctor(CHAIR),
            "heart2": doctor("cardiology"),
            "office": StaffFactory(role=Role.MEDICAL_OFFICE, organisation=scene.hospital),
            "stranger": StaffFactory(role=Role.SPECIALIST),
        }
        for name in ("chair", "heart", "lungs", "chair2", "heart2"):
            with intention(self.people[name], door="test"):
                signing.create_key(user=self.people[name], pin=PIN)


class Joint(RuleBasedStateMachine):
    begun = 0  # how much of WELL is behind it when the walk begins
    reached = Counter()  # over all walks, so that a walk that goes nowhere is found out

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.now = self.clock.start()
        self.over_since, self.was_void = None, False

    def teardown(self):
        self.clock.stop()

    @initialize()
    def begin(self):
        self.scene = Scene()
        self.case = self.scene.case
        self.act("convene", "coordinator")
        for part in WELL[: self.begun]:
            self.act(*part)

    def act(self, name, who):
        actor = SYSTEM if who == "room" else self.scene.people[who]
        with suppress(DomainError), intention(actor, door="test"):
            ACTS[name](self.scene, actor)
            self.reached[name] += 1

    @rule(first=st.sampled_from(LIKELY), second=st.sampled_from(LIKELY))
    def people_do_their_part(self, first, second):
        self.act(*first)
        self.act(*second)

    @rule(part=st.sampled_from(LIKELY))
    def somebody_does_theirs(self, part):
        self.act(*part)

    @rule(parts=st.integers(1, len(WELL)))
    def for_a_while_it_goes_well(self, parts):
        for part in WELL[:parts]:
            self.act(*part)

    @rule(out=st.sampled_from(["decline", "return"]), seat=st.sampled_from(["chair", "heart"]))
    def somebody_else_takes_a_seat(self, out, seat):
        self.act(out, seat)
        self.act(f"replace_{seat}", "coordinator")
        self.act("accept", f"{seat}2")

    @rule(really=st.integers(0, 3), back=st.booleans())
    def it_is_withdrawn(self, really, back):
        if not really:
            self.act("cancel", "asker")
            if back:
                self.act("uncancel", "asker")

    @rule(seldom=st.sampled_from(SELDOM))
    def something_seldom_happens(self, seldom):
        self.act(*seldom)

    @rule(name=st.sampled_from(sorted(ACTS)), data=st.data())
    def anybody_tries_anything(self, name, data):
        if name != "meet":
            self.act(name, data.draw(st.sampled_from(sorted(self.scene.people))))

    @rule(length=st.sampled_from(WAITS))
    def time_passes(self, length):
        self.now.shift(length)
        fire_due()

    @rule(length=st.sampled_from(LONG), really=st.integers(0, 2))
    def much_time_passes(self, length, really):
        if not really:
            self.now.shift(length)
            fire_due()

    @invariant()
    def all_holds(self):
        self.case.refresh_from_db()
        self.case = type(self.case).objects.get(pk=self.case.pk)
        self.reached[str(self.case.status)] += 1
        self.check_conclusion()
        self.check_nothing_is_read_early()
        self.check_steps()
        self.check_somebody_has_it()
        self.check_seats()
        self.check_what_is_over()

    def check_conclusion(self):
        """One conclusion stands, signed by who then held the chair, with everybody's view."""
        kept = list(Opinion.objects.filter(case=self.case).order_by("version"))
        assert [one.version for one in kept] == list(range(1, len(kept) + 1))
        standing = [one for one in kept if one.withdrawal is None]
        answered = self.case.status in (*ANSWERED, *OVER) and not self.case.is_withdrawn
        assert len(standing) <= 1
        assert bool(standing) == answered, (self.case.status, len(kept))
        if standing:
            chair = self.case.offers.get(role=Offer.Role.LEAD, status=Offer.Status.DONE)
            assert standing[0].author_id == chair.doctor_id
            assert [one["name"] for one in panels.stated(standing[0])]
            intact = panels.signed(standing[0])["intact"]
            assert intact

    def check_nothing_is_read_early(self):
        """No text and no view leaves the table before the chair has signed."""
        people = self.scene.people
        if not Opinion.objects.filter(case=self.case).exists():
            for who in (people["asker"], people["resident"], people["lungs"]):
                assert panels.opinion_panel(who, self.case) is None
                with suppress(NotFound):
                    assert opinions_of(who, self.case) == []
        said = {one.expert_id: one.text for one in self.case.statements.exclude(text="")}
        for name in WATCHING if self.case.status == Status.IN_PROGRESS else ():
            who = people[name]
            panel = panels.statements_panel(who, self.case)
            if name in ("asker", "coordinator", "resident"):
                assert panel is None, name
            if who.pk != self.case.holder_id:
                assert panels.draft_panel(who, self.case) is None, name
            if panel is None or panel["chairs"]:
                continue
            page = render_to_string("opinions/_statements.html", {"panel": panel})
            others = [text for pk, text in said.items() if pk != who.pk]
            assert not [text for text in others if text in page], name

    def check_steps(self):
        """Each change of the status is one that the state machine knows, and they join up."""
        at = str(Status.DRAFT)
        for before, after in self.case.steps.order_by("at", "id").values_list(
            "from_status", "to_status"
        ):
            if before == after:
                continue
            assert after in TRANSITIONS[Status(before)] or before == "cancelled", (before, after)
            assert before == at, (at, before, after)
            at = after
        assert at == self.case.status

    def check_somebody_has_it(self):
        """
        Whatever is open has a clock that runs and that somebody hears, or people in its room (a
        joint consult never expires, ADR 0019).
        """
        assert not Clock.objects.filter(state=ClockState.DEAD).exists()
        if self.case.status not in OPEN:
            return
        about = [self.case.pk, *self.case.offers.values_list("pk", flat=True)]
        about += self.case.statements.values_list("pk", flat=True)
        about += self.case.meetings.values_list("pk", flat=True)
        about += self.case.questions.values_list("pk", flat=True)
        heard = Clock.objects.filter(about__in=about, state=ClockState.RUNNING)
        heard = heard.exclude(kind__startswith="case.outcome_")
        assert heard.exists() or roomport.is_live(self.case.pk), self.case.status
        if self.case.status in HELD:
            assert self.case.holder_id

    def check_seats(self):
        offers = list(self.case.offers.all())
        accepted = [one for one in offers if one.status == Offer.Status.ACCEPTED]
        assert all(n == 1 for n in Counter(one.specialty for one in accepted).values())
        leads = [one.doctor_id for one in accepted if one.role == Offer.Role.LEAD]
        assert len(leads) <= 1
        if self.case.status in HELD:
            assert leads == [self.case.holder_id]
            assert len(accepted) >= 2
        to_come = {"meeting__case": self.case, "meeting__status__in": ["proposed", "booked"]}
        promised = HalfHour.objects.filter(**to_come)
        if promised.exists():
            live = {one.doctor_id for one in offers if one.status in (*Offer.LIVE, "done")}
            own = {self.case.requester_id} | live
            assert set(promised.values_list("person", flat=True)) <= own

    def check_what_is_over(self):
        """After a consult is closed it stays so; an opinion comes only for one that is void."""
        if self.case.status in (*OVER, *ENDED):
            assert not self.case.offers.filter(status__in=Offer.LIVE).exists()
        marks = (
            Opinion.objects.filter(case=self.case).count(),
            self.case.receipts.count(),
            sorted(self.case.statements.values_list("view", "text")),
        )
        if self.over_since is not None:
            assert self.case.status in OVER, "a closed consult was opened again"
            assert marks == self.over_since or self.was_void
        if self.case.status in OVER:
            self.over_since, self.was_void = marks, self.case.is_withdrawn


@pytest.mark.django_db
@pytest.mark.parametrize("begun", [0, 5, 9, 10], ids=["invited", "met", "written", "signed"])
def test_whatever_people_do_a_joint_consult_stays_in_order(begun, monkeypatch):
    monkeypatch.setattr(Joint, "begun", begun)
    Joint.reached.clear()
    run_state_machine_as_test(
        Joint,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,  # the same walks every time; a longer one is a matter of two numbers
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # a walk that fails is printed as it was walked, at once
        ),
    )
    behind = {name for name, _who in WELL[:begun]}
    assert behind <= set(Joint.reached), behind - set(Joint.reached)
