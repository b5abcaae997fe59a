"""The time at the hospital and the plan, as the world reads them."""

import pytest

from scheduling.referrals import services
from scheduling.referrals.models import AfterCare, Stay
from tests.consult.requests.looking import published
from tests.factories import greens
from tests.factories.referrals import accepted, arrived, by, closed, handed_back

pytestmark = pytest.mark.django_db


def stay_of(found):
    return published(Stay.objects.get(referral=found.referral.pk).pk)


def plan_of(found):
    return published(AfterCare.objects.get(referral=found.referral.pk).pk)


def test_an_encounter_begins_with_the_arrival_and_ends_with_the_hand_back():
    assert not Stay.objects.filter(referral=accepted().referral.pk).exists()
    found = arrived()
    stay = stay_of(found)
    assert (stay["resourceType"], stay["status"]) == ("Encounter", "arrived")
    assert stay["class"]["code"] == "IMP"
    assert stay["basedOn"] == [{"reference": f"ServiceRequest/{found.referral.pk}"}]
    with by(found.doctor):
        services.begin(actor=found.doctor, referral_id=found.referral.pk)
    assert stay_of(found)["status"] == "in-progress"
    ended = stay_of(handed_back())
    assert ended["status"] == "finished"
    assert set(ended["period"]) == {"start", "end"}


def test_who_comes_by_green_channel_is_an_emergency():
    scene = greens.arrived()
    assert stay_of(scene.road)["class"]["code"] == "EMER"


def test_a_plan_is_a_draft_then_active_then_completed():
    assert plan_of(handed_back())["status"] == "draft"
    found = closed()
    plan = plan_of(found)
    assert (plan["resourceType"], plan["status"]) == ("CarePlan", "active")
    assert {one["detail"]["status"] for one in plan["activity"]} == {"scheduled"}
    for item in found.referral.plan.all():
        with by(found.sender):
            services.finish_item(actor=found.sender, referral_id=found.referral.pk, item_id=item.pk)
    plan = plan_of(found)
    assert plan["status"] == "completed"
    assert {one["detail"]["status"] for one in plan["activity"]} == {"completed"}
