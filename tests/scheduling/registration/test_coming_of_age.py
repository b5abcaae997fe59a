"""A contract that a guardian signed, and what becomes of it on the eighteenth birthday."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from records.mpi.services.relating import comes_of_age_on
from scheduling.registration import fhir, services
from scheduling.registration.models import OwnSignature, Status
from scheduling.registration.tasks import await_own_signatures_task
from telemed.audit.models import AuditRow
from telemed.core.errors import Forbidden, Invalid, NotFound
from telemed.core.intentions import System, intention
from telemed.core.models import Clock
from tests.factories.people import UserFactory
from tests.factories.registration import SIGNATURE, child_of, read, resident_of, sign, signed
from tests.scheduling.registration.looking import agree_to, running, told
from tests.scheduling.registration.test_terms import fire_until, renewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def parent(team):
    return resident_of(team)


@pytest.fixture
def contract(team, parent, by):
    """Of somebody of seventeen and a half, for two years."""
    today = timezone.localdate()
    born = (today - timedelta(days=int(17.5 * 365.25))).replace(day=1)
    child = child_of(parent, user=UserFactory(), born=born)
    with by(parent.user):
        [asked] = services.apply(actor=parent.user, people=[child], team_id=team.pk, years=2)
    return sign(read(agree_to(team, asked), parent.user), parent.user)


def birthday(contract):
    return comes_of_age_on(contract.patient.birth_date)


def of_age(contract, days=1):
    return time_machine.travel(timezone.now().replace(hour=4) + later(contract, days))


def later(contract, days):
    return birthday(contract) - timezone.localdate() + timedelta(days=days)


def sign_own(contract, actor=None, **more):
    actor = actor or contract.patient.user
    facts = {"signature": SIGNATURE, "has_read": True, **more}
    with intention(actor, door="test"):
        return services.sign_own(actor=actor, contract_id=contract.pk, **facts)


def test_both_are_told_before_and_the_person_alone_afterwards(contract, parent, team):
    person = contract.patient.user
    told(person)  # what was before
    fire_until(birthday(contract) - timedelta(days=59))
    assert [told(one)[-1] for one in (person, parent.user)] == ["contract.of_age_soon"] * 2
    heard = len(told(parent.user))
    for days, n in ((1, 1), (15, 2)):
        fire_until(birthday(contract) + timedelta(days=days))
        assert told(person).count("contract.of_age") == n
    assert told(parent.user)[heard:] == []
    fire_until(birthday(contract) + timedelta(days=31))
    assert "contract.own_missing" in told(team.leader)
    contract.refresh_from_db()
    assert contract.status == Status.ACTIVE


def test_the_own_signature_is_given_once_and_changes_nothing_else(contract):
    before = (contract.signed_by, contract.signature_hash, contract.term)
    with of_age(contract):
        sign_own(contract)
        assert sign_own(contract).own.signature_hash
    contract.refresh_from_db()
    own = OwnSignature.objects.get(contract=contract)
    assert (contract.signed_by, contract.signature_hash, contract.term) == before
    assert (own.text_hash, own.witness) == (contract.text_hash, None)
    assert AuditRow.objects.filter(action="contract.sign_own").count() == 1
    assert not [kind for kind, _rung in running(contract) if kind == "contract.of_age"]
    codes = [one.type.code for one in fhir.contract_to_fhir(contract).signer]
    assert codes == ["GUARD", "PATIENT"]
    with pytest.raises(IntegrityError):
        OwnSignature.objects.create(
            contract=contract,
            text_hash="x",
            signature=b"x",
            signature_hash="x",
            signed_at=timezone.now(),
        )


def test_nobody_signs_it_before_the_birthday_unread_or_for_another(contract, parent, team):
    with pytest.raises(Invalid, match="of who turned 18"):
        sign_own(contract)
    with of_age(contract):
        with pytest.raises(Invalid, match="Read or hear"):
            sign_own(contract, has_read=False)
        with pytest.raises(Invalid, match="Please sign"):
            sign_own(contract, signature=b"")
        with pytest.raises(Invalid, match="too large"):
            sign_own(contract, signature=b"x" * 400_001)
        with pytest.raises((NotFound, Forbidden)):
            sign_own(contract, parent.user)
    assert not OwnSignature.objects.exists()


def test_at_the_clinic_the_team_is_the_witness(contract, team):
    with of_age(contract):
        sign_own(contract, team.leader)
    own = OwnSignature.objects.get()
    assert (own.witness, own.read_aloud) == (team.leader, True)


def test_an_adults_contract_asks_for_nothing(team):
    contract = signed(team)
    with pytest.raises(Invalid, match="of who turned 18"):
        sign_own(contract)


def test_who_does_not_sign_has_it_to_its_end_and_renews_alone(contract, parent, team):
    over = contract.term.upper
    asked = over - timedelta(days=50)
    fire_until(asked)
    with time_machine.travel(asked):
        contract.refresh_from_db()
        assert (contract.status, contract.lacks_own) == (Status.RENEWAL_ASKED, True)
        new = read(renewed(contract))
        relation = contract.relation_id
        with intention(team.leader, door="test"), pytest.raises(Forbidden, match="of age"):
            services.sign(
                actor=team.leader,
                contract_id=new.pk,
                signature=SIGNATURE,
                relation_id=relation,
                read_aloud=True,
            )
        with intention(parent.user, door="test"), pytest.raises(NotFound):
            services.sign(actor=parent.user, contract_id=new.pk, signature=SIGNATURE)
        assert sign(new).signed_by == "self"
    fire_until(over + timedelta(hours=1))
    contract.refresh_from_db()
    assert contract.status == Status.RENEWED


@pytest.fixture
def older(contract):
    """As it was signed before there was this clock."""
    told(contract.patient.user)  # what was before
    Clock.objects.filter(about=contract.pk, kind="contract.of_age").delete()
    return contract


def rungs(contract):
    return [rung for kind, rung in running(contract) if kind == "contract.of_age"]


def test_a_contract_older_than_the_clock_gets_it_once(older):
    assert rungs(older) == []
    await_own_signatures_task()
    await_own_signatures_task()
    assert rungs(older) == [0, 1, 2, 3]
    due = dict(
        Clock.objects.filter(about=older.pk, kind="contract.of_age").values_list("rung", "due_at")
    )
    assert timezone.localdate(due[1]) == birthday(older)
    fire_until(due[1])
    assert told(older.patient.user)[-1] == "contract.of_age"


def test_who_is_of_age_already_is_asked_today(older):
    with of_age(older, days=100):
        await_own_signatures_task()
        assert rungs(older) == [1, 2, 3]
    fire_until(Clock.objects.get(about=older.pk, kind="contract.of_age", rung=1).due_at)
    assert told(older.patient.user)[-1] == "contract.of_age"


def test_who_has_signed_or_comes_of_age_after_its_end_gets_none(older, parent, team, by):
    with of_age(older):
        sign_own(older)
        await_own_signatures_task()
    assert rungs(older) == []
    child = child_of(parent, years=8)
    with by(parent.user):
        [asked] = services.apply(actor=parent.user, people=[child], team_id=team.pk)
    young = sign(read(agree_to(team, asked), parent.user), parent.user)
    await_own_signatures_task()
    assert rungs(young) == []


def test_an_adults_contract_gets_no_such_clock(team):
    contract = signed(team)
    await_own_signatures_task()
    assert rungs(contract) == []


def test_the_sweep_goes_on_where_it_was_cut_off(older, by):
    with by(System("clocks")):
        assert services.ask_those_in_force(None, 1) == older.pk
        assert services.ask_those_in_force(older.pk, 1) is None
    assert rungs(older) == [0, 1, 2, 3]
