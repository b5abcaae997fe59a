"""The door through which `up` lays the demonstration province on the first start."""

from collections.abc import Callable, Iterable

from telemed.core.doorbells import ring_task
from telemed.core.intentions import Actor, System, intention
from telemed.demo import (
    agreements,
    archive,
    contracts,
    devices,
    duty,
    emergencies,
    joint,
    low_incomes,
    outpatients,
    province,
    services,
    settlement,
    standstill,
    visits,
)
from telemed.demo.tasks import (
    fill_province_task,
    lay_pictures_task,
    lay_referrals_task,
    lay_sessions_task,
)

SEEDER = System("demo")
STATEMENT = 30_000  # ms; whole tables are written at once


def seed(progress: Callable[[str], None]) -> None:
    """
    The story's county complete, in one intention; then ring for the rest of the province.

    Safe at every start: what is there stays, and a fill that was cut off goes on.
    """
    with intention(SEEDER, door="command", timeout_ms=STATEMENT):
        new = not services.is_laid()
        if new:
            _lay_story(progress)
        if duty.lay_rotas():
            progress("Guizhou: who is on duty this month and the next")
        if outpatients.lay_story():
            progress("Guizhou: who sees patients this week and the next")
        if contracts.lay_teams():
            progress("Guizhou: family-doctor teams")
        ring_task(lay_sessions_task)
        ring_task(fill_province_task)
    _make_up_standstill(progress)
    if new:
        progress("Guizhou: a joint consult half way")
        _play(joint.story())
        progress("Guizhou: who is on the low-income register")
        _play(low_incomes.story())
        progress("Guizhou: devices of a clinic")
        _play(devices.story())
        progress("Guizhou: booked visits")
        _play(visits.story())
        progress("Guizhou: who is signed with a family doctor")
        for actor, act in contracts.story():
            with intention(actor, door="command", timeout_ms=STATEMENT):
                act()
        progress("Guizhou: emergency accesses")
        _play(emergencies.story())
        progress("Guizhou: health records")
        with intention(SEEDER, door="command", timeout_ms=STATEMENT):
            archive.lay_records()
            ring_task(lay_pictures_task)
            ring_task(lay_referrals_task)


def _play(story: Iterable[tuple[Actor, Callable[[], object]]]) -> None:
    """Each act in an intention of its own, as whoever does it."""
    for actor, act in story:
        with intention(actor, door="command"):
            act()


def _make_up_standstill(progress: Callable[[str], None]) -> None:
    """Before the worker starts, which would fire every clock that ran out while nothing ran."""
    with intention(SEEDER, door="command", timeout_ms=STATEMENT):
        stood = standstill.make_up_standstill()
    if stood:
        hours = stood.gap.total_seconds() / 3600
        progress(f"Open clocks moved on by the {hours:.1f} h for which nothing ran")


def _lay_story(progress: Callable[[str], None]) -> None:
    progress("Guizhou: divisions")
    services.lay_divisions()
    progress("Guizhou: one county with its hospital and three clinics")
    neighbour = province.county_hospital(province.NEIGHBOUR)
    hospitals = [province.authority(), province.county_hospital(), neighbour]
    password = services.hash_password()
    services.lay_places(places=hospitals, password=password)
    services.lay_places(places=province.clinics_of_the_story(), password=password)
    progress("Guizhou: demonstration accounts")
    services.lay_accounts(password=password)
    agreements.lay_story()
    settlement.lay_statements()
    duty.lay_renewal()
    progress("Guizhou: residents")
    services.lay_residents()
    services.lay_family()
    services.begin_fill()
