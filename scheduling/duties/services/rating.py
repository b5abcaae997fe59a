"""What the teams of a county have kept in a year, counted once a day."""

from django.utils import timezone

from scheduling.duties.calendar import RULES, WINDOW, YEAR
from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.core.statements import ask

# Of a group to which nothing was owed, too: what was counted last year is not left standing, and a
# county in which nothing has left its window is done for today.
COUNT = """
    WITH rule AS (
        SELECT DISTINCT * FROM unnest($3::text[], $4::text[]) AS r (code, grp)
    ), counted AS (
        SELECT part.name, duty.face, count(*) AS owed,
               count(*) FILTER (WHERE duty.status = 'confirmed') AS kept
        FROM organisations_organisation side
        JOIN registration_team team ON team.organisation_id = side.id
        JOIN registration_contract contract ON contract.team_id = team.id
        JOIN duties_duty duty ON duty.contract_id = contract.id
        LEFT JOIN rule ON rule.code = duty.rule
        CROSS JOIN LATERAL unnest(ARRAY['', rule.grp]) AS part (name)
        WHERE side.division_id LIKE $1::text || '%' AND part.name IS NOT NULL
          AND duty.due_on < $2::date - $5::int AND duty.due_on >= $2::date - $6::int
          AND duty.status NOT IN ('waived', 'planned')
        GROUP BY part.name, duty.face
    )
    INSERT INTO duties_rate (id, created_at, county, "group", face, owed, kept, counted_on)
    SELECT gen_random_uuid(), statement_timestamp(), $1::text, name, face,
           coalesce(counted.owed, 0), coalesce(counted.kept, 0), $2::date
    FROM (SELECT '' AS name UNION SELECT grp FROM rule) every
    CROSS JOIN (VALUES (true), (false)) AS way (face)
    LEFT JOIN counted USING (name, face)
    ON CONFLICT (county, "group", face) DO UPDATE
        SET owed = excluded.owed, kept = excluded.kept, counted_on = excluded.counted_on
    RETURNING id
"""


def count_rates(county: str) -> int:
    """Everybody's, and of each group that comes first; the same again replaces them."""
    require_intention()
    ruled = [(rule.code.value, rule.group.value) for rule in RULES if rule.group]
    codes, groups = zip(*ruled, strict=True)
    today = timezone.localdate()
    n = len(ask(COUNT, county, today, codes, groups, WINDOW.days, YEAR))
    audit.record(action="duty.rate", target=f"Rate/{n} of {county}")
    return n
