"""One statement over the steps of the cases: every indicator for every part and period asked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from consult.requests.indicators.definitions import TOLD, WITHIN
from consult.requests.models import Offer, Outcome, Receipt
from telemed.oversight.indicators import Answer, Figure, Question, answer_of

# A case counts once, by when it was last sent: within two minutes, and while nobody has read it, it
# can be taken back and sent again. Measured on 200,000 steps: docs/adr/0017.
STATEMENT = """
WITH life AS (
    SELECT asked.id AS case_id, asked.specialty, asked.status,
           CASE WHEN asked.priority THEN 'priority' ELSE asked.kind END AS urgency,
           side.id AS organisation, side.division_id AS place,
           CASE WHEN %(answering)s THEN asked.asking_id ELSE asked.asked_id END AS partner,
           max(step.at) FILTER (WHERE step.action = 'case.submit') AS sent_at,
           min(step.at) FILTER (
               WHERE step.action IN ('case.accept', 'offer.decline')) AS answered_at,
           min(step.at) FILTER (
               WHERE step.action = 'case.escalate' AND step.facts ->> 'clock' = 'case.accept'
           ) AS late_at,
           min(step.at) FILTER (WHERE step.action = 'opinion.sign') AS signed_at,
           array_position(ARRAY['adopted', 'partly', 'not_adopted'], (
               array_agg(step.facts ->> 'decision' ORDER BY step.at DESC, step.id DESC)
               FILTER (WHERE step.action = 'case.receipt'))[1]
           ) AS decision,
           (array_agg(step.facts ->> 'code' ORDER BY step.at) FILTER (
               WHERE step.action = 'offer.decline'))[1] AS code,
           array_agg((step.facts ->> 'day')::int) FILTER (
               WHERE step.action = 'case.outcome' AND step.facts ->> 'result' <> 'unknown'
           ) AS days,
           (array_agg(step.facts ->> 'result' ORDER BY (step.facts ->> 'day')::int DESC) FILTER (
               WHERE step.action = 'case.outcome' AND step.facts ->> 'result' <> 'unknown'))[1]
               AS result
    FROM requests_case asked
    JOIN organisations_organisation side
      ON side.id = CASE WHEN %(answering)s THEN asked.asked_id ELSE asked.asking_id END
    JOIN requests_step step ON step.case_id = asked.id
    WHERE asked.id IN (
            SELECT case_id FROM requests_step
            WHERE action = 'case.submit' AND at >= %(start)s AND at < %(end)s)
      AND side.division_id LIKE %(inside)s
      AND (%(organisation)s::uuid IS NULL OR side.id = %(organisation)s)
      AND (%(specialty)s = '' OR asked.specialty = %(specialty)s)
      AND (%(urgency)s = ''
           OR CASE WHEN asked.priority THEN 'priority' ELSE asked.kind END = %(urgency)s)
    GROUP BY asked.id, side.id
    HAVING coalesce(max(step.at) FILTER (WHERE step.action = 'case.unsubmit')
                    < max(step.at) FILTER (WHERE step.action = 'case.submit'), true)
), told AS (
    SELECT (%(periods)s::text[])[number] AS period, life.*,
           extract(epoch FROM life.answered_at - life.sent_at)::float8 / 60 AS minutes,
           %(told_by)s::date - (life.signed_at AT TIME ZONE 'Asia/Shanghai')::date AS due_days
    FROM life, width_bucket(life.sent_at, %(starts)s::timestamptz[]) AS number
    WHERE number > 0 AND life.sent_at < (%(ends)s::timestamptz[])[number]
), counted AS (
    SELECT told.period, level.cut,
           CASE level.cut
               WHEN 'prefecture' THEN left(told.place, 4)
               WHEN 'county' THEN left(told.place, 6)
               WHEN 'institution' THEN told.organisation::text
               WHEN 'partner' THEN told.partner::text
               WHEN 'specialty' THEN told.specialty
               WHEN 'urgency' THEN told.urgency
               ELSE ''
           END AS part,
           count(*) AS sent,
           count(*) FILTER (
               WHERE answered_at <= late_at OR (answered_at IS NOT NULL AND late_at IS NULL)
           ) AS in_time,
           count(*) FILTER (
               WHERE answered_at IS NULL AND (late_at IS NOT NULL OR status = 'expired')
           ) AS silent,
           count(code) AS declined,
           count(*) FILTER (WHERE due_days >= 3) AS due_3,
           count(*) FILTER (WHERE due_days >= 7) AS due_7,
           count(*) FILTER (WHERE due_days >= 30) AS due_30,
           count(decision) AS receipts,
           count(*) FILTER (WHERE decision = 1) AS adopted,
           count(*) FILTER (WHERE decision = 2) AS partly,
           count(*) FILTER (WHERE decision = 3) AS not_adopted,
           count(*) FILTER (WHERE due_days >= 3 AND 3 = ANY (days)) AS outcome_3,
           count(*) FILTER (WHERE due_days >= 7 AND 7 = ANY (days)) AS outcome_7,
           count(*) FILTER (WHERE due_days >= 30 AND 30 = ANY (days)) AS outcome_30,
           count(result) AS fared,
           count(*) FILTER (WHERE result = 'better') AS fared_better,
           count(*) FILTER (WHERE result = 'same') AS fared_same,
           count(*) FILTER (WHERE result = 'worse') AS fared_worse,
           count(*) FILTER (WHERE result = 'referred') AS fared_referred,
           count(*) FILTER (WHERE result = 'died') AS fared_died,
           count(*) FILTER (WHERE result = 'lost') AS fared_lost,
           count(*) FILTER (WHERE code = 'scope') AS declined_scope,
           count(*) FILTER (WHERE code = 'time') AS declined_time,
           count(*) FILTER (WHERE code = 'conflict') AS declined_conflict,
           count(*) FILTER (WHERE code = 'no_answer') AS declined_no_answer,
           count(*) FILTER (WHERE code = 'other') AS declined_other,
           count(*) FILTER (
               WHERE status NOT IN ('closed', 'archived', 'cancelled', 'expired', 'transferred')
           ) AS unfinished,
           array_agg(minutes ORDER BY minutes) FILTER (WHERE minutes IS NOT NULL) AS waits
    FROM told
    JOIN unnest(%(cuts)s::text[], %(within)s::text[]) AS level (cut, inside)
      ON told.place LIKE level.inside
    GROUP BY 1, 2, 3
)
SELECT period, cut, part, sent, in_time, silent, declined, due_3, due_7, due_30, receipts,
       adopted, partly, not_adopted, outcome_3, outcome_7, outcome_30,
       fared, fared_better, fared_same, fared_worse, fared_referred, fared_died, fared_lost,
       declined_scope, declined_time, declined_conflict, declined_no_answer, declined_other,
       unfinished, answered, sent - answered AS unanswered,
       (waits[(answered + 1) / 2] + waits[answered / 2 + 1]) / 2 AS median,
       -- the order statistics between which the true median lies in 95 of 100 samples
       waits[greatest(floor((answered - 1.96 * sqrt(answered)) / 2), 1)::int] AS low,
       waits[least(ceil(1 + (answered + 1.96 * sqrt(answered)) / 2), answered)::int] AS high
