import uuid

from django.db import migrations, models

from forms_library.immutability import forbid_changes


class Migration(migrations.Migration):
    """Two clocks that strike at once each know which reminders they have written down themselves."""

    dependencies = [("casework", "0008_procedures_and_tasks")]

    operations = [
        migrations.AddField(
            model_name="taskreminder",
            name="run",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="which run has written it down"),
        ),
        forbid_changes("TaskReminder"),
    ]
