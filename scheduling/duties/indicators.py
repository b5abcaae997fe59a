"""
Kept promises as the health commission sees them: by county and institution, by group, by how.

A promise is a service whose window is over; it is kept when the resident has confirmed it.
"""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scheduling.duties.calendar import RULES, WINDOW
from scheduling.registration.models import Group
from telemed.oversight.indicators import (
    Answer,
    Better,
    Cell,
    Cut,
    Family,
    Figure,
    Indicator,
    Question,
    Side,
    Source,
)

ALL, FACE, REMOTE = "all", "face", "remote"
OWED = [group for group in Group if any(rule.group == group for rule in RULES)]  # by the norm
PARTS = [ALL, FACE, REMOTE, *(group.value for group in OWED)]
CUTS = (Cut.TOTAL, Cut.PREFECTURE, Cut.COUNTY, Cut.INSTITUTION)  # others tell no duties apart
OVER = WINDOW.days + 1

STATEMENT = """
WITH rule AS (
    SELECT DISTINCT * FROM unnest(%(codes)s::text[], %(groups)s::text[]) AS r (code, grp)
), told AS (
    SELECT (%(periods)s::text[])[nth] AS period, left_at, duty.status, duty.face, rule.grp,
           side.id AS organisation, side.division_id AS place
    FROM duties_duty duty
    CROSS JOIN LATERAL (
        SELECT (duty.due_on + %(over)s::int)::timestamp AT TIME ZONE 'Asia/Shanghai' AS left_at
    ) moment
    CROSS JOIN LATERAL width_bucket(left_at, %(starts)s::timestamptz[]) AS nth
    JOIN registration_contract contract ON contract.id = duty.contract_id
    JOIN registration_team team ON team.id = contract.team_id
    JOIN organisations_organisation side ON side.id = team.organisation_id
    LEFT JOIN rule ON rule.code = duty.rule
    WHERE duty.due_on BETWEEN %(first)s AND %(last)s AND duty.status NOT IN ('waived', 'planned')
      AND nth > 0 AND left_at < (%(ends)s::timestamptz[])[nth]
      AND side.division_id LIKE %(inside)s
      AND (%(organisation)s::uuid IS NULL OR side.id = %(organisation)s)
)
SELECT told.period, level.cut,
       CASE level.cut
           WHEN 'prefecture' THEN left(told.place, 4)
           WHEN 'county' THEN left(told.place, 6)
           WHEN 'institution' THEN told.organisation::text
           ELSE ''
       END AS part,
       part.name, count(*) AS owed, count(*) FILTER (WHERE status = 'confirmed') AS kept,
       count(*) FILTER (WHERE status IN ('done', 'unconfirmed', 'disputed')) AS unfinished
FROM told
JOIN unnest(%(cuts)s::text[], %(within)s::text[]) AS level (cut, inside)
  ON told.place LIKE level.inside
CROSS JOIN LATERAL unnest(
    ARRAY['all', CASE WHEN face THEN 'face' ELSE 'remote' END, grp]) AS part (name)
WHERE part.name IS NOT NULL
GROUP BY 1, 2, 3, 4
"""


def compute(question: Question) -> Answer:
    """Every part of every place in one statement; duties know no specialty and no other side."""
    levels = [level for level in question.levels if level.cut in CUTS]
    if question.side != Side.ASKING or question.specialty or question.urgency or not levels:
        return {}
    periods = question.periods.values()
    first = min(timezone.localdate(period.start) for period in periods)
    last = max(timezone.localdate(period.end) for period in periods)
    asked = question.values | {
        "codes": [rule.code.value for rule in RULES],
        "groups": [rule.group.value if rule.group else "" for rule in RULES],
        "over": OVER,
        "first": first - 2 * WINDOW,
        "last": min(last, timezone.localdate() - timedelta(days=OVER)),
        "cuts": [str(level.cut) for level in levels],
        "within": [f"{level.inside}%" for level in levels],
    }
    found: dict[tuple[str, Cut, str], dict[str, tuple[int, int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, asked)
        for period, cut, place, part, *counts in cursor.fetchall():
            found.setdefault((period, Cut(cut), place), {})[part] = tuple(counts)
    return {key: _cell(parts) for key, parts in found.items()}


def _cell(parts: dict[str, tuple[int, int, int]]) -> Cell:
    counts: dict[str, int] = {}
    figures = {}
    for part in PARTS:
        owed, kept, _open = parts.get(part, (0, 0, 0))
        counts |= {f"owed_{part}": owed, f"kept_{part}": kept}
        share = 100 * kept / owed if owed else None
        whole = parts[ALL][0] if part != ALL else None
        figures[f"kept_{part}"] = Figure(value=share, n=owed, counted=kept, of=whole)
    return Cell(figures, counts, parts[ALL][2])


def _indicator(part: str) -> Indicator:
    names = {
        ALL: _("Kept promises"),
        FACE: _("Kept face to face"),
        REMOTE: _("Kept by phone or video"),
    }
    return Indicator(
        key=f"kept_{part}",
        name=names.get(part) or format_lazy(_("Kept: {group}"), group=Group(part).label),
        unit="%",
        decimals=1,
        better=Better.HIGHER,
        counts=_("Services of family-doctor teams that the resident has confirmed."),
        out_of=_(
            "Services owed under a contract whose window ended in the period; not the waived."
        ),
        source=_("The duties of the contracts, by the calendar of the national norm."),
        among=f"owed_{part}",
        counted=f"kept_{part}",
        parts_of="kept_all" if part in Group.values else "",
    )


def _within() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {"owed_all": (), "kept_all": ("owed_all",)}
    for part in PARTS[1:]:
        found |= {f"owed_{part}": ("owed_all",), f"kept_{part}": (f"owed_{part}", "kept_all")}
    return found


SOURCE = Source(
    families=(
        Family(
            key="promises",
            name=pgettext_lazy("figures", "Kept promises"),
            indicators=tuple(_indicator(part) for part in PARTS),
        ),
    ),
    compute=compute,
    within=_within(),
    order=10,
)
