from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from telemed.core.models import OutboxEvent
from telemed.people.models import Role, User
from telemed.people.open_work import Item
from telemed.staff import services
from tests.factories.people import DepartmentFactory, OrganisationFactory, StaffFactory
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"  # noqa: S105


def invite(by, actor, organisation, username="zhou", role=Role.SPECIALIST, department=None):
    post = services.Post(organisation=organisation, role=role, department=department)
    with by(actor):
        return services.invite_person(
            actor=actor, name="周新", username=username, phone="13800000000", post=post
        )


def activate(by, invitation, password=PASSWORD):
    with by(invitation.user):
        return services.activate_account(invitation_id=invitation.pk, password=password)


def close(by, actor, user, reason="调离本院", **more):
    with by(actor):
        return services.disable_account(actor=actor, user_id=user.pk, reason=reason, **more)


def test_invited_activated_and_in(by, client, admin, hospital):
    department = DepartmentFactory(organisation=hospital)
    invitation = invite(by, admin, hospital, department=department)
    user = invitation.user
    assert not user.has_usable_password()
    assert user.acting_as.department == department

    activate(by, invitation)

    assert client.login(username="zhou", password=PASSWORD)
    topics = list(OutboxEvent.objects.order_by("pk").values_list("topic", flat=True))
    assert topics == ["account.invited", "account.activated"]


def test_a_link_works_once_and_for_seven_days(by, admin, hospital):
    invitation = invite(by, admin, hospital)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)), pytest.raises(Gone):
        activate(by, invitation)
    activate(by, invitation)
    with pytest.raises(Gone):
        activate(by, invitation, password="another long phrase")  # noqa: S106


def test_a_new_link_kills_the_old_one(by, admin, hospital):
    old = invite(by, admin, hospital)
    with by(admin):
        new = services.invite_again(actor=admin, user_id=old.user.pk)
    with pytest.raises(Gone):
        activate(by, old)
    activate(by, new)


def test_a_weak_password_leaves_the_link_open(by, admin, hospital):
    invitation = invite(by, admin, hospital)
    with pytest.raises(Invalid):
        activate(by, invitation, password="12345678")  # noqa: S106
    activate(by, invitation)


@committed
def test_two_who_use_a_link_at_once_one_gets_in(by, admin, hospital):
    invitation = invite(by, admin, hospital)
    assert race([lambda: activate(by, invitation)] * 3) == {"won": 1, "Gone": 2}


def test_only_administrators_and_only_of_their_places(by, admin, office, hospital, provincial):
    elsewhere = OrganisationFactory()
    for actor, place in ((office, hospital), (admin, elsewhere)):
        with pytest.raises(NotFound):
            invite(by, actor, place)
    invite(by, provincial, elsewhere)
    with pytest.raises(Conflict):
        invite(by, admin, hospital)  # the user name is taken


def test_nonsense_is_refused(by, admin, hospital):
    with pytest.raises(Invalid):
        invite(by, admin, hospital, role="king")
    with pytest.raises(Invalid):
        invite(by, admin, hospital, department=DepartmentFactory())
    assert not User.objects.filter(username="zhou").exists()


def test_closing_needs_the_open_work_moved_or_listed(by, admin, licensed, doctor, work):
    work[licensed.pk] = [Item(id=uuid4(), label="C1"), Item(id=uuid4(), label="C2")]

    with pytest.raises(Conflict, match="2"):
        close(by, admin, licensed)
    with by(admin):
        moved, refused = services.move_work(
            actor=admin, user_id=licensed.pk, to_id=doctor.pk, reason="调离本院"
        )
    assert (moved, refused, len(work[doctor.pk])) == (2, [], 2)

    assert not close(by, admin, licensed).is_active
    assert OutboxEvent.objects.filter(topic="account.disabled").count() == 1
    assert close(by, admin, doctor, listed=True).is_active is False


def test_a_closed_account_is_signed_out_at_once(by, client, admin, licensed):
    client.force_login(licensed)
    assert client.get("/inbox/").status_code == 200
    close(by, admin, licensed)
    assert client.get("/inbox/").status_code == 302
    assert AuditRow.objects.filter(action="account.disable", reason="调离本院").exists()


def test_nobody_closes_themselves_or_without_a_reason(by, admin, licensed, office):
    with pytest.raises(Forbidden):
        close(by, admin, admin)
    with pytest.raises(Invalid):
        close(by, admin, licensed, reason="")
    with pytest.raises(Forbidden):
        close(by, office, licensed)
    stranger = StaffFactory(role=Role.ADMINISTRATOR, organisation=OrganisationFactory())
    with pytest.raises(NotFound):
        close(by, stranger, licensed)


def test_closed_by_mistake_it_is_opened_again(by, client, admin, licensed):
    close(by, admin, licensed)
    with by(admin):
        services.enable_account(actor=admin, user_id=licensed.pk, reason="误操作关闭")
    assert User.objects.get(pk=licensed.pk).is_active


def test_roles_are_given_and_ended(by, admin, licensed, hospital):
    post = services.Post(organisation=hospital, role=Role.DIRECTOR)
    with by(admin):
        role = services.give_role(actor=admin, user_id=licensed.pk, post=post)
    with pytest.raises(Conflict), by(admin):
        services.give_role(actor=admin, user_id=licensed.pk, post=post)

    acting = User.objects.get(pk=licensed.pk).acting_as
    with by(admin):
        services.end_role(actor=admin, role_id=acting.pk, reason="不再出诊")

    assert User.objects.get(pk=licensed.pk).acting_as == role
    acting.refresh_from_db()
    assert acting.ends_on == timezone.localdate()


def test_nobody_ends_their_own_role(by, admin):
    with pytest.raises(Forbidden), by(admin):
        services.end_role(actor=admin, role_id=admin.acting_as_id, reason="不想干了")
