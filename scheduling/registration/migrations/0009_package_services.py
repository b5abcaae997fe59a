from django.db import migrations, models

# Each row a service of the house or one by name, never both, a whole number of times a year.
WHOLE = """
ALTER TABLE registration_package ADD CONSTRAINT a_service_is_named_with_its_times CHECK (
    jsonb_typeof(services) = 'array' AND NOT jsonb_path_exists(services,
        'strict $[*] ? (@.type() != "object")') AND NOT jsonb_path_exists(services,
        '$[*] ? (!exists(@.code) || !exists(@.name) || !exists(@.times) || !exists(@.face)
            || @.code.type() != "string" || @.name.type() != "string"
            || (@.code == "" && @.name == "") || (@.code != "" && @.name != "")
            || @.face.type() != "boolean" || @.times.type() != "number"
            || @.times < 1 || @.times > 24 || @.times.floor() != @.times)'));
"""
NOT_WHOLE = "ALTER TABLE registration_package DROP CONSTRAINT a_service_is_named_with_its_times;"


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0008_upheld_complaints'),
    ]

    operations = [
        migrations.AddField(
            model_name='package',
            name='services',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.RunSQL(WHOLE, NOT_WHOLE),
    ]
