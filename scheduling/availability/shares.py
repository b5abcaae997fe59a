"""How the places of a session are laid out on its periods and pools. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from scheduling.availability.models import Pool

RESERVED = [Pool.FAMILY_DOCTOR, Pool.REFERRAL, Pool.WALK_IN, Pool.PHONE]
FULL = 100
FEW = 5  # places; a smaller session keeps a place only where the share makes one

Layout = list[dict[str, int]]  # places by pool, for each period


def spans(starts_at: datetime, ends_at: datetime, minutes: int) -> list[tuple[datetime, datetime]]:
    """The periods that fit; what is left at the end is too short for one."""
    step, found = timedelta(minutes=minutes), []
    while starts_at + step <= ends_at:
        found.append((starts_at, starts_at + step))
        starts_at += step
    return found


def quotas(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """
    How many of `total` places each pool has, by largest remainder; what is left is public.

    A pool with a share has a place at least, from five places on (workflows.md section 4).
    """
    exact: dict[str, int] = {pool: total * shares.get(pool, 0) for pool in RESERVED}
    whole = {pool: hundredths // FULL for pool, hundredths in exact.items()}
    left = sum(exact.values()) // FULL - sum(whole.values())
    for pool in sorted(RESERVED, key=lambda pool: -(exact[pool] % FULL))[:left]:
        whole[pool] += 1
    if total >= FEW:
        whole = {pool: n or int(exact[pool] > 0) for pool, n in whole.items()}
    return {Pool.PUBLIC: total - sum(whole.values()), **whole}


def lay_out(periods: int, capacity: int, shares: Mapping[str, int]) -> Layout:
    """
    Every period full, the reserved places dealt evenly from the first period on.

    >>> lay_out(2, 5, {"referral": 20})
    [{'referral': 1, 'public': 4}, {'referral': 1, 'public': 4}]
    """
    wanted = quotas(periods * capacity, shares)
    hands = [[pool] * wanted[pool] for pool in RESERVED]
    dealt = [pool for pool in chain(*zip_longest(*hands)) if pool]
    layout: Layout = [{} for _ in range(periods)]
    for turn, pool in enumerate(dealt):
        period = layout[turn * periods // len(dealt)]
        period[pool] = period.get(pool, 0) + 1
    for period in layout:
        if public := capacity - sum(period.values()):
            period[Pool.PUBLIC] = public
    return layout


def fit(
    wanted: Mapping[str, int], taken: Mapping[str, int], home: Callable[[str], str]
) -> dict[str, int]:
    """
    The places of one period, as wanted, but no pool below what is taken of it.

    What a pool then has too much, the public and after it the other pools give up; `home` says
    where what is free of a pool belongs by now. There are at least as many places as are taken.
    """
    pools = dict.fromkeys([*wanted, *taken], 0)
    places = {pool: max(wanted.get(pool, 0), taken.get(pool, 0)) for pool in pools}
    over = sum(places.values()) - sum(wanted.values())
    for giving in (Pool.PUBLIC, *RESERVED):
        given_up = min(over, places.get(giving, 0) - taken.get(giving, 0))
        if given_up > 0:
            places[giving] -= given_up
            over -= given_up
    for pool in pools:
        if (to := home(pool)) != pool:
            spare = places[pool] - taken.get(pool, 0)
            places[pool] -= spare
            places[to] = places.get(to, 0) + spare
    return places
