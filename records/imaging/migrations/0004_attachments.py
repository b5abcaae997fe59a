from django.conf import settings
from django.db import migrations, models

KINDS = [
    ('photo', 'Photo'),
    ('paper_ecg', 'Photograph of a paper ECG: not measured'),
    ('document', 'PDF document'),
]
KNOWN = ['', 'photo', 'paper_ecg', 'document']


class Migration(migrations.Migration):

    dependencies = [
        ('imaging', '0003_shipments'),
        ('mpi', '0005_no_chains'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='study',
            name='attachment',
            field=models.CharField(blank=True, choices=KINDS, db_default='', default='', max_length=16),
        ),
        migrations.AddField(
            model_name='partialupload',
            name='attachment',
            field=models.CharField(blank=True, choices=KINDS, db_default='', default='', max_length=16),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('attachment__in', KNOWN)), name='study_attachment_known'),
        ),
        migrations.AddConstraint(
            model_name='partialupload',
            constraint=models.CheckConstraint(condition=models.Q(('attachment__in', KNOWN)), name='upload_attachment_known'),
        ),
        migrations.RemoveConstraint(
            model_name='partialupload',
            name='one_unfinished_upload_a_file',
        ),
        migrations.AddConstraint(
            model_name='partialupload',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome__isnull', True)), fields=('user', 'patient', 'fingerprint', 'size', 'attachment'), name='one_unfinished_upload_a_file'),
        ),
    ]
