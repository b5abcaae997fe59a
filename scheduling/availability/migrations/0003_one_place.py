"""Taking one place is one statement: see services/places.py, which says the refusals in words."""

from django.db import migrations

# In READ COMMITTED each statement of a volatile function sees what was committed before it: what
# is asked after the lock is the truth until the end of the transaction.
TAKE = """
CREATE FUNCTION availability_take_place(wanted uuid, pools text[], at timestamptz)
RETURNS TABLE (outcome text, pool text) LANGUAGE plpgsql AS $$
DECLARE there availability_period; one text; is_open boolean := false;
BEGIN
    -- Who comes too late hears so without queueing for the period.
    IF EXISTS (SELECT FROM availability_periodpool q
               WHERE q.period_id = wanted AND q.pool = ANY (pools))
       AND NOT EXISTS (SELECT FROM availability_periodpool q
               WHERE q.period_id = wanted AND q.pool = ANY (pools) AND q.taken < q.places) THEN
        RETURN QUERY SELECT 'full', NULL::text;
        RETURN;
    END IF;
    SELECT * INTO there FROM availability_period p WHERE p.id = wanted FOR NO KEY UPDATE;
    IF NOT FOUND OR there.state = 'planned' THEN
        RETURN QUERY SELECT 'absent', NULL::text;
        RETURN;
    END IF;
    FOREACH one IN ARRAY pools LOOP
        -- From afar until the close; at the desk until the period is over.
        IF one = 'walk_in' THEN
            CONTINUE WHEN there.state NOT IN ('open', 'closed') OR at >= there.ends_at;
        ELSE
            CONTINUE WHEN there.state <> 'open' OR at >= there.closes_at;
        END IF;
        is_open := true;
        UPDATE availability_periodpool q SET taken = q.taken + 1
        WHERE q.period_id = wanted AND q.pool = one AND q.taken < q.places;
        IF FOUND THEN
            RETURN QUERY SELECT 'taken', one;
            RETURN;
        END IF;
    END LOOP;
    RETURN QUERY SELECT CASE WHEN is_open THEN 'full' ELSE 'closed' END, NULL::text;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("availability", "0002_elsewhere")]
    operations = [
        migrations.RunSQL(TAKE, "DROP FUNCTION availability_take_place(uuid, text[], timestamptz)"),
    ]
