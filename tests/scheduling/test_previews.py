"""Every rule of scheduling says what it would touch, for an institution and for the province."""

import pytest

from telemed.core import policies
from telemed.core.policies import Ladder
from tests.factories.people import OrganisationFactory

OURS = (
    *("booking", "opening", "waitlist", "trip", "visit", "video", "penalty", "displaced"),
    *("registration", "duty", "referral", "green"),
)


def ours():
    return [one for one in policies.defined() if one.name.split(".")[0] in OURS]


@pytest.mark.django_db
def test_every_rule_has_a_preview_that_the_database_answers():
    assert len(ours()) > 60
    here = OrganisationFactory().pk
    silent = [one.name for one in ours() if one.preview is None]
    assert silent == []
    for policy in ours():
        for place in (None, here):
            assert policy.preview(place, policy.default) is None, policy.name


@pytest.mark.django_db
def test_what_is_delivered_is_accepted():
    for policy in policies.defined():
        policy.kind.check(policy.default)
        assert policy.kind.load(policy.kind.dump(policy.default)) == policy.default
        assert not (policy.refuse and policy.refuse(None, policy.default)), policy.name
        assert isinstance(policy.say(policy.default), str)
        assert len(policy.name) <= 60


def test_there_is_a_ladder_where_clocks_climb():
    ladders = {one.name for one in ours() if isinstance(one.kind, Ladder)}
    assert ladders == {
        *("registration.review.ladder", "duty.late", "duty.recheck", "duty.dispute.ladder"),
        *("referral.accept.ladder", "referral.handback.ladder"),
        *("referral.handback.discharged.ladder", "green.late"),
    }
