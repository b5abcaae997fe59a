import datetime
import django.db.models.deletion
import django.utils.timezone
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_initial'), ('notifications', '0002_initial'), ('notifications', '0003_delivery')]

    initial = True

    dependencies = [
        ('organisations', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('template', models.CharField(max_length=60)),
                ('about', models.UUIDField()),
                ('turn', models.PositiveSmallIntegerField(default=0)),
                ('urgent', models.BooleanField(default=False)),
                ('facts', models.JSONField(default=dict)),
                ('url', models.CharField(blank=True, max_length=200)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
                ('pressing', models.BooleanField(default=False)),
                ('sender', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['recipient', '-id'], name='inbox'), models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='inbox_waiting'), models.Index(fields=['about'], name='notification_about')],
                'constraints': [models.UniqueConstraint(fields=('recipient', 'template', 'about', 'turn'), name='told_once_about_each_thing')],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('channel', models.CharField(choices=[('in_app', 'Inbox'), ('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Phone call')], max_length=8)),
                ('address', models.CharField(max_length=254)),
                ('sealed', models.BinaryField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'channel', '-id'], name='code_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('used_at', None)), fields=('user', 'channel'), name='one_live_code')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('channel', models.CharField(choices=[('in_app', 'Inbox'), ('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Phone call')], max_length=8)),
                ('state', models.CharField(choices=[('queued', 'on its way'), ('held', 'waits for the morning'), ('sent', 'sent'), ('delivered', 'delivered'), ('read', 'read'), ('failed', 'failed'), ('on_phone_list', 'to be phoned'), ('called', 'phoned'), ('unreachable', 'not reached'), ('stopped', 'not needed any more')], default='queued', max_length=16)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('delivered_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('parts', models.PositiveSmallIntegerField(default=0)),
                ('gateway_id', models.CharField(blank=True, max_length=64)),
                ('error', models.CharField(blank=True, max_length=60)),
                ('link', models.CharField(blank=True, max_length=12, null=True, unique=True)),
                ('link_used_at', models.DateTimeField(blank=True, null=True)),
                ('notification', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notifications.notification')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['due_at'], name='delivery_queued'), models.Index(condition=models.Q(('state', 'on_phone_list')), fields=['created_at'], name='delivery_phone'), models.Index(condition=models.Q(('channel__in', ['sms', 'email']), ('sent_at__isnull', False)), fields=['-sent_at'], name='delivery_sent')],
                'constraints': [models.UniqueConstraint(fields=('notification', 'channel'), name='each_channel_once'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'held', 'sent', 'delivered', 'read', 'failed', 'on_phone_list', 'called', 'unreachable', 'stopped'])), name='delivery_state_known'), models.CheckConstraint(condition=models.Q(('channel', 'phone'), models.Q(('state__in', ['on_phone_list', 'called', 'unreachable']), _negated=True), _connector='OR'), name='only_the_phone_rings')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('result', models.CharField(choices=[('reached', 'Spoke with them'), ('relayed', 'A colleague or relative passes it on'), ('no_answer', 'No answer'), ('busy', 'Engaged or switched off'), ('wrong_number', 'Wrong number')], max_length=12)),
                ('spoke_with', models.CharField(blank=True, max_length=30)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls_made', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='notifications.delivery')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('result', 'relayed'), _negated=True), models.Q(('spoke_with', ''), _negated=True), _connector='OR'), name='who_passes_it_on_is_named')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='preference', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('channel', models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail')], default='sms', max_length=8)),
                ('quiet', models.BooleanField(default=True)),
                ('quiet_from', models.TimeField(default=datetime.time(22, 0))),
                ('quiet_until', models.TimeField(default=datetime.time(7, 0))),
                ('urgent_only', models.BooleanField(default=False)),
                ('verified_email', models.EmailField(blank=True, max_length=254)),
            ],
        ),
    ]
