"""The accounts that a demonstration offers, in one table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telemed.core.errors import NotFound
from telemed.demo import province
from telemed.demo.province import Place
from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import Application, Practitioner, Role, User
from telemed.web.demo_accounts import DemoAccount

PASSWORD = "telemed-demo"  # noqa: S105 (shown on the sign-in page of every demonstration)
PIN = "246810"
SUITE, SUITE_SCOPES = "Conformance suite", "system/*.cruds"
YEARS = timedelta(days=365)

WORDS = {
    Role.TOWNSHIP_DOCTOR: gettext_lazy(
        "asks for consults, joins with the patient, acts on the opinion"
    ),
    Role.SPECIALIST: gettext_lazy("accepts, joins, points at the image, signs"),
    Role.COORDINATOR: gettext_lazy("sees what is overdue, assigns, calls"),
    Role.DESK: gettext_lazy("plans sessions, stops them, books at the desk"),
    Role.DIRECTOR: gettext_lazy("steps in when nobody on duty answers"),
    Role.MEDICAL_OFFICE: gettext_lazy("verifies licences, amends, reviews"),
    Role.HEAD: gettext_lazy("signs agreements for the institution"),
    Role.ADMINISTRATOR: gettext_lazy("keeps institutions and accounts"),
    Role.AUDITOR: gettext_lazy("reviews who looked, without the contents"),
    Role.OFFICIAL: gettext_lazy("sees the monthly picture, never names"),
    Role.RESIDENT: gettext_lazy("sees the own record and who looked"),
}
IN_THE_VILLAGE = gettext_lazy("books for villagers, serves the team's duties, sends emergencies")


@dataclass(frozen=True, kw_only=True)
class Account:
    """One button of the sign-in page. A clinician also has a licence."""

    username: str
    name: str
    role: Role
    department: str = ""
    title: Practitioner.Title | None = None
    specialty: Specialty | None = None
    practising: timedelta = 12 * YEARS  # how long, on the day of seeding
    clinic: int = 0  # which of the story's clinics a township doctor works at
    home: Callable[[], Place] | None = None  # where it is not where the role usually works

    @property
    def place(self) -> Place | None:
        if self.home:
            return self.home()
        match self.role:
            case Role.TOWNSHIP_DOCTOR:
                return province.clinics_of_the_story()[self.clinic]
            case Role.ADMINISTRATOR | Role.OFFICIAL:
                return province.authority()
            case Role.RESIDENT:
                return None
        return province.county_hospital()

    @property
    def phone(self) -> str:
        """100… is no mobile operator's prefix: a call reaches nobody."""
        return f"1000000{ACCOUNTS.index(self):04d}"

    @property
    def in_the_village(self) -> bool:
        return self.title == Practitioner.Title.VILLAGE

    @property
    def position(self) -> str:
        """What people call it: a village doctor works in the role of a clinic's doctor."""
        return str(Practitioner.Title.VILLAGE.label if self.in_the_village else self.role.label)

    @property
    def does(self) -> str:
        return str(IN_THE_VILLAGE if self.in_the_village else WORDS[self.role])

    @property
    def signs(self) -> bool:
        """Opinions are signed by who answers; the others need no key."""
        return self.role == Role.SPECIALIST

    def practising_since(self, day: date) -> date:
        return day - self.practising


def _township(username: str, name: str, clinic: int, title: Practitioner.Title) -> Account:
    return Account(
        username=username,
        name=name,
        role=Role.TOWNSHIP_DOCTOR,
        department="全科",
        title=title,
        specialty=Specialty.GENERAL,
        clinic=clinic,
    )


def _specialist(
    username: str,
    name: str,
    department: str,
    specialty: Specialty,
    title: Practitioner.Title,
    practising: timedelta = 12 * YEARS,
) -> Account:
    return Account(
        username=username,
        name=name,
        role=Role.SPECIALIST,
        department=department,
        specialty=specialty,
        title=title,
        practising=practising,
    )


