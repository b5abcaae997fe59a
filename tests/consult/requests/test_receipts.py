"""The asking doctor thinks better of a receipt while the case is open; the earlier one is kept."""

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from consult.credit.queries import find_credit
from consult.requests import services
from consult.requests.models import Receipt, Status
from telemed.core.errors import Conflict
from tests.consult.requests.looking import published, told
from tests.factories.consult import signed_case
from tests.factories.people import PractitionerFactory, StaffFactory
from tests.factories.rooms import RoomFactory
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
DOUBT = {"decision": "partly", "reason": "患者拒绝转诊"}


@pytest.fixture
def scene():
    return signed_case()


def give(by, scene, actor=None, **given):
    actor = actor or scene.asker
    wanted = {"decision": "adopted", "version": 1, "close": False, **given}
    with by(actor):
        return services.give_receipt(actor=actor, case_id=scene.case.pk, **wanted)


def test_a_new_receipt_stands_in_place_of_the_first_which_is_kept(by, scene):
    give(by, scene)
    give(by, scene, **DOUBT, instead_of=0)

    first, second = scene.case.receipts.order_by("turn")
    assert (first.decision, second.decision) == ("adopted", "partly")
    assert (first.is_superseded, second.is_superseded) == (True, False)
    assert scene.refresh().status == Status.RECEIPTED
    assert told(scene.specialist)[-2:] == ["case.receipt", "case.receipt"]
    assert published(first.pk)["status"] == "cancelled"
    assert published(second.pk)["status"] == "completed"


def test_it_may_close_the_case_and_then_nothing_is_changed_any_more(by, scene):
    give(by, scene)
    give(by, scene, **DOUBT, instead_of=0, close=True)
    assert scene.refresh().status == Status.CLOSED
    with pytest.raises(Conflict) as refused:
        give(by, scene, instead_of=1)
    assert refused.value.path == "status"
    assert scene.case.receipts.count() == 2


@pytest.mark.parametrize("instead_of", [None, 1, 7])
def test_only_the_one_that_stood_on_the_page_is_changed(by, scene, instead_of):
    give(by, scene)
    with pytest.raises(Conflict):
        give(by, scene, **DOUBT, instead_of=instead_of)
    assert scene.case.receipts.count() == 1


def test_the_same_sent_twice_is_one_receipt(by, scene):
    give(by, scene)
    for sent in ({}, {**DOUBT, "instead_of": 0}):
        for _ in range(2):
            give(by, scene, **sent)
    assert scene.case.receipts.count() == 2


def test_with_the_same_words_it_may_close_the_case_yet(by, scene):
    give(by, scene)
    give(by, scene, instead_of=0, close=True)
    assert scene.refresh().status == Status.CLOSED


def test_what_was_to_close_it_already_is_one_receipt_however_often_it_is_sent(by):
    scene = signed_case()
    room = RoomFactory(case=scene.refresh(), status="live")  # keeps it open
    room.participants.create(user=scene.specialist, role="specialist", seen_at=timezone.now())
    give(by, scene)
    for _ in range(2):
        give(by, scene, instead_of=0, close=True)
    assert scene.refresh().status == Status.RECEIPTED
    assert scene.case.receipts.count() == 2


def test_the_page_knows_of_all_at_once_which_stands(by, scene, django_assert_num_queries):
    give(by, scene)
    give(by, scene, **DOUBT, instead_of=0)
    with django_assert_num_queries(1):
        receipts = scene.case.receipts.told_apart().order_by("turn")
        assert [one.is_superseded for one in receipts] == [True, False]


@committed
def test_of_two_doctors_who_change_it_at_once_the_second_reads_what_stands(by):
    scene = signed_case()
    give(by, scene)
    colleague = PractitionerFactory(user=StaffFactory(organisation=scene.clinic)).user
    ended = race(
        [
            lambda: give(by, scene, **DOUBT, instead_of=0),
            lambda: give(by, scene, colleague, **DOUBT, instead_of=0),
        ]
    )
    assert ended == {"won": 1, "Conflict": 1}
    assert scene.case.receipts.count() == 2


def test_the_database_holds_one_receipt_of_a_turn(by, scene):
    give(by, scene)
    with pytest.raises(IntegrityError, match="one_receipt_a_turn"):
        Receipt.objects.create(
            case=scene.case, opinion_version=1, decision="adopted", given_by=scene.asker
        )


def test_the_page_changes_it_and_shows_both(client, by, scene):
    give(by, scene)
    client.force_login(scene.asker)
    client.cookies["language"] = "en"
    case = reverse("requests:case", args=[scene.case.pk])
    assert "Change the receipt" in client.get(case).content.decode()

    sent = {"version": 1, "instead_of": 0, "close_sent": "1", **DOUBT}
    client.post(reverse("requests:receipt", args=[scene.case.pk]), sent)

    page = client.get(case).content.decode()
    assert page.count("replaced by the newer one") == 1
    assert "Receipt changed: Partly adopted" in page


def test_a_refused_change_keeps_what_was_typed(client, by, scene):
    give(by, scene)
    client.force_login(scene.asker)
    client.cookies["language"] = "en"
    sent = {"version": 1, "instead_of": 0, "close_sent": "1", "close": "on"}
    sent |= {"decision": "partly", "reason": "否否"}
    answer = client.post(reverse("requests:receipt", args=[scene.case.pk]), sent, follow=True)
    page = answer.content.decode()
    assert 'value="partly" checked' in page
    assert 'value="adopted" checked' not in page
    assert 'maxlength="500" value="否否"' in page
    assert 'name="close" value="on" checked' in page


def test_what_counts_is_the_last(by, scene):
    give(by, scene)
    give(by, scene, **DOUBT, instead_of=0)
    month = timezone.localdate().replace(day=1)
    credit = find_credit(doctor=scene.specialist, organisation=scene.hospital, until=month)
    assert (credit.whole.count("receipts"), credit.whole.count("adopted")) == (1, 0)
