from django.db import migrations

CODES = [
    "tous-publics",
    "enfants-mineurs",
    "adultes",
    "seniors",
    "parents",
    "tres-eloignes-du-numerique",
    "handicap-ou-perte-d-autonomie",
    "en-insertion",
    "illettrisme",
    "allophones",
]


def make_beneficiaries(apps, schema_editor):
    """The ten beneficiaries of the vocabulary, as rows that resources can be joined to."""
    beneficiary = apps.get_model("resources", "Beneficiary")
    beneficiary.objects.bulk_create(
        [beneficiary(code=code, order=order) for order, code in enumerate(CODES)], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_initial")]

    operations = [migrations.RunPython(make_beneficiaries, migrations.RunPython.noop)]