TITLE = Practitioner.Title
ACCOUNTS: Sequence[Account] = (
    _township("township", "周丽", 0, TITLE.RESIDENT),
    _township("township2", "杨文秀", 1, TITLE.ASSISTANT),
    _township("township3", "岑德明", 2, TITLE.ASSISTANT),
    _township("village", "罗兴贵", 0, TITLE.VILLAGE),
    _specialist("specialist", "罗晓岚", "神经内科", Specialty.NEUROLOGY, TITLE.ASSOCIATE),
    _specialist("specialist2", "陈志远", "神经内科", Specialty.NEUROLOGY, TITLE.ATTENDING),
    _specialist("specialist3", "吴昌俊", "呼吸内科", Specialty.RESPIRATORY, TITLE.CHIEF),
    # Licensed, but not for three years yet: shows how the licence gate refuses.
    _specialist(
        "specialist4", "石磊", "心血管内科", Specialty.CARDIOLOGY, TITLE.RESIDENT, 2 * YEARS
    ),
    # Whom an emergency of each kind reaches can sign in and sign.
    _specialist("specialist5", "韦正义", "心血管内科", Specialty.CARDIOLOGY, TITLE.ASSOCIATE),
    _specialist("specialist6", "蒙永福", "急诊科", Specialty.EMERGENCY, TITLE.ATTENDING),
    _specialist("specialist7", "潘兰英", "妇产科", Specialty.OBSTETRICS, TITLE.ASSOCIATE),
    Account(username="coordinator", name="王琴", role=Role.COORDINATOR),
    Account(username="desk", name="黄桂珍", role=Role.DESK),
    Account(username="director", name="蒋正华", role=Role.DIRECTOR),
    Account(username="office", name="潘玉芳", role=Role.MEDICAL_OFFICE),
    Account(username="head", name="韦国强", role=Role.HEAD),
    Account(
        username="clinichead",
        name="演示院长",
        role=Role.HEAD,
        home=lambda: province.clinics_of_the_story()[0],
    ),
    Account(
        username="hospitaladmin",
        name="演示管理员",
        role=Role.ADMINISTRATOR,
        home=province.county_hospital,
    ),
    Account(
        username="clinicadmin",
        name="演示管理员",
        role=Role.ADMINISTRATOR,
        home=lambda: province.clinics_of_the_story()[0],
    ),
    Account(username="auditor", name="蒙远平", role=Role.AUDITOR),
    Account(username="admin", name="龙建平", role=Role.ADMINISTRATOR),
    Account(username="official", name="田玉", role=Role.OFFICIAL),
    Account(username="resident", name="吴金花", role=Role.RESIDENT),
    Account(username="resident2", name="石美凤", role=Role.RESIDENT),
)


def listed() -> list[dict[str, str]]:
    """Everything needed to sign in, for the console and the sign-in page; needs no database."""
    return [
        {
            "username": account.username,
            "password": PASSWORD,
            "pin": PIN if account.signs else "",
            "role": account.role.value,
            "organisation": account.place.name if account.place else "",
            "name": account.name,
            "does": account.does,
        }
        for account in ACCOUNTS
    ]


def offered() -> list[DemoAccount]:
    """The same as buttons of the sign-in page."""
    return [
        DemoAccount(
            username=account.username,
            name=account.name,
            place=account.place.name if account.place else "",
            role=account.role.value,
            does=_("{role}: {does}").format(role=account.position, does=account.does),
        )
        for account in ACCOUNTS
    ]


def get_user(username: str) -> User:
    """One of the listed accounts; nobody else is signed in by name alone."""
    offered = {account.username for account in ACCOUNTS} & {username}
    user = User.objects.filter(username__in=offered, is_active=True).first()
    if user is None:
        raise NotFound(_("There is no demonstration account of this name."), path="username")
    return user


def get_suite() -> Application:
    """The application whose token a conformance suite uses; it acts for the authority."""
    organisation = Organisation.objects.filter(number=province.authority().number).first()
    if organisation is None:
        raise NotFound(_("The demonstration province is not there yet."), path="Organization")
    suite, _new = Application.objects.get_or_create(
        name=SUITE, defaults={"organisation": organisation, "scopes": SUITE_SCOPES}
    )
    return suite
