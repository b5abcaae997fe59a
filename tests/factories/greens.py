"""Green channels in a given state, brought there by the product's own services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scheduling.greens import services
from scheduling.greens.models import Green, Kind
from scheduling.greens.services import Wish
from telemed.core import moments
from telemed.core.ids import new_id
from telemed.organisations.models import Department
from telemed.people.models import User
from tests.factories.people import DepartmentFactory
from tests.factories.referrals import Road, by, road
from tests.factories.scheduling import doctor_of

SPECIALTY = {
    Kind.CHEST_PAIN: "cardiology",
    Kind.STROKE: "neurology",
    Kind.TRAUMA: "emergency",
    Kind.OBSTETRIC: "obstetrics",
}


@dataclass
class Scene:
    """The people of one road, and the green channel on it."""

    road: Road
    green: Green
    department: Department
    doctor: User

    @property
    def clinic(self) -> User:
        return self.road.sender

    @property
    def now(self) -> str:
        """As a form sends a moment."""
        return moments.now().isoformat()

    def refresh(self) -> Green:
        return Green.objects.select_related("referral").get(pk=self.green.pk)


def opened(
    kind: str = Kind.CHEST_PAIN, road_: Road | None = None, *, ago: int = 0, **wish: Any
) -> Scene:
    """By the clinic's doctor, so many minutes after the first contact."""
    found = road_ or road(places=0)
    department, doctor = found.department, found.doctor
    if department.specialty != SPECIALTY[Kind(kind)]:
        department = DepartmentFactory(
            organisation=found.hospital, specialty=SPECIALTY[Kind(kind)], name=str(kind)
        )
        doctor = doctor_of(department)
    contact = moments.now() - timedelta(minutes=ago)
    with by(found.sender):
        green = services.open_green(
            actor=found.sender,
            patient=found.patient,
            wish=Wish(kind=kind, contact_at=contact, **wish),
        )
    found.referral, found.department, found.doctor = green.referral, department, doctor
    return Scene(found, green, department, doctor)


def acknowledged(kind: str = Kind.CHEST_PAIN, **more: Any) -> Scene:
    scene = opened(kind, **more)
    with by(scene.doctor):
        services.acknowledge(actor=scene.doctor, green_id=scene.green.pk)
    return scene


def tap(scene: Scene, station: str, actor: User, at: datetime | None = None) -> None:
    with by(actor):
        services.stamp(
            actor=actor,
            green_id=scene.green.pk,
            station=station,
            key=new_id(),
            at=at or moments.now(),
        )


def arrived(kind: str = Kind.CHEST_PAIN, **more: Any) -> Scene:
    scene = acknowledged(kind, **more)
    for station in ("depart", "arrive"):
        tap(scene, station, scene.clinic)
    return scene
