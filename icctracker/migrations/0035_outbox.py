"""The outbox: every message by email, until it has been sent or given up."""

import django.db.models.deletion
import django.utils.timezone
import icctracker.models.outbox
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('icctracker', '0031_folded'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('account', 'About an account'), ('invitation', 'An invitation'), ('notices', 'Notices'), ('other', 'Other')], default='other', max_length=10, verbose_name='kind')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('needless', 'Not needed any more'), ('given-up', 'Given up')], default='waiting', max_length=10, verbose_name='state')),
                ('shown_to', models.CharField(blank=True, help_text='As much as tells them apart.', max_length=120, verbose_name='to')),
                ('subject', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('address_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('sealed', models.TextField(blank=True, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written at')),
                ('valid_until', models.DateTimeField(default=icctracker.models.outbox.end_of_use, help_text='A link in it is good no longer; then the message is given up.', verbose_name='of use until')),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now, null=True, verbose_name='next attempt')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('fault', models.CharField(blank=True, max_length=200, verbose_name='why not')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='sent or given up at')),
                ('person', models.ForeignKey(blank=True, help_text='Whose notices it tells of; it is written when it is sent.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'message by email',
                'verbose_name_plural': 'messages by email',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['state', 'next_at'], name='message_by_next_attempt')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'needless', 'given-up'])), name='message_state_is_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['account', 'invitation', 'notices', 'other'])), name='message_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('next_at__isnull', False), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('address_digest', ''), ('ended_at__isnull', False), ('next_at', None), ('sealed', '')), _connector='OR'), name='message_ended_keeps_no_text'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), models.Q(('person__isnull', False), ('sealed', '')), models.Q(models.Q(('sealed', ''), _negated=True), ('person', None)), _connector='OR'), name='message_has_a_text_or_a_person')],
            },
        ),
    ]
