from django.db import migrations

# Before a new database has statistics its planner reads the whole table for each booking.
BY_INDEX = "ALTER FUNCTION appointments_are_counted() SET enable_seqscan = off"
AS_PLANNED = "ALTER FUNCTION appointments_are_counted() RESET enable_seqscan"


class Migration(migrations.Migration):
    dependencies = [("appointments", "0010_fees")]

    operations = [migrations.RunSQL(BY_INDEX, AS_PLANNED)]
