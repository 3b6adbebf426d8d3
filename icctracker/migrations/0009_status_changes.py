"""Editions of entries, changes of status; an edition for each publication so far."""

import django.db.models.deletion
from django.db import migrations, models

FACTS = (
    "occurred_on kind tier symbol meeting title summary votes_yes votes_no"
    " votes_abstain roll_call verification_note"
).split()
SOURCE_FIELDS = "position url label publisher official archived_url".split()


def lay_editions(apps, schema_editor):
    """An edition for each time that an entry was published or corrected.

    The newest is the entry as it is. The earlier ones come from the recorded history:
    what stood just before the transaction of the next correction began.
    """
    Evidence = apps.get_model("icctracker", "Evidence")
    Decision = apps.get_model("icctracker", "ReviewDecision")
    for entry in Evidence.objects.filter(published_at__isnull=False):
        steps = list(
            Decision.objects.filter(
                evidence=entry, outcome__in=["publish", "correct"]
            ).order_by("decided_at", "pk")
        )
        started = [entry.published_at, *(step.decided_at for step in steps[1:])]
        ends = [*started[1:], entry.withdrawn_at]
        for number, (at, until) in enumerate(zip(started, ends), 1):
            following = steps[number] if number < len(steps) else None
            if following:
                shown = before(apps, entry, following)
            else:
                shown = as_it_is(entry)
            if shown is None:
                continue
            facts, situations, actors, sources = shown
            edition = apps.get_model("icctracker", "Edition").objects.create(
                evidence=entry,
                number=number,
                at=at,
                until=until,
                decision=steps[number - 1] if steps else None,
                **{name: getattr(facts, name) for name in FACTS},
            )
            edition.situations.set(situations)
            edition.actors.set(actors)
            cited = apps.get_model("icctracker", "EditionSource").objects
            for source in sources:
                values = {name: getattr(source, name) for name in SOURCE_FIELDS}
                cited.create(edition=edition, **values)


def as_it_is(entry):
    """Facts, situations, actors and sources of an entry today."""
    return (
        entry,
        entry.situations.all(),
        entry.actors.all(),
        entry.sources.all(),
    )


def before(apps, entry, correction):
    """The same before a correction, from the recorded history; None if not kept."""
    rows = apps.get_model("icctracker", "HistoricalEvidence").objects.filter(
        id=entry.pk, history_date__lte=correction.decided_at
    )
    first = (
        rows.filter(history_change_reason=correction.note[:100])
        .order_by("history_date", "history_id")
        .first()
    )
    if first is None:
        return None
    facts = (
        rows.filter(history_date__lt=first.history_date, state="published")
        .order_by("history_date", "history_id")
        .last()
    )
    if facts is None:
        return None
    return (
        facts,
        linked(apps, facts, "situation"),
        linked(apps, facts, "actor"),
        cited_before(apps, entry, first.history_date),
    )


def linked(apps, facts, noun):
    """The situations or actors of a recorded version that are still on record."""
    rows = apps.get_model("icctracker", f"HistoricalEvidence_{noun}s").objects
    keys = rows.filter(history=facts.history_id).values(noun)
    return apps.get_model("icctracker", noun.capitalize()).objects.filter(pk__in=keys)


def cited_before(apps, entry, instant):
    """The sources of an entry at an instant, in order."""
    newest = {}
    rows = apps.get_model("icctracker", "HistoricalSource").objects.filter(
        evidence=entry.pk, history_date__lt=instant
    )
    for row in rows.order_by("history_date", "history_id"):
        newest[row.id] = row
    stood = [row for row in newest.values() if row.history_type != "-"]
    return sorted(stood, key=lambda row: (row.position, row.id))


