from django.db import migrations

from forms_library.immutability import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_parts_of_drafts")]

    operations = [
        forbid_changes("Contradiction", may_change=("outcome", "why", "settled_by", "settled_at"), until="settled_at")
    ]
