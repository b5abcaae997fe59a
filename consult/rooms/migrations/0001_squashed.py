import django.db.models.deletion
import telemed.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('rooms', '0001_initial'), ('rooms', '0002_one_place_a_connection')]

    initial = True

    dependencies = [
        ('requests', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('status', models.CharField(choices=[('open', 'Open'), ('live', 'In progress'), ('ended', 'Ended')], default='open', max_length=8)),
                ('last_seq', models.PositiveIntegerField(default=0)),
                ('live_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rooms', to='requests.case')),
                ('leader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rooms_led', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'ended'), _negated=True), fields=('case',), name='one_open_room_a_case'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('status', 'ended')), models.Q(('ended_at', None), ('status__in', ['open', 'live'])), _connector='OR'), name='an_ended_room_says_when')],
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('role', models.CharField(choices=[('requester', 'Asking doctor'), ('specialist', 'Specialist'), ('coordinator', 'Coordinator')], max_length=12)),
                ('status', models.CharField(choices=[('admitted', 'Present'), ('away', 'Away'), ('left', 'Left'), ('removed', 'Removed')], default='admitted', max_length=8)),
                ('connection', models.UUIDField(blank=True, null=True)),
                ('seen_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='room_places', to=settings.AUTH_USER_MODEL)),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='rooms.room')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'admitted')), fields=['seen_at'], name='participant_present')],
                'constraints': [models.UniqueConstraint(fields=('room', 'user'), name='one_place_a_person'), models.UniqueConstraint(fields=('connection',), name='one_place_a_connection')],
            },
        ),
        migrations.CreateModel(
            name='RoomEvent',
            fields=[
                ('id', models.UUIDField(default=telemed.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('seq', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=24)),
                ('client_id', models.UUIDField(blank=True, null=True)),
                ('body', models.JSONField(default=dict)),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='rooms.room')),
                ('sender', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='room_events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('room', 'seq'), name='one_event_a_number'), models.UniqueConstraint(fields=('room', 'client_id'), name='one_event_a_client_id')],
            },
        ),
    ]
