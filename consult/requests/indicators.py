"""What the health commission sees of consults: cases, first answers, closed ones. No names."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from telemed.oversight.indicators import Figure, Figures, Indicator, Period, Scope, Source

CASES = Indicator(
    key="cases",
    name=_("Consults asked for"),
    unit=_("cases"),
    definition=_("Requests sent in the period, by the place of the institution that asks."),
)
ANSWER = Indicator(
    key="first_answer",
    name=_("First answer, median"),
    unit=_("min"),
    decimals=1,
    definition=_(
        "Minutes of clock time, nights and holidays included, from sending a request to the first "
        "doctor who accepts or declines it; half of the answered requests were faster. Requests "
        "without an answer are not in it: n counts the answered ones."
    ),
)
CLOSED = Indicator(
    key="closed",
    name=_("Closed"),
    unit="%",
    decimals=1,
    definition=_(
        "Share of the requests sent in the period that are closed by now: answered with a signed "
        "opinion on which the asking doctor gave a receipt. n counts all requests sent."
    ),
)

# A request counts once: `case.submit` happens once in the life of a case.
STATEMENT = """
    WITH sent AS (
        SELECT left(place.code, %(digits)s) AS place,
               extract(epoch FROM answer.at - step.at) / 60 AS minutes,
               EXISTS (SELECT FROM requests_step over
                       WHERE over.case_id = step.case_id AND over.action = 'case.close') AS closed
        FROM requests_step step
        JOIN requests_case asked ON asked.id = step.case_id
        JOIN organisations_organisation clinic ON clinic.id = asked.asking_id
        JOIN organisations_division place ON place.code = clinic.division_id
        LEFT JOIN LATERAL (
            SELECT min(at) AS at FROM requests_step
            WHERE case_id = step.case_id AND action IN ('case.accept', 'offer.decline')
        ) answer ON true
        WHERE step.action = 'case.submit' AND step.at >= %(start)s AND step.at < %(end)s
          AND place.code LIKE %(inside)s
    )
    SELECT coalesce(place, ''), count(*), count(minutes),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes),
           count(*) FILTER (WHERE closed)
    FROM sent GROUP BY GROUPING SETS ((place), ())
"""


def compute(period: Period, scope: Scope) -> Figures:
    """All three, for the whole scope (under "") and for each place in it, in one statement."""
    values: dict[str, Any] = {
        "digits": scope.digits,
        "start": period.start,
        "end": period.end,
        "inside": f"{scope.prefix}%",
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)
        rows = cursor.fetchall()
    figures: dict[str, dict[str, Figure]] = {"cases": {}, "first_answer": {}, "closed": {}}
    for place, sent, answered, median, closed in rows:
        figures["cases"][place] = Figure(sent, sent)
        figures["first_answer"][place] = Figure(median, answered)
        share = 100 * closed / sent if sent else None
        figures["closed"][place] = Figure(share, sent, counted=closed)
    return figures


SOURCE = Source(indicators=(CASES, ANSWER, CLOSED), compute=compute)