FROM counted, coalesce(cardinality(waits), 0) AS answered
"""

TO_TELL = timedelta(days=7)  # after an outcome's day, until it counts as not told
DECISIONS = [str(decision) for decision in Receipt.Decision]
RESULTS = [f"fared_{result}" for result in TOLD]
REASONS = [f"declined_{code}" for code in Offer.Decline]


def compute(question: Question) -> Answer:
    """Every indicator of definitions.py, in one statement."""
    periods = question.periods.values()
    values = question.values | {
        "start": min(period.start for period in periods),
        "end": max(period.end for period in periods),
        "told_by": timezone.localdate() - TO_TELL,
    }
    return answer_of(STATEMENT, values, WITHIN, _figures)


def _figures(row: Mapping[str, Any]) -> dict[str, Figure]:
    sent, receipts, declined = (row[name] for name in ("sent", "receipts", "declined"))
    return {
        "cases": Figure(value=sent, n=sent),
        "first_answer": Figure(
            value=row["median"], n=row["answered"], of=sent, low=row["low"], high=row["high"]
        ),
        "closed": _share(receipts, sent),
        **{key: _share(row[key], sent) for key in ("in_time", "silent", "declined")},
        **{
            f"outcome_{day}": _share(row[f"outcome_{day}"], row[f"due_{day}"], of=sent)
            for day in Outcome.DAYS
        },
        **{key: _share(row[key], receipts, of=sent) for key in DECISIONS},
        **{key: _share(row[key], row["fared"], of=sent) for key in RESULTS},
        **{key: _share(row[key], declined, of=sent) for key in REASONS},
    }


def _share(counted: int, n: int, of: int | None = None) -> Figure:
    return Figure(value=100 * counted / n if n else None, n=n, counted=counted, of=of)
