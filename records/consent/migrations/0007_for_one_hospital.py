import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0006_break_glass'),
        ('organisations', '0001_squashed'),
    ]

    operations = [
        migrations.AddField(
            model_name='consent',
            name='asked',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents_to_ask', to='organisations.organisation'),
        ),
    ]
