"""Reads that need a name."""

from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import NotFound
from telemed.organisations.models import Department, Organisation
from telemed.people.models import Practitioner, PractitionerRole, Role, User
from telemed.staff.models import Entry, Invitation, Upload
from telemed.staff.permissions import verifies, within

PAGE = 50
SOON = timedelta(days=30)  # a licence that ends within it wants a renewal


def visible_to(actor: User) -> QuerySet[User]:
    """Accounts with a role, held now or once, at an institution that the actor keeps."""
    held = PractitionerRole.objects.filter(within(actor, "organisation"), user=OuterRef("pk"))
    return User.objects.filter(Exists(held))


def find_staff(
    actor: User, *, text: str = "", show: str = "", after: str = "", limit: int = PAGE
) -> list[User]:
    """By name, user name or institution; in the order of user names, from `after` on."""
    people = visible_to(actor)
    if text:
        here = PractitionerRole.objects.filter(
            user=OuterRef("pk"), organisation__name__icontains=text
        )
        people = people.filter(
            Q(name__icontains=text) | Q(username__istartswith=text) | Exists(here)
        )
    match show:
        case "ending":
            people = people.filter(_ending())
        case "closed":
            people = people.filter(is_active=False)
        case "stopped":
            people = people.exclude(practitioner__state=Practitioner.State.ACTIVE).filter(
                practitioner__isnull=False
            )
        case "unlicensed":
            people = people.filter(_unlicensed())
    if after:
        people = people.filter(username__gt=after)
    roles = PractitionerRole.objects.filter(ends_on=None).select_related("organisation")
    people = people.select_related("practitioner").prefetch_related(
        Prefetch("roles", queryset=roles, to_attr="current_roles")
    )
    return list(people.order_by("username")[:limit])


def _ending() -> Q:
    """Licences that hold and end within 30 days."""
    until = timezone.localdate() + SOON
    return Q(
        practitioner__state=Practitioner.State.ACTIVE,
        practitioner__licensed_until__lte=until,
        is_active=True,
    )


def _unlicensed() -> Q:
    clinical = PractitionerRole.objects.filter(
        user=OuterRef("pk"), role__in=[Role.TOWNSHIP_DOCTOR, Role.SPECIALIST], ends_on=None
    )
    return Q(Exists(clinical), practitioner=None, is_active=True)


def count_ending(actor: User) -> int:
    return visible_to(actor).filter(_ending()).count()


def count_unlicensed(actor: User) -> int:
    return visible_to(actor).filter(_unlicensed()).count()


def get_staff(actor: User, user_id: UUID, *, lock: bool = False) -> User:
    """One account the actor keeps. Hidden and absent look the same."""
    people = visible_to(actor)
    if lock:
        people = people.select_for_update(of=("self",), no_key=True)
    found = people.filter(pk=user_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"User/{user_id}")
    return found


def roles_of(user: User) -> list[PractitionerRole]:
    """Those held now first, then those that ended."""
    roles = user.roles.select_related("organisation__division", "department")
    return sorted(roles, key=lambda role: (role.ends_on is not None, role.starts_on))


def get_practitioner(practitioner_id: UUID) -> Practitioner:
    """For the system's own steps (events), where no person asks."""
    return Practitioner.objects.select_related("user").get(pk=practitioner_id)


def find_practitioner(user: User) -> Practitioner | None:
    return Practitioner.objects.filter(user=user).first()


def entries_of(user: User, limit: int = 10) -> list[Entry]:
    entries = user.licence_entries.select_related("entered_by", "verified_by")
    return list(entries.order_by("-pk")[:limit])


def to_verify(actor: User, *, limit: int = PAGE) -> list[Entry]:
    """What waits for this medical office, oldest first."""
    held = PractitionerRole.objects.filter(
        within(actor, "organisation"), user=OuterRef("user"), ends_on=None
    )
    waiting = Entry.objects.filter(Exists(held), state=Entry.State.WAITING)
    related = ("user__practitioner", "entered_by")
    roles = PractitionerRole.objects.filter(ends_on=None).select_related("organisation")
    waiting = waiting.select_related(*related).prefetch_related(
        Prefetch("user__roles", queryset=roles, to_attr="current_roles")
    )
    return list(waiting.order_by("pk")[:limit])


def get_entry(actor: User, entry_id: UUID, *, lock: bool = False) -> Entry:
    """An entry about somebody whom this medical office verifies."""
    entries = Entry.objects.select_related("user", "entered_by")
    if lock:
        entries = entries.select_for_update(of=("self",), no_key=True)
    entry = entries.filter(pk=entry_id).first()
    if entry is None or not may_verify(actor, entry.user):
        raise NotFound(_("Not found, or not yours to know of."), path=f"Entry/{entry_id}")
    return entry


def may_verify(actor: User, user: User) -> bool:
    """Whether the actor's medical office answers for a place where this person works."""
    roles = user.roles.filter(ends_on=None).select_related("organisation__division")
    return any(verifies(actor, role.organisation) for role in roles)


def find_invitation(invitation_id: UUID, *, lock: bool = False) -> Invitation | None:
    invitations = Invitation.objects.select_related("user")
    if lock:
        invitations = invitations.select_for_update(of=("self",), no_key=True)
    return invitations.filter(pk=invitation_id).first()


def open_invitation(user: User) -> Invitation | None:
    return user.invitations.filter(used_at=None, withdrawn_at=None).first()


def sessions_of(user: User, limit: int = 20) -> list[UserSession]:
    """Where the account is signed in, newest first."""
    return list(UserSession.objects.filter(user=user).order_by("-created_at")[:limit])


def administrators_of(organisation: Organisation) -> list[User]:
    held = PractitionerRole.objects.filter(
        organisation=organisation, role=Role.ADMINISTRATOR, ends_on=None
    )
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True))


def find_organisations(actor: User, limit: int = 300) -> list[Organisation]:
    """The institutions whose accounts the actor keeps."""
    return list(Organisation.objects.filter(within(actor), active=True).order_by("name")[:limit])


def colleagues_of(user: User, limit: int = 200) -> list[User]:
    """Who could take over: clinicians at the same institutions."""
    places = user.roles.filter(ends_on=None).values("organisation")
    there = PractitionerRole.objects.filter(
        organisation__in=places,
        role__in=[Role.TOWNSHIP_DOCTOR, Role.SPECIALIST],
        ends_on=None,
        user=OuterRef("pk"),
    )
    people = User.objects.filter(Exists(there), is_active=True).exclude(pk=user.pk)
    return list(people.select_related("practitioner").order_by("name")[:limit])


def get_organisation(organisation_id: UUID) -> Organisation:
    found = Organisation.objects.filter(pk=organisation_id, active=True).first()
    if found is None:
        raise NotFound(_("Choose an institution from the list."), path="organisation")
    return found


def find_department(department_id: UUID | None) -> Department | None:
    """Of any institution: whose it is, is for the service to ask."""
    return Department.objects.filter(pk=department_id).first() if department_id else None


def invitations_of(upload: Upload) -> list[Invitation]:
    """The invitations that an import made, with their people."""
    made = Invitation.objects.filter(pk__in=upload.invited).select_related("user__acting_as")
    return list(made.order_by("pk"))
