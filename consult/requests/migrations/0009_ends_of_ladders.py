"""
A ladder ends at step 9 now, whatever steps a house's rule has before it.

Consults that nobody answers ended at 4, receipts at 3, outcomes at 4. Emergencies stay: their
fourth step is one of many, and they never end by themselves.
"""

from django.db import migrations

MOVED = """
    UPDATE core_clock clock SET rung = {to} FROM requests_case c
    WHERE c.id = clock.about AND clock.kind = 'case.accept' AND clock.rung = {of} AND c.kind <> 'emergency'
"""
OTHERS = """
    UPDATE core_clock SET rung = 9
    WHERE (kind = 'case.receipt' AND rung = 3) OR (kind LIKE 'case.outcome\\_%' AND rung = 4)
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_squashed"), ("requests", "0008_thread_and_replaces")]

    operations = [
        *(
            migrations.RunSQL(MOVED.format(of=of, to=to), migrations.RunSQL.noop)
            for of, to in ((4, 9), (5, 4), (6, 5), (7, 6))
        ),
        migrations.RunSQL(OTHERS, migrations.RunSQL.noop),
    ]
