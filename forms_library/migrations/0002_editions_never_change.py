"""The database refuses to change or delete editions and their ends."""

from django.db import migrations

from forms_library.immutability import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("forms_library", "0001_initial")]

    operations = [forbid_changes("Edition"), forbid_changes("EditionEnd")]
