from django.db import migrations

from forms_library.immutability import forbid_changes


class Migration(migrations.Migration):
    """What is written once. SQLite makes a table anew when a column changes, and its triggers go with the old one."""

    dependencies = [("casework", "0011_working_together")]

    operations = [
        forbid_changes("AccessRecord"),
        forbid_changes("CaseFile"),
        forbid_changes("CaseNote"),
        forbid_changes("AssignmentNudge"),
        forbid_changes("BlindQuestion"),
        forbid_changes("CarerRecord"),
        forbid_changes("MatchingDecision"),
    ]
