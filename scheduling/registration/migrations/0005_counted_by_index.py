from django.db import migrations

# Before a new database has statistics its planner reads the whole table for each contract.
BY_INDEX = "ALTER FUNCTION contracts_are_counted() SET enable_seqscan = off"
AS_PLANNED = "ALTER FUNCTION contracts_are_counted() RESET enable_seqscan"


class Migration(migrations.Migration):
    dependencies = [("registration", "0004_text_in_english")]

    operations = [migrations.RunSQL(BY_INDEX, AS_PLANNED)]
