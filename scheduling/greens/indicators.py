"""What the health commission sees of chest pains: the first ECG in time, and the wire."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from telemed.oversight.indicators import (
    Answer,
    Better,
    Family,
    Figure,
    Indicator,
    Question,
    Source,
    answer_of,
)

STAMPS = _("The stamps of the green channels; a corrected one counts as corrected.")
OPENED = _("Green channels for chest pain by their first contact; taken back ones are none.")

ECG = Indicator(
    key="green_ecg",
    name=_("First ECG within 10 minutes"),
    unit="%",
    decimals=1,
    better=Better.HIGHER,
    counts=_("Chest pains whose first ECG was at most 10 minutes after the first contact."),
    out_of=OPENED,
    source=STAMPS,
    among="chest_pains",
    counted="ecg_in_time",
)
WIRE = Indicator(
    key="green_wire",
    name=_("First contact to wire, median"),
    unit=_("min"),
    better=Better.LOWER,
    counts=_("Minutes from the first contact to the wire through the vessel; half were faster."),
    out_of=_("Chest pains for which a wire was stamped."),
    source=STAMPS,
    among="wired",
)
CHEST_PAINS = Indicator(
    key="chest_pains",
    name=_("Chest pains by green channel"),
    unit=_("cases"),
    counts=_("Green channels for chest pain, by the moment of the first contact."),
    out_of=OPENED,
    source=STAMPS,
    among="chest_pains",
    is_count=True,
)
FAMILIES = (
    Family(
        key="green",
        name=pgettext_lazy("figures", "Green channel"),
        indicators=(ECG, WIRE, CHEST_PAINS),
    ),
)
WITHIN = {
    "chest_pains": (),
    "ecg_in_time": ("chest_pains",),
    "wired": ("chest_pains",),
}
STATEMENT = """
WITH pains AS (
    SELECT (%(periods)s::text[])[period_no] AS period, green.status, side.id AS organisation,
           side.division_id AS place, department.specialty,
           CASE WHEN %(answering)s THEN sent.sending_id ELSE sent.organisation_id END AS partner,
           ecg.at <= green.contact_at + interval '10 minutes' AS in_time,
           extract(epoch FROM wire.at - green.contact_at)::float8 / 60 AS minutes
    FROM greens_green green
    JOIN referrals_referral sent ON sent.id = green.referral_id
    JOIN organisations_department department ON department.id = sent.department_id
    JOIN organisations_organisation side
      ON side.id = CASE WHEN %(answering)s THEN sent.organisation_id ELSE sent.sending_id END
    LEFT JOIN greens_stamp ecg
      ON ecg.green_id = green.id AND ecg.station = 'ecg' AND ecg.corrected_by_id IS NULL
    LEFT JOIN greens_stamp wire
      ON wire.green_id = green.id AND wire.station = 'wire' AND wire.corrected_by_id IS NULL
    CROSS JOIN width_bucket(green.contact_at, %(starts)s::timestamptz[]) AS period_no
    WHERE green.kind = 'chest_pain' AND green.status <> 'withdrawn'
      AND period_no > 0 AND green.contact_at < (%(ends)s::timestamptz[])[period_no]
      AND side.division_id LIKE %(inside)s
      AND (%(organisation)s::uuid IS NULL OR side.id = %(organisation)s)
      AND (%(specialty)s = '' OR department.specialty = %(specialty)s)
      AND %(urgency)s = ''
)
SELECT pains.period, level.cut,
       CASE level.cut
           WHEN 'prefecture' THEN left(pains.place, 4)
           WHEN 'county' THEN left(pains.place, 6)
           WHEN 'institution' THEN pains.organisation::text
           WHEN 'partner' THEN pains.partner::text
           WHEN 'specialty' THEN pains.specialty
           WHEN 'urgency' THEN 'green'
           ELSE ''
       END AS part,
       count(*) AS chest_pains,
       count(*) FILTER (WHERE in_time) AS ecg_in_time,
       count(minutes) AS wired,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) AS median,
       count(*) FILTER (WHERE status IN ('called', 'acknowledged')) AS unfinished
FROM pains
JOIN unnest(%(cuts)s::text[], %(within)s::text[]) AS level (cut, inside)
  ON pains.place LIKE level.inside
GROUP BY 1, 2, 3
"""


def compute(question: Question) -> Answer:
    """All of it in one statement."""
    return answer_of(STATEMENT, question.values, WITHIN, _figures)


def _figures(row: Mapping[str, Any]) -> dict[str, Figure]:
    pains, in_time, wired = row["chest_pains"], row["ecg_in_time"], row["wired"]
    return {
        "green_ecg": Figure(value=100 * in_time / pains, n=pains, counted=in_time),
        "green_wire": Figure(value=row["median"], n=wired, of=pains),
        "chest_pains": Figure(value=pains, n=pains),
    }


SOURCE = Source(families=FAMILIES, compute=compute, within=WITHIN, order=80)