class Migration(migrations.Migration):

    dependencies = [
        ("icctracker", "0008_people"),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('at', models.DateTimeField(verbose_name='from')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('occurred_on', models.DateField(verbose_name='date')),
                ('kind', models.CharField(choices=[('resolution', 'Council resolution'), ('veto', 'Veto'), ('referral', 'Referral to the Court'), ('deferral', 'Deferral request (article 16)'), ('sanctions-listing', 'Sanctions listing'), ('court-decision', 'Decision of the Court'), ('ga-resolution', 'General Assembly resolution'), ('asp-resolution', 'Assembly of States Parties resolution'), ('presidential-statement', 'Presidential statement'), ('press-statement', 'Council press statement'), ('agreement', 'Agreement'), ('arrangement', 'Standing arrangement'), ('joint-statement', 'Joint statement'), ('debate', 'Open debate'), ('arria-meeting', 'Arria-formula meeting'), ('briefing', 'Briefing'), ('visit', 'Visit or mission'), ('draft-resolution', 'Draft resolution not adopted'), ('report', 'Report'), ('statement', 'Statement or pledge'), ('other', 'Other')], max_length=30, verbose_name='kind')),
                ('tier', models.CharField(choices=[('A', 'Official record of the acting body'), ('B', 'Other official record'), ('C', 'Reputable secondary source')], max_length=1, verbose_name='tier')),
                ('symbol', models.CharField(blank=True, max_length=80, verbose_name='document symbol')),
                ('meeting', models.CharField(blank=True, max_length=80, verbose_name='meeting record')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('summary', models.TextField(verbose_name='summary')),
                ('votes_yes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='in favour')),
                ('votes_no', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='against')),
                ('votes_abstain', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='abstaining')),
                ('roll_call', models.JSONField(blank=True, default=dict, verbose_name='votes of the members')),
                ('verification_note', models.TextField(blank=True, verbose_name='on what was read')),
                ('actors', models.ManyToManyField(related_name='editions', to='icctracker.actor', verbose_name='actors')),
                ('decision', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='edition', to='icctracker.reviewdecision', verbose_name='decision')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='icctracker.evidence', verbose_name='evidence')),
                ('restores', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='restored_by', to='icctracker.edition', verbose_name='restores')),
                ('situations', models.ManyToManyField(related_name='editions', to='icctracker.situation', verbose_name='situations')),
            ],
            options={
                'verbose_name': 'edition',
                'verbose_name_plural': 'editions',
                'ordering': ['-occurred_on', '-evidence_id'],
                'constraints': [
                    models.UniqueConstraint(fields=('evidence', 'number'), name='edition_number_once_per_entry'),
                    models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('evidence',), name='edition_stands_once_per_entry'),
                    models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('at')), _connector='OR'), name='edition_ends_after_it_began'),
                ],
            },
        ),
        migrations.CreateModel(
            name='EditionSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('url', models.URLField(max_length=500, verbose_name='address')),
                ('label', models.CharField(max_length=200, verbose_name='what it is')),
                ('publisher', models.CharField(blank=True, max_length=120, verbose_name='publisher')),
                ('official', models.BooleanField(default=False, verbose_name='official')),
                ('archived_url', models.URLField(blank=True, max_length=500, verbose_name='archived copy')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='icctracker.edition', verbose_name='edition')),
            ],
            options={
                'verbose_name': 'source of an edition',
                'verbose_name_plural': 'sources of editions',
                'ordering': ['position', 'pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('edition', 'url'), name='edition_source_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StatusChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('as_of', models.DateField(verbose_name='status as of')),
                ('before', models.CharField(blank=True, choices=[('not-assessed', 'Not yet assessed'), ('insufficient', 'Insufficient evidence'), ('not-followed', 'Not followed'), ('limited', 'Followed to a limited extent'), ('substantial', 'Largely followed'), ('followed', 'Followed'), ('overtaken', 'Overtaken by events'), ('not-testable', 'Cannot be tested as worded')], max_length=20, verbose_name='before')),
                ('before_reason', models.CharField(blank=True, max_length=40, verbose_name='with reason')),
                ('after', models.CharField(choices=[('not-assessed', 'Not yet assessed'), ('insufficient', 'Insufficient evidence'), ('not-followed', 'Not followed'), ('limited', 'Followed to a limited extent'), ('substantial', 'Largely followed'), ('followed', 'Followed'), ('overtaken', 'Overtaken by events'), ('not-testable', 'Cannot be tested as worded')], max_length=20, verbose_name='after')),
                ('after_reason', models.CharField(blank=True, max_length=40, verbose_name='with reason')),
                ('cause', models.CharField(choices=[('first', 'the first status on record'), ('publication', 'an entry was published'), ('correction', 'an entry was corrected'), ('withdrawal', 'an entry was withdrawn'), ('assessment', 'a curator assessed it'), ('search', 'a search was logged or withdrawn'), ('codebook', 'another codebook came into force'), ('time', 'time passed')], max_length=12, verbose_name='cause')),
                ('assessment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='status_changes', to='icctracker.assessment', verbose_name='assessment')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='status_changes', to='icctracker.reviewdecision', verbose_name='decision')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='status_changes', to='icctracker.recommendation', verbose_name='recommendation')),
            ],
            options={
                'verbose_name': 'status change',
                'verbose_name_plural': 'status changes',
                'ordering': ['-at', '-pk'],
                'get_latest_by': ['at', 'pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('before', models.F('after')), ('before_reason', models.F('after_reason')), _negated=True), name='status_change_changes_something'),
                    models.CheckConstraint(condition=models.Q(models.Q(('before', ''), ('cause', 'first')), models.Q(models.Q(('cause', 'first'), _negated=True), models.Q(('before', ''), _negated=True)), _connector='OR'), name='status_change_first_has_nothing_before'),
                    models.CheckConstraint(condition=models.Q(('after__in', ['not-assessed', 'insufficient', 'not-followed', 'limited', 'substantial', 'followed', 'overtaken', 'not-testable'])), name='status_change_is_known'),
                ],
            },
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['at', 'until'], name='edition_known'),
        ),
        migrations.AddIndex(
            model_name='statuschange',
            index=models.Index(fields=['at'], name='status_change_at'),
        ),
        migrations.RunPython(lay_editions, migrations.RunPython.noop),
    ]
