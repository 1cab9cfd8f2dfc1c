"""The lists of who instructs at 100,000 dossiers: counters, départements in order, the soonest due first."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_profiles'),
        ('dossiers', '0012_export_services'),
        ('territories', '0003_centre'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='dossier',
            name='dossier_routed',
        ),
        migrations.RemoveIndex(
            model_name='dossier',
            name='dossier_routed_due',
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('binned_at', None)), fields=['state', 'due_at', 'assignee', 'routed_to'], name='dossier_desk_states'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('binned_at', None)), fields=['routed_to', '-deposited_at', '-id'], name='dossier_desk_routed'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(models.ExpressionWrapper(models.Q(('due_at', None)), output_field=models.BooleanField()), models.F('due_at'), models.F('id'), condition=models.Q(('binned_at', None)), name='dossier_desk_due'),
        ),
    ]
