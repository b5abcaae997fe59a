"""The table of packages of a county; a signed contract keeps the text of its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.registration import included, limited, queries
from scheduling.registration.models import Group, Package
from scheduling.registration.permissions import may_price
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User

ALL = 100  # per cent
MOST = 10_000_00  # fen a year


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a package says: price in fen a year, shares in per cent."""

    name: str
    kind: str
    contents: str
    price: int
    insurance: int
    public_health: int
    resident: int
    groups: Sequence[str] = ()
    limits: dict[str, int] = field(default_factory=dict)  # by service, times a contract year
    # Named one by one, by their place in the form: each is owed by day.
    services: Mapping[int, included.Row] = field(default_factory=dict)


def add_package(*, actor: User, county: str, content: Content) -> Package:
    """A new line of the table; whoever signed under another keeps that one."""
    require_intention()
    _require_authority(actor)
    division = next((one for one in queries.counties_of(actor) if one.code == county), None)
    if division is None:
        raise Invalid(_("Please choose a county of yours."), path="county")
    _check(content)
    package = Package(
        division=division,
        kind=content.kind,
        name=content.name.strip(),
        contents=content.contents.strip(),
        price=content.price,
        insurance=content.insurance,
        public_health=content.public_health,
        resident=content.resident,
        groups=list(content.groups),
        limits=content.limits,
        services=list(content.services.values()),
    )
    taken = Conflict(_("There is a package of this name already."), path="name")
    with refusing(one_package_of_a_name=taken):
        package.save(force_insert=True)
    audit.record(action="package.add", target=package)
    return package


def end_package(*, actor: User, package_id: UUID) -> Package:
    """From tomorrow on nobody can choose it."""
    require_intention()
    _require_authority(actor)
    mine = {one.pk: one for one in queries.packages_kept(actor)}
    package = mine.get(package_id)
    if package is None:
        raise NotFound(_("Not found, or not yours to know of."))
    if package.until is None:
        package.until = timezone.localdate()
        package.save(update_fields=["until"])
        audit.record(action="package.end", target=package)
    return package


def _check(content: Content) -> None:
    if not content.name.strip():
        raise Invalid(_("A package needs a name."), path="name")
    if not content.contents.strip():
        raise Invalid(_("Say what the package contains, one service a line."), path="contents")
    if content.kind not in Package.Kind.values:
        raise Invalid(_("Please choose the kind."), path="kind")
    if not 0 <= content.price <= MOST:
        raise Invalid(_("The price is between 0 and 10,000 yuan a year."), path="price")
    shares = (content.insurance, content.public_health, content.resident)
    if any(share < 0 for share in shares) or sum(shares) != ALL:
        raise Invalid(_("The three shares must add up to 100 per cent."), path="resident")
    if set(content.groups) - set(Group.values):
        raise Invalid(_("There is no such group."), path="groups")
    if set(content.limits) - {code for code, _name in limited.services()}:
        raise Invalid(_("This service cannot be limited."), path="limits")
    for code, times in content.limits.items():
        if not limited.LEAST <= times <= limited.MOST:
            sentence = _("A service is limited to between {least} and {most} times a year.")
            said = sentence.format(least=limited.LEAST, most=limited.MOST)
            raise Invalid(said, path=f"limit-{code}")
    _check_services(content)


def _check_services(content: Content) -> None:
    if len(content.services) > included.ROWS:
        sentence = _("A package names at most {n} services.").format(n=included.ROWS)
        raise Invalid(sentence, path="services")
    known, seen = {code for code, _name in included.services()}, set[tuple[str, str]]()
    for n, row in content.services.items():
        _check_service(n, row, known)
        if (row["code"], row["name"]) in seen:
            raise Invalid(_("Name each service once."), path=f"service-{n}")
        seen.add((row["code"], row["name"]))
        most = content.limits.get(row["code"])
        if most is not None and most < row["times"]:
            sentence = _("This service is limited to fewer times a year: {n}.").format(n=most)
            raise Invalid(sentence, path=f"service-times-{n}")


def _check_service(n: int, row: included.Row, known: set[str]) -> None:
    if row["code"] and row["code"] not in known:
        raise Invalid(_("This service cannot be named by a package."), path=f"service-{n}")
    if bool(row["code"]) == bool(row["name"]):
        said = _("Choose a service from the list or write a name, not both.")
        raise Invalid(said, path=f"service-{n}")
    if len(row["name"]) > included.LONGEST or not row["name"].isprintable():
        sentence = _("The name of a service has at most {n} characters, in one line.")
        raise Invalid(sentence.format(n=included.LONGEST), path=f"service-name-{n}")
    if not included.LEAST <= row["times"] <= included.MOST:
        sentence = _("A named service is done between {least} and {most} times a year.")
        said = sentence.format(least=included.LEAST, most=included.MOST)
        raise Invalid(said, path=f"service-times-{n}")


def _require_authority(actor: User) -> None:
    said = _("The administrator of the health authority keeps the packages.")
    require(may_price(actor), said)
