from datetime import UTC, datetime, time

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

# Ruleset 1.0 as it stood in the code until it was put on record.
VALUES = {
    "window_years": 5,
    "decision": 5,
    "formal": 2,
    "process": 1,
    "omission": 1,
    "signal": 0,
    "secondary_cap": 1,
    "full": 90,
    "sustain_large": 60,
    "sustain_some": 25,
    "refrain_large": 75,
    "refrain_some": 50,
    "lapse_years": 5,
    "search_years": 1,
    "part_kept": 75,
    "part_departed": 25,
    "enough_occasions": 2,
    "trend_months": 24,
    "trend_movement": 10,
    "enough_findings": 3,
    "enough_publishers": 2,
    "untested_years": 5,
    "low_doubts": 2,
    "review_months": 12,
    "review_months_soon": 6,
}
REASON = (
    "The first ruleset. Its window, weights and thresholds are judgement, published as"
    " such."
)


def put_the_first_on_record(apps, schema_editor):
    """From the day of the first codebook on, so that no past is without a rule."""
    Publication = apps.get_model("icctracker", "Publication")
    Codebook = apps.get_model("icctracker", "Codebook")
    Ruleset = apps.get_model("icctracker", "Ruleset")
    days = Codebook.objects.filter(published_on__isnull=False).order_by("published_on")
    first = days.values_list("published_on", flat=True).first()
    for publication in Publication.objects.order_by("pk"):
        day = first or publication.published_on
        Ruleset.objects.get_or_create(
            publication=publication,
            version="1.0",
            defaults={
                "values": VALUES,
                "reason": REASON,
                "published_at": datetime.combine(day, time.min, UTC),
            },
        )


class Migration(migrations.Migration):

    dependencies = [
        ('icctracker', '0017_withdrawn_verdicts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='statuschange',
            name='cause',
            field=models.CharField(choices=[('first', 'the first status on record'), ('publication', 'an entry was published'), ('correction', 'an entry was corrected'), ('withdrawal', 'an entry was withdrawn'), ('assessment', 'a curator assessed it'), ('search', 'a search was logged or withdrawn'), ('codebook', 'another codebook came into force'), ('ruleset', 'the rule changed'), ('time', 'time passed')], max_length=12, verbose_name='cause'),
        ),
        migrations.CreateModel(
            name='HistoricalRuleset',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('version', models.CharField(max_length=20, verbose_name='version')),
                ('values', models.JSONField(help_text='Each parameter of the rule by its name.', verbose_name='values')),
                ('reason', models.TextField(blank=True, max_length=5000, verbose_name='what changed, and why')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published at')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publication', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='icctracker.publication', verbose_name='publication')),
                ('published_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, help_text='Empty for what came with the data.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'verbose_name': 'historical ruleset',
                'verbose_name_plural': 'historical rulesets',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Ruleset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=20, verbose_name='version')),
                ('values', models.JSONField(help_text='Each parameter of the rule by its name.', verbose_name='values')),
                ('reason', models.TextField(blank=True, max_length=5000, verbose_name='what changed, and why')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published at')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulesets', to='icctracker.publication', verbose_name='publication')),
                ('published_by', models.ForeignKey(blank=True, editable=False, help_text='Empty for what came with the data.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rulesets', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'verbose_name': 'ruleset',
                'verbose_name_plural': 'rulesets',
                'ordering': [models.OrderBy(models.F('published_at'), descending=True, nulls_first=True), '-pk'],
                'constraints': [models.UniqueConstraint(fields=('publication', 'version'), name='ruleset_version_once_per_publication'), models.UniqueConstraint(condition=models.Q(('published_at__isnull', True)), fields=('publication',), name='ruleset_one_draft'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='ruleset_published_has_a_reason')],
            },
        ),
        migrations.RunPython(put_the_first_on_record, migrations.RunPython.noop),
    ]
