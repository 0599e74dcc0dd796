"""The log, filed forms and notes are written once: the database itself refuses to change or delete them."""

from django.db import migrations
from forms_library.immutability import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [forbid_changes("AccessRecord"), forbid_changes("Submission"), forbid_changes("CaseNote"), forbid_changes("ContactRequest"), forbid_changes("CaseFile")]
