"""Existing agreements: their one service becomes a line, and their end gets its clock."""

from django.db import migrations

FILL = """
UPDATE organisations_agreement SET series = id WHERE series IS NULL;

UPDATE organisations_agreement SET state = 'expired' WHERE state = 'ended';

UPDATE organisations_agreement
   SET activated_at = starts_on::timestamp AT TIME ZONE 'Asia/Shanghai'
 WHERE activated_at IS NULL AND state IN ('active', 'suspended', 'expired');

UPDATE organisations_agreement
   SET ended_at = (ends_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
 WHERE ended_at IS NULL AND state = 'expired';

INSERT INTO organisations_agreementservice
       (id, created_at, agreement_id, service, unit, price, asking_share, asked_share,
        platform_share, asking_id, asked_id, during, in_force)
SELECT gen_random_uuid(), now(), a.id, a.service, 'case', a.price, a.asking_share, a.asked_share,
       0, a.asking_id, a.asked_id, daterange(a.starts_on, a.ends_on, '[]'), a.state = 'active'
  FROM organisations_agreement a
 WHERE NOT EXISTS (SELECT FROM organisations_agreementservice s WHERE s.agreement_id = a.id);

-- 90, 30 and 7 days before the end, and the end itself; those that have passed are left out.
INSERT INTO core_clock
       (id, created_at, kind, about, rung, turn, calendar, due_at, provisional, state, attempts)
SELECT gen_random_uuid(), now(), 'agreement.end', a.id, r.rung, 0, 'wall', d.due_at, false,
       'running', 0
  FROM organisations_agreement a
 CROSS JOIN (VALUES (0, 90), (1, 30), (2, 7), (3, 0)) AS r (rung, days)
 CROSS JOIN LATERAL (
       SELECT (a.ends_on + 1 - r.days)::timestamp AT TIME ZONE 'Asia/Shanghai' AS due_at) d
 WHERE a.state IN ('active', 'suspended') AND (d.due_at > now() OR r.rung = 3)
   AND NOT EXISTS (SELECT FROM core_clock c WHERE c.about = a.id AND c.kind = 'agreement.end');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_policies'),
        ('organisations', '0002_agreements_grow'),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
