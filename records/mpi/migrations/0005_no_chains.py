"""One step from a merged record always ends at a record that stands for itself."""

from django.db import migrations

# Both rows of a merge are locked here, so that two merges that cross wait for each other and the
# second one sees what the first one did.
NO_CHAINS = """
CREATE FUNCTION mpi_patient_no_chains() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beyond uuid;
BEGIN
    SELECT merged_into_id INTO beyond FROM mpi_patient WHERE id = NEW.merged_into_id FOR UPDATE;
    IF beyond IS NOT NULL OR EXISTS (SELECT FROM mpi_patient WHERE merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'a merged record is no target and has no others merged into it'
            USING ERRCODE = '23514', CONSTRAINT = 'no_chain_of_merges';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mpi_patient_no_chains BEFORE INSERT OR UPDATE OF merged_into_id ON mpi_patient
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION mpi_patient_no_chains();
"""
CHAINS = """
DROP TRIGGER mpi_patient_no_chains ON mpi_patient;
DROP FUNCTION mpi_patient_no_chains();
"""


class Migration(migrations.Migration):
    dependencies = [("mpi", "0004_one_person")]
    operations = [migrations.RunSQL(NO_CHAINS, CHAINS)]
