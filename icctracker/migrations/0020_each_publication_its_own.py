import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('icctracker', '0019_codebooks_of_a_publication'),
    ]

    operations = [
        migrations.AlterField(
            model_name='codebook',
            name='publication',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codebooks', to='icctracker.publication', verbose_name='publication'),
        ),
        migrations.AddConstraint(
            model_name='codebook',
            constraint=models.UniqueConstraint(fields=('publication', 'version'), name='codebook_version_once_per_publication'),
        ),
        migrations.AddConstraint(
            model_name='codebook',
            constraint=models.UniqueConstraint(condition=models.Q(('published_on__isnull', True)), fields=('publication',), name='codebook_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='recommendation',
            constraint=models.UniqueConstraint(fields=('publication', 'code'), name='recommendation_code_once_per_publication'),
        ),
    ]
