"""A signed opinion is withdrawn by two persons, or not at all."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from consult.archive.services import archive_case
from consult.opinions import queries, services
from consult.opinions.models import Correction, Draft
from consult.requests import services as requests
from consult.requests.models import Offer, Status
from consult.requests.queries import needs_me
from records.consent import access
from telemed.core.clocks import FIRER, fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.intentions import intention
from telemed.organisations.models import Entry
from telemed.people.models import Role
from tests.consult.requests.looking import actions, clock_states, published, told
from tests.factories.consult import closed_case, sign, signed_case, write
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db
REASON = "看错了病人，此意见不属于该患者"


def office_of(scene):
    return StaffFactory(role=Role.MEDICAL_OFFICE, organisation=scene.hospital)


def ask(by, scene, actor, reason=REASON):
    with by(actor):
        return services.ask_withdrawal(actor=actor, case_id=scene.case.pk, reason=reason)


def confirm(by, scene, actor):
    with by(actor):
        services.confirm_withdrawal(actor=actor, case_id=scene.case.pk)
    return scene.refresh()


def withdrawn(by, make=signed_case):
    scene = make()
    office = office_of(scene)
    ask(by, scene, scene.specialist)
    confirm(by, scene, office)
    return scene, office


@pytest.mark.parametrize("first", ["specialist", "office"])
def test_two_persons_withdraw_in_either_order_and_a_new_opinion_is_due(by, first):
    scene = signed_case()
    office = office_of(scene)
    pair = [scene.specialist, office]
    asks, confirms = pair if first == "specialist" else reversed(pair)

    ask(by, scene, asks)
    assert scene.refresh().status == Status.SIGNED  # one alone changes nothing
    assert "opinion.withdrawal_asked" in told(confirms)
    case = confirm(by, scene, confirms)

    assert (case.status, case.opinion_version, case.withdrawn_version) == ("in_progress", 1, 1)
    assert clock_states(case, "case.done") == {"running"}
    assert clock_states(case, "case.receipt") == clock_states(case, "case.outcome_3") == set()
    assert case.offers.get(status=Offer.Status.ACCEPTED).doctor == scene.specialist
    opinion = case.opinions.get()
    assert published(opinion.pk)["status"] == "entered-in-error"
    assert opinion.conclusion  # it stays readable
    assert (opinion.withdrawal.asked_by, opinion.withdrawal.decided_by) == (asks, confirms)
    assert actions(case)[-2:] == ["opinion.ask_withdrawal", "opinion.withdraw"]
    for person in (scene.asker, scene.resident):
        assert told(person)[-1] == "opinion.withdrawn"


def test_nobody_withdraws_alone(by):
    scene = signed_case()
    office_of(scene)
    ask(by, scene, scene.specialist)
    ask(by, scene, scene.specialist)  # asking twice is asking once
    with pytest.raises(Conflict, match=r"另一|Another"):
        confirm(by, scene, scene.specialist)
    assert Correction.objects.count() == 1
    assert scene.refresh().opinion_stands


def test_one_person_in_two_roles_is_one_person(by):
    scene = signed_case()
    ask(by, scene, scene.specialist)
    both = scene.specialist.roles.create(organisation=scene.hospital, role=Role.MEDICAL_OFFICE)
    scene.specialist.acting_as = both
    with pytest.raises(Conflict):
        confirm(by, scene, scene.specialist)
    assert scene.refresh().opinion_stands


def test_two_of_the_medical_office_do_not_withdraw_what_a_doctor_signed(by):
    scene = signed_case()
    ask(by, scene, office_of(scene))
    with pytest.raises(Conflict):
        confirm(by, scene, office_of(scene))
    assert scene.refresh().opinion_stands


@pytest.mark.parametrize("reason", ["", "写错了", "   一二三四五六七八九   ", "a" * 201])
def test_a_withdrawal_says_why_in_ten_characters(by, reason):
    scene = signed_case()
    with pytest.raises(Invalid) as refused:
        ask(by, scene, scene.specialist, reason)
    assert refused.value.path == "reason"
    assert not Correction.objects.exists()


def test_who_may_not_withdraw_is_refused(by):
    scene = signed_case()
    colleague = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    far = StaffFactory(role=Role.MEDICAL_OFFICE)
    near = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=scene.clinic)
    for actor in (scene.asker, scene.coordinator, scene.resident, near):
        with pytest.raises(Forbidden):
            ask(by, scene, actor)
    for actor in (colleague, far):
        with pytest.raises(NotFound):
            ask(by, scene, actor)
    ask(by, scene, scene.specialist)
    for actor in (scene.asker, scene.coordinator, near):
        with pytest.raises(Forbidden):
            confirm(by, scene, actor)
    assert scene.refresh().opinion_stands


def test_without_being_asked_there_is_nothing_to_confirm_and_nothing_twice(by):
    scene = signed_case()
    office = office_of(scene)
    with pytest.raises(Conflict, match="1"):
        confirm(by, scene, office)
    ask(by, scene, scene.specialist)
    confirm(by, scene, office)
    for again in (lambda: confirm(by, scene, office), lambda: ask(by, scene, scene.specialist)):
        with pytest.raises(Conflict):
            again()


def test_the_office_reads_only_what_it_is_asked_about(by):
    scene = signed_case()
    office = office_of(scene)
    assert queries.opinions_of(office, scene.case) == []
    ask(by, scene, scene.specialist)
    assert len(queries.opinions_of(office, scene.case)) == 1
    with by(office):
        services.read_opinion(actor=office, case_id=scene.case.pk, version=1)
    with by(office):
        services.drop_withdrawal(actor=office, case_id=scene.case.pk)
    assert queries.opinions_of(office, scene.case) == []
    assert "opinion.withdrawal_dropped" in told(scene.specialist)
    assert scene.refresh().opinion_stands
    ask(by, scene, scene.specialist)  # dropped is not for ever
    assert confirm(by, scene, office).is_withdrawn


def test_a_receipt_for_a_withdrawn_opinion_is_refused_in_words(by):
    scene, _office = withdrawn(by)
    with pytest.raises(Conflict, match=r"撤回|withdrawn") as refused, by(scene.asker):
        requests.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted"
        )
    assert refused.value.path == "version"
    assert not scene.case.receipts.exists()


def test_a_withdrawn_opinion_is_not_amended_but_written_anew(by):
    scene, _office = withdrawn(by)
    with pytest.raises(Conflict), by(scene.specialist):
        services.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="补充复查时间"
        )
    write(scene)
    second = sign(scene)
    assert (second.version, second.reason, scene.case.status) == (2, REASON, Status.SIGNED)
    assert scene.case.opinion_stands
    assert not scene.case.offers.filter(status__in=Offer.LIVE).exists()
    assert clock_states(scene.case, "case.receipt") == {"running"}
    assert clock_states(scene.case, "case.outcome_3") == {"running"}
    assert clock_states(scene.case, "case.done") == set()
    with by(scene.asker):
        requests.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=2, decision="adopted"
        )
    assert scene.refresh().status == Status.CLOSED


def test_a_closed_case_stays_closed_owes_an_opinion_and_its_money_goes_back(by):
    scene, _office = withdrawn(by, closed_case)
    case = scene.case
    assert (case.status, case.is_withdrawn) == (Status.CLOSED, True)
    line = Entry.objects.get(subject=case.pk, kind="consult")
    assert line.amount > 0
    counter = Entry.objects.get(corrects=line)
    assert (counter.amount, counter.reason) == (-line.amount, REASON)
    assert clock_states(case, "case.done") == {"running"}
    assert [c.pk for c in needs_me(scene.specialist)] == [case.pk]
    assert [c.pk for c in needs_me(scene.asker)] == []
    assert access.decide(scene.specialist, "read", case).allowed

    write(scene)
    sign(scene)

    assert (scene.case.status, scene.case.opinion_version) == (Status.CLOSED, 2)
    assert line.amount + sum(e.amount for e in line.corrections.all()) == line.amount
    assert clock_states(scene.case, "case.done") == set()
    assert needs_me(scene.specialist) == []
    with by(scene.asker):
        requests.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=2, decision="adopted"
        )
    assert scene.case.receipts.count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert not access.decide(scene.specialist, "read", scene.case).allowed


def test_a_new_opinion_that_is_late_on_a_closed_case_climbs_the_ladder(by):
    scene, _office = withdrawn(by, closed_case)
    with time_machine.travel(timezone.now() + timedelta(days=14)):
        fire_due()
        assert "case.late" in told(scene.coordinator)


def test_the_copies_of_a_withdrawn_case_say_so(by):
    scene = closed_case()
    with intention(FIRER, door="test"):
        archive_case(case_id=scene.case.pk)
    office = office_of(scene)
    ask(by, scene, office)
    confirm(by, scene, scene.specialist)
    with intention(FIRER, door="test"):
        copies = archive_case(case_id=scene.case.pk)
    assert copies
    assert all(REASON in copy.page for copy in copies)
    for copy in scene.case.copies.all():
        seen = published(copy.pk)
        assert (seen["status"], seen["docStatus"]) == ("entered-in-error", "entered-in-error")


def test_a_newer_version_makes_the_question_idle(by):
    scene = signed_case()
    office = office_of(scene)
    ask(by, scene, scene.specialist)
    with by(scene.specialist):
        services.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="补充复查时间"
        )
    sign(scene)
    with pytest.raises(Conflict, match="2"):
        confirm(by, scene, office)
    assert Correction.objects.get().state == Correction.State.LAPSED


def test_the_medical_office_asks_for_an_amendment(by):
    scene = signed_case()
    office = office_of(scene)
    with by(office):
        services.ask_amendment(actor=office, case_id=scene.case.pk, reason="用药剂量请核对")
    assert "opinion.amendment_asked" in told(scene.specialist)
    assert scene.refresh().status == Status.SIGNED
    with by(scene.specialist):
        services.start_amendment(actor=scene.specialist, case_id=scene.case.pk, reason="剂量已更正")
    sign(scene)
    assert Correction.objects.get().state == Correction.State.DONE
    for actor in (scene.asker, scene.specialist, scene.coordinator):
        with pytest.raises(Forbidden), by(actor):
            services.ask_amendment(actor=actor, case_id=scene.case.pk, reason="用药剂量请核对")


def test_an_amendment_that_was_begun_becomes_the_new_opinion(by):
    scene = signed_case()
    office = office_of(scene)
    with by(scene.specialist):
        services.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="补充复查时间"
        )
    version = Draft.objects.get().version
    ask(by, scene, office)
    confirm(by, scene, scene.specialist)
    draft = Draft.objects.get()
    assert (draft.amends, draft.reason, draft.version) == (0, REASON, version + 1)
    assert sign(scene).version == 2


def test_the_database_knows_that_two_withdraw(by):
    scene = signed_case()
    asked = ask(by, scene, scene.specialist)
    asked.state, asked.decided_by = Correction.State.DONE, scene.specialist
    with pytest.raises(IntegrityError, match="two_persons_withdraw"):
        asked.save()
