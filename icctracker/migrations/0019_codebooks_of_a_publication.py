import django.db.models.deletion
from django.db import migrations, models


def give_each_its_publication(apps, schema_editor):
    """The publication that a codebook's criteria are of; the first where it has none.

    Whatever is not the first publication's is given its own address.
    """
    Publication, Codebook, Criterion, Recommendation, Ruleset = (
        apps.get_model("icctracker", name)
        for name in "Publication Codebook Criterion Recommendation Ruleset".split()
    )
    History = apps.get_model("icctracker", "HistoricalCodebook")
    first = Publication.objects.order_by("pk").first()
    for codebook in Codebook.objects.all():
        criteria = Criterion.objects.filter(codebook=codebook).order_by("pk")
        owners = criteria.values_list("recommendation__publication", flat=True)
        codebook.publication_id = owners.first() or first.pk
        codebook.save(update_fields=["publication"])
        rows = History.objects.filter(id=codebook.pk)
        rows.update(publication_id=codebook.publication_id)
    for publication in Publication.objects.exclude(pk=first.pk if first else None):
        for model in (Codebook, Recommendation, Ruleset):
            rows = model.objects.filter(publication=publication)
            rows.update(within=publication.slug)


class Migration(migrations.Migration):

    dependencies = [
        ('icctracker', '0018_rulesets'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='codebook',
            name='codebook_one_draft',
        ),
        migrations.AddField(
            model_name='codebook',
            name='publication',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='codebooks', to='icctracker.publication', verbose_name='publication'),
        ),
        migrations.AddField(
            model_name='codebook',
            name='within',
            field=models.SlugField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name='historicalcodebook',
            name='publication',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='icctracker.publication', verbose_name='publication'),
        ),
        migrations.AddField(
            model_name='historicalcodebook',
            name='within',
            field=models.SlugField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name='historicalrecommendation',
            name='within',
            field=models.SlugField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name='historicalruleset',
            name='within',
            field=models.SlugField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name='recommendation',
            name='within',
            field=models.SlugField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name='ruleset',
            name='within',
            field=models.SlugField(blank=True, editable=False, max_length=80),
        ),
        migrations.AlterField(
            model_name='codebook',
            name='version',
            field=models.CharField(max_length=20, verbose_name='version'),
        ),
        migrations.AlterField(
            model_name='historicalcodebook',
            name='version',
            field=models.CharField(max_length=20, verbose_name='version'),
        ),
        migrations.AlterField(
            model_name='historicalrecommendation',
            name='code',
            field=models.CharField(help_text='Stable, as in R4: it is cited in print.', max_length=12, verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='recommendation',
            name='code',
            field=models.CharField(help_text='Stable, as in R4: it is cited in print.', max_length=12, verbose_name='code'),
        ),
        migrations.RunPython(give_each_its_publication, migrations.RunPython.noop),
    ]
