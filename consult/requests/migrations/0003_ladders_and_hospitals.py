"""The clocks that run become rungs of ladders; offers say at which hospital."""

from django.db import migrations

# A rung's number says what it is: 0 warns, 1 is the promise, later ones escalate. Numbers move by
# way of a range that is in no use, because the constraint looks after each row.
CLOCKS = """
    UPDATE core_clock SET rung = rung + 101
    WHERE kind IN ('case.accept', 'case.done', 'case.receipt', 'case.draft') AND rung < 100;
    UPDATE core_clock SET rung = rung - 100
    WHERE kind IN ('case.accept', 'case.done', 'case.receipt', 'case.draft') AND rung > 100;
    UPDATE core_clock SET kind = 'case.accept', rung = 0 WHERE kind = 'case.remind';
"""
HOSPITALS = """
    UPDATE requests_offer SET organisation_id = requests_case.asked_id
    FROM requests_case
    WHERE requests_case.id = requests_offer.case_id AND requests_offer.organisation_id IS NULL;
    UPDATE requests_offer SET status = 'done'
    FROM requests_case
    WHERE requests_case.id = requests_offer.case_id AND requests_offer.status = 'accepted'
      AND requests_case.status IN ('signed', 'receipted', 'closed');
    UPDATE requests_case SET closing = 'receipt' WHERE status = 'closed' AND closing = '';
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0002_every_way"), ("core", "0001_initial")]

    operations = [
        migrations.RunSQL(CLOCKS, migrations.RunSQL.noop),
        migrations.RunSQL(HOSPITALS, migrations.RunSQL.noop),
    ]
