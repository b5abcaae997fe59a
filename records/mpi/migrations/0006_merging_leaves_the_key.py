"""Who merges holds the record that stays without its key (ADR 0064)."""

from django.db import migrations

NO_CHAINS = """
CREATE OR REPLACE FUNCTION mpi_patient_no_chains() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beyond uuid;
BEGIN
    SELECT merged_into_id INTO beyond FROM mpi_patient WHERE id = NEW.merged_into_id
    FOR {lock};
    IF beyond IS NOT NULL OR EXISTS (SELECT FROM mpi_patient WHERE merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'a merged record is no target and has no others merged into it'
            USING ERRCODE = '23514', CONSTRAINT = 'no_chain_of_merges';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("mpi", "0005_registers_of_a_county")]
    operations = [
        migrations.RunSQL(
            NO_CHAINS.format(lock="NO KEY UPDATE"), NO_CHAINS.format(lock="UPDATE")
        ),
    ]
