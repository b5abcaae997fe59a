import telemed.core.ids
from django.db import migrations, models


# The columns stay until the next release; what writes a row now does not know them.
DEFAULTS = """
ALTER TABLE organisations_agreement
    ALTER COLUMN service SET DEFAULT 'consult',
    ALTER COLUMN price SET DEFAULT 0,
    ALTER COLUMN asking_share SET DEFAULT 30,
    ALTER COLUMN asked_share SET DEFAULT 70;
"""
NO_DEFAULTS = """
ALTER TABLE organisations_agreement
    ALTER COLUMN service DROP DEFAULT,
    ALTER COLUMN price DROP DEFAULT,
    ALTER COLUMN asking_share DROP DEFAULT,
    ALTER COLUMN asked_share DROP DEFAULT;
"""
# What was accrued is corrected by a counter-line. Only the owner of the table empties it (tests).
SEALED = """
CREATE FUNCTION organisations_entry_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'a ledger entry is never deleted' USING ERRCODE = '23001';
    END IF;
    IF (to_jsonb(NEW) - ARRAY['state', 'objection', 'objected_by'])
       <> (to_jsonb(OLD) - ARRAY['state', 'objection', 'objected_by']) THEN
        RAISE EXCEPTION 'a ledger entry is corrected by another' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER organisations_entry_sealed BEFORE UPDATE OR DELETE ON organisations_entry
    FOR EACH ROW EXECUTE FUNCTION organisations_entry_sealed();
"""
UNSEALED = """
DROP TRIGGER organisations_entry_sealed ON organisations_entry;
DROP FUNCTION organisations_entry_sealed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0003_agreements_filled'),
    ]

    operations = [
        migrations.AlterField(
            model_name='agreement',
            name='series',
            field=models.UUIDField(default=telemed.core.ids.new_id),
        ),
        migrations.RemoveConstraint(
            model_name='agreement',
            name='one_agreement_a_version',
        ),
        migrations.RemoveConstraint(
            model_name='agreement',
            name='one_agreement_in_force',
        ),
        migrations.AlterField(
            model_name='agreement',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Proposed'), ('countered', 'Answered by a newer version'), ('rejected', 'Rejected'), ('signed', 'Signed, not yet in force'), ('active', 'Valid now'), ('suspended', 'Suspended'), ('terminated', 'Terminated'), ('expired', 'Expired'), ('superseded', 'Replaced by a newer version')], default='active', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('series', 'version'), name='one_text_a_version'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('series',), name='one_version_in_force'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'signed'])), fields=('series',), name='one_version_on_the_table'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'proposed', 'countered', 'rejected', 'signed', 'active', 'suspended', 'terminated', 'expired', 'superseded'])), name='agreement_state_known'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DEFAULTS, NO_DEFAULTS)],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='agreement',
                    name='shares_add_up',
                ),
                migrations.RemoveField(
                    model_name='agreement',
                    name='asked_share',
                ),
                migrations.RemoveField(
                    model_name='agreement',
                    name='asking_share',
                ),
                migrations.RemoveField(
                    model_name='agreement',
                    name='price',
                ),
                migrations.RemoveField(
                    model_name='agreement',
                    name='service',
                ),
            ],
        ),
        migrations.RunSQL(SEALED, UNSEALED),
    ]
