from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0007_for_one_hospital'),
    ]

    operations = [
        migrations.AddField(
            model_name='consent',
            name='refused_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='consent',
            name='method',
            field=models.CharField(choices=[('drawn', 'Drawn on screen'), ('paper', 'Photo of paper'), ('deferred', 'Deferred in an emergency'), ('refused', 'Not agreed to')], max_length=10),
        ),
        migrations.RemoveConstraint(
            model_name='consent',
            name='consent_is_signed_or_deferred',
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('method__in', ['deferred', 'refused']), models.Q(('given_at__isnull', False), ('signature__isnull', False)), _connector='OR'), name='consent_is_signed_or_deferred'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given_at', None), ('method', 'refused'), ('refused_at__isnull', False)), models.Q(('refused_at', None), models.Q(('method', 'refused'), _negated=True)), _connector='OR'), name='a_refused_consent_says_when'),
        ),
    ]
