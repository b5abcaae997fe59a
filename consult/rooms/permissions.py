"""Who may be in the room of a case or a visit, and what each of them sees and does there."""

from consult.requests.models import ANSWERED, ENDED, HELD, OVER, UNANSWERED, Case, Status
from consult.rooms.models import Participant, Role
from scheduling.appointments.models import TICKETED, Appointment
from scheduling.appointments.permissions import may_see_visit
from telemed.people.models import Role as StaffRole
from telemed.people.models import User

CLINICAL = frozenset({Role.REQUESTER, Role.SPECIALIST})
HOSTS = CLINICAL | {Role.COORDINATOR}  # let in, turn away, hold
GUESTS = frozenset({Role.INTERPRETER, Role.OBSERVER})  # by invitation

WITH_PATIENT = frozenset({Role.REQUESTER, Role.RESIDENT})  # beside whom the patient sits, or is

BY_PLACE = GUESTS | {Role.RESIDENT}  # whose place says what they are
BOTH_SIDES = frozenset({Role.SPECIALIST, Role.RESIDENT})  # of a visit

SEEING = CLINICAL | GUESTS  # of the images what is shown (workflows 2)

# Parts of the log that not everybody reads. To the others such an event is a bare number.
READERS = {
    "draft": frozenset({Role.SPECIALIST}),
    "study": CLINICAL,
    "view": SEEING,
    "mark": SEEING,
    "key_image": SEEING,
}


Matter = Case | Appointment


def sides_of(matter: Matter) -> frozenset[Role]:
    """Who has to be there, so that it goes on."""
    return CLINICAL if isinstance(matter, Case) else BOTH_SIDES


def role_in(matter: Matter, user: User) -> Role | None:
    """What this account is in the room of that case or visit now; None for everybody else."""
    if not user.is_active:
        return None
    if isinstance(matter, Appointment):
        return Role.SPECIALIST if may_see_visit(user, matter) else None
    return _role_in_case(matter, user)


def _role_in_case(case: Case, user: User) -> Role | None:
    here, role = user.organisation_id, user.role
    if role == StaffRole.TOWNSHIP_DOCTOR and here == case.asking_id:
        return Role.REQUESTER
    if role == StaffRole.SPECIALIST and here == case.asked_id and _answers(case, user):
        return Role.SPECIALIST
    return Role.COORDINATOR if watches(case, user) else None


def _answers(case: Case, user: User) -> bool:
    """Who holds it; in a joint consult, who has a seat."""
    if case.holder_id == user.pk or not case.is_joint:
        return case.holder_id == user.pk
    return case.offers.filter(doctor=user, status="accepted").exists()


def role_at(matter: Matter, user: User, place: Participant | None) -> Role | None:
    """The same, or what a guest was invited as, or the patient of a visit."""
    role = role_in(matter, user)
    if role is None and place and user.is_active and place.role in BY_PLACE:
        return Role(place.role)
    return role


def watches(case: Case, user: User) -> bool:
    """The coordinator of either institution sees who is in the room and on what line."""
    here = user.organisation_id
    coordinates = user.is_active and user.role == StaffRole.COORDINATOR and here is not None
    return coordinates and here in (case.asking_id, case.asked_id)


def may_watch(user: User) -> bool:
    """Has a board of rooms."""
    return user.is_active and user.role == StaffRole.COORDINATOR


def has_room(matter: Matter) -> bool:
    """A visit by video that stands; an emergency, that may wait inside; a case once answered."""
    if isinstance(matter, Appointment):
        return matter.is_video and matter.status in TICKETED
    return matter.status in HELD or (matter.is_emergency and matter.status in UNANSWERED)


# A room in which nobody has met is of no use to a case that is there already.
PAST = (Status.DRAFT, *ANSWERED, *OVER, *ENDED)


def is_past(case: Case) -> bool:
    """Nobody meets for it any more: answered in writing, withdrawn, expired, referred, closed."""
    return case.status in PAST


def may_read(role: str, kind: str) -> bool:
    """Whether that role reads events of this kind."""
    readers = READERS.get(kind.partition(".")[0])
    return readers is None or role in readers


def may_show(role: str) -> bool:
    """Lead, point and measure."""
    return role in CLINICAL


def only_sees(role: str) -> bool:
    """Of the images what a doctor shows in the room, to look at only, and nothing else."""
    return role in GUESTS


def may_host(role: str) -> bool:
    """Invite, let in, turn away and hold."""
    return role in HOSTS


def are_equal_hosts(host: str, other: str) -> bool:
    """Both doctors, or both coordinators."""
    return host in HOSTS and other in HOSTS and (host in CLINICAL) == (other in CLINICAL)


def may_speak(role: str) -> bool:
    """Be heard and write; who observes to learn does neither."""
    return role != Role.OBSERVER
