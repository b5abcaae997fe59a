"""An account's life: invited, activated, given roles, closed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import outbox, policies, publication
from telemed.core.doorbells import ring_group
from telemed.core.errors import Conflict, DomainError, Gone, Invalid, NotFound, require
from telemed.core.intentions import attempt, refusing, require_intention
from telemed.core.sockets import account_group
from telemed.desks.services import end_seats
from telemed.organisations.models import Department, Organisation
from telemed.people import events, open_work
from telemed.people import services as people
from telemed.people.models import PractitionerRole, Role, User
from telemed.staff import queries, rules
from telemed.staff.models import Invitation
from telemed.staff.permissions import administers
from telemed.staff.services.licensing import require_reason

ROLES = frozenset(Role.values) - {Role.RESIDENT}


@dataclass(frozen=True, kw_only=True)
class Post:
    """A role at an institution, in a department where it has one."""

    organisation: Organisation
    role: str
    department: Department | None = None


def invite_person(*, actor: User, name: str, username: str, phone: str, post: Post) -> Invitation:
    """A new account that nobody can use until its person sets a password."""
    require_intention()
    _require_administers(actor, post.organisation)
    user = _create_user(name, username, phone)
    role = _give(user, post)
    user.acting_as = role
    user.save(update_fields=["acting_as"])
    audit.record(action="account.invite", target=user)
    publication.publish(role)
    return _invite(actor, user)


def invite_again(*, actor: User, user_id: UUID) -> Invitation:
    """A new link for who never came, or forgot the password; the old link dies."""
    require_intention()
    user = _own(actor, user_id)
    if not user.is_active:
        raise Conflict(_("The account is closed."))
    user.invitations.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    audit.record(action="account.invite", target=user)
    return _invite(actor, user)


def activate_account(*, invitation_id: UUID | None, password: str) -> User:
    """The invited person sets a password: once, while the invitation holds."""
    require_intention()
    found = queries.find_invitation(invitation_id, lock=True) if invitation_id else None
    invitation = require_open(found)
    user = invitation.user
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), path="password") from error
    user.set_password(password)
    user.save(update_fields=["password"])
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    audit.record(action="account.activate", target=user)
    outbox.announce(events.AccountActivated(user_id=user.pk))
    return user


def require_open(invitation: Invitation | None) -> Invitation:
    """The invitation, while it opens something."""
    if invitation is None or not invitation.is_open or not invitation.user.is_active:
        raise Gone(_("This link was used already or is too old. Ask your administrator."))
    return invitation


def give_role(*, actor: User, user_id: UUID, post: Post) -> PractitionerRole:
    """Another role, or the same at another institution."""
    require_intention()
    user = _own(actor, user_id)
    _require_administers(actor, post.organisation)
    return give_post(user=user, post=post)


def give_post(*, user: User, post: Post) -> PractitionerRole:
    """The role itself, for those who have asked whether it may be given."""
    require_intention()
    role = _give(user, post)
    if user.acting_as_id is None:
        user.acting_as = role
        user.save(update_fields=["acting_as"])
    audit.record(action="people.give_role", target=role)
    publication.publish(role)
    return role


def end_role(*, actor: User, role_id: UUID, reason: str) -> PractitionerRole:
    """From tomorrow on not held any more, and not acted in from now."""
    require_intention()
    roles = PractitionerRole.objects.select_for_update(of=("self",), no_key=True)
    role = roles.select_related("organisation", "user").filter(pk=role_id).first()
    if role is None or not administers(actor, role.organisation):
        raise NotFound(_("Not found, or not yours to know of."))
    require(role.user_id != actor.pk, _("Nobody decides about themselves."))
    if role.ends_on is not None:
        return role
    said = require_reason(reason)
    role.ends_on = timezone.localdate()
    role.save(update_fields=["ends_on"])
    _act_elsewhere(role)
    audit.record(action="people.end_role", target=role, reason=said)
    publication.publish(role)
    ring_group(account_group(role.user_id), type="account.doubted")
    return role


def disable_account(*, actor: User, user_id: UUID, reason: str, listed: bool = False) -> User:
    """
    Close an account for good reason: it signs in no more, what it signed stays.

    Open work is moved first; or it is listed, and whoever closes the account says so.
    """
    require_intention()
    user = queries.get_staff(actor, user_id, lock=True)
    _require_own(actor, user)
    require(user != actor, _("Nobody decides about themselves."))
    if not user.is_active:
        return user
    said = require_reason(reason)
    held = open_work.held_by(user)
    if held and not listed:
        raise Conflict(_("{n} open items; move them first.").format(n=len(held)), path="listed")
    people.disable_account(actor=actor, account=user)
    user.refresh_from_db(fields=["is_active"])
    user.invitations.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    end_sessions(user=user)
    audit.record(action="account.disable", target=user, reason=said)
    _publish_all(user)
    return user


def enable_account(*, actor: User, user_id: UUID, reason: str) -> User:
    """Closed by mistake, or back: roles and licence are as they were left."""
    require_intention()
    user = queries.get_staff(actor, user_id, lock=True)
    _require_own(actor, user)
    if user.is_active:
        return user
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(action="account.enable", target=user, reason=require_reason(reason))
    _publish_all(user)
    return user


@dataclass(frozen=True)
class NotMoved:
    """What a colleague could not get, and why."""

    label: str
    why: str


def move_work(
    *, actor: User, user_id: UUID, to_id: UUID, reason: str
) -> tuple[int, list[NotMoved]]:
    """
    Everything in hand goes to a colleague; what could not, with the reason.

    Each item by itself: one that is refused keeps no other from going.
    """
    require_intention()
    user = _own(actor, user_id)
    to = {colleague.pk: colleague for colleague in queries.colleagues_of(user)}.get(to_id)
    if to is None:
        raise NotFound(_("Choose a colleague from the list."), path="to")
    said, moved = require_reason(reason), 0
    refused: list[NotMoved] = []
    for one in open_work.held_by(user):
        try:
            with attempt():
                open_work.give(
                    actor=actor,
                    user=user,
                    to=to,
                    kind=one.kind.name,
                    item_id=one.item.id,
                    reason=said,
                )
            moved += 1
        except DomainError as refusal:
            refused.append(NotMoved(one.item.label, refusal.message))
    audit.record(action="account.move_work", target=user, reason=said)
    return moved, refused


def unlock_account(*, actor: User, user_id: UUID) -> User:
    """After too many wrong passwords; the door forgets them, where the limits are counted."""
    require_intention()
    user = _own(actor, user_id)
    audit.record(action="account.unlock", target=user)
    return user


def end_sessions(*, user: User, key: str = "") -> int:
    """Sign an account out: everywhere, or of one session; what is open under it closes at once."""
    require_intention()
    sessions = UserSession.objects.filter(user=user)
    if key:
        sessions = sessions.filter(session_key=key)
    end_seats(user=user, session_key=key)
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.filter(session_key__in=keys).delete()
    ring_group(account_group(user.pk), type="account.doubted")
    return len(keys)


def end_session_of(*, actor: User, user_id: UUID, session_id: int) -> int:
    """The administrator ends one session of somebody: a device was left or lost."""
    require_intention()
    user = _own(actor, user_id)
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is None:
        raise NotFound(_("That session has ended already."))
    audit.record(action="account.end_session", target=user)
    return end_sessions(user=user, key=session.session_key)


def _own(actor: User, user_id: UUID) -> User:
    user = queries.get_staff(actor, user_id)
    _require_own(actor, user)
    return user


def _require_own(actor: User, user: User) -> None:
    places = [role.organisation for role in queries.roles_of(user)]
    allowed = any(administers(actor, place) for place in places)
    require(allowed, _("Only the administrator of the institution does this."))


def _require_administers(actor: User, organisation: Organisation) -> None:
    if not administers(actor, organisation):
        raise NotFound(_("Choose an institution from the list."), path="organisation")


def _create_user(name: str, username: str, phone: str) -> User:
    named, called = name.strip(), username.strip().lower()
    if not named:
        raise Invalid(_("Enter the name."), path="name")
    taken: dict[str, Any] = {"path": "username"}
    if User.objects.filter(username=called).exists():
        raise Conflict(_("This user name is taken."), **taken)
    user = User(username=called, name=named, phone=phone.strip())
    user.set_unusable_password()
    with refusing(people_user_username_key=Conflict(_("This user name is taken."), **taken)):
        user.save()
    return user


def _give(user: User, post: Post) -> PractitionerRole:
    if post.role not in ROLES:
        raise Invalid(_("Choose a role from the list."), path="role")
    if post.department and post.department.organisation_id != post.organisation.pk:
        raise Invalid(_("Choose a department of that institution."), path="department")
    held = Conflict(_("This role is held there already."), path="role")
    with refusing(one_role_of_a_kind_at_an_organisation=held):
        return PractitionerRole.objects.create(
            user=user,
            organisation=post.organisation,
            department=post.department,
            role=post.role,
        )


def _invite(actor: User, user: User) -> Invitation:
    invitation = Invitation.objects.create(
        user=user, invited_by=actor, expires_at=timezone.now() + policies.value(rules.INVITATION)
    )
    outbox.announce(events.AccountInvited(user_id=user.pk, invitation_id=invitation.pk))
    return invitation


def _act_elsewhere(ended: PractitionerRole) -> None:
    user = ended.user
    if user.acting_as_id != ended.pk:
        return
    others = user.roles.filter(ends_on=None, organisation__active=True).exclude(pk=ended.pk)
    user.acting_as = others.order_by("pk").first()
    user.save(update_fields=["acting_as"])


def _publish_all(user: User) -> None:
    practitioner = queries.find_practitioner(user)
    if practitioner:
        practitioner.user = user
        publication.publish(practitioner)
    for role in user.roles.select_related("organisation", "user__practitioner"):
        publication.publish(role)
