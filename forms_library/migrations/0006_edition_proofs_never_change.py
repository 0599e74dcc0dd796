from django.db import migrations

from forms_library.immutability import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("forms_library", "0005_packs_and_blocks")]

    operations = [forbid_changes("EditionProof")]
