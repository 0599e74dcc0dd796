import django.db.models.deletion
from django.db import migrations, models

from forms_library.immutability import forbid_changes


class Migration(migrations.Migration):
    """The fields change in Django's own idea only: what a remark stands on is refused in words, not by the database."""

    dependencies = [("forms_library", "0007_copied_from_block")]

    operations = [
        migrations.AlterField(
            model_name="remark",
            name="official_form",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="remarks",
                to="forms_library.officialform",
                verbose_name="official form",
            ),
        ),
        migrations.AlterField(
            model_name="remark",
            name="task_state",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="remarks",
                to="forms_library.foureyestaskstate",
                verbose_name="review",
            ),
        ),
        forbid_changes("Remark", may_change=("resolved_by", "resolved_at"), until="resolved_at"),
    ]
