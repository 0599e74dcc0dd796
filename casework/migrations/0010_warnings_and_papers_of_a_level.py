from django.conf import settings
from django.db import migrations, models

from forms_library.immutability import forbid_changes


class Migration(migrations.Migration):
    """Terms are told of in good time; what goes out while a risk level lasts is taken back with it."""

    dependencies = [
        ("casework", "0009_reminders_name_their_run"),
        ("forms_library", "0012_procedures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="level",
            field=models.CharField(
                blank=True, default="", max_length=60, verbose_name="sent while the risk level is this one"
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="recalled_at",
            field=models.DateTimeField(null=True, verbose_name="taken back at"),
        ),
        migrations.AddField(
            model_name="task",
            name="warn_on",
            field=models.DateField(null=True, verbose_name="told of in good time on"),
        ),
        migrations.AlterField(
            model_name="accessrecord",
            name="event",
            field=models.CharField(
                choices=[
                    ("opened", "case opened"),
                    ("read", "case read"),
                    ("accepted", "accepted"),
                    ("refused", "refused"),
                    ("assigned", "curator assigned"),
                    ("noted", "note written"),
                    ("closed", "closed"),
                    ("person_added", "person added"),
                    ("person_changed", "person changed"),
                    ("people_read", "person opened for changes"),
                    ("history_read", "history read"),
                    ("facts_read", "facts looked at"),
                    ("names_read", "names in all cases looked at"),
                    ("name_checked", "forms of a name checked"),
                    ("draft_started", "form started"),
                    ("draft_read", "draft read"),
                    ("draft_changed", "draft changed"),
                    ("draft_discarded", "draft thrown away"),
                    ("draft_carried_over", "draft carried over to the new edition"),
                    ("parts_shared_out", "parts of a form given out"),
                    ("part_taken_back", "part of a form taken back"),
                    ("part_done", "part of a form done"),
                    ("filed", "form filed"),
                    ("settled", "contradiction settled"),
                    ("corrected", "form corrected"),
                    ("added_to", "addendum written"),
                    ("document_read", "document read"),
                    ("downloaded", "document downloaded"),
                    ("paper_printed", "paper printed"),
                    ("paper_signed", "paper signed"),
                    ("scan_attached", "scan attached"),
                    ("file_added", "file added"),
                    ("file_downloaded", "file downloaded"),
                    ("file_read", "file looked at"),
                    ("procedure_started", "procedure begun"),
                    ("step_done", "step of the procedure"),
                    ("level_set", "risk level set"),
                    ("waived", "requirement waived"),
                    ("term_changed", "term changed"),
                    ("deadline_recounted", "deadline counted anew"),
                    ("annulled", "entry annulled"),
                    ("procedure_moved", "moved to a newer edition of the procedure"),
                    ("procedure_ended", "work under the procedure ended"),
                    ("task_given", "task given"),
                    ("task_done", "task done"),
                    ("sent", "document sent"),
                    ("received", "document received"),
                    ("recalled", "document taken back"),
                    ("granted", "access granted"),
                    ("shared", "shared with an agency"),
                    ("withdrawn", "access withdrawn"),
                    ("state_asked", "the parent looked at the state of the request"),
                ],
                max_length=30,
                verbose_name="what",
            ),
        ),
        migrations.AlterField(
            model_name="taskreminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("in_good_time", "in good time"),
                    ("before", "before the day"),
                    ("on_the_day", "on the day"),
                    ("after", "after the day"),
                    ("to_the_head", "to the head"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("status", "open"), ("warn_on__isnull", False)),
                fields=["warn_on"],
                name="task_open_to_warn_of",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recalled_at", None),
                    models.Q(models.Q(("level", ""), _negated=True), ("received_at", None)),
                    _connector="OR",
                ),
                name="what_was_received_is_not_taken_back",
            ),
        ),
        forbid_changes(
            "Delivery",
            may_change=("received_by", "received_at", "incoming_number", "level", "recalled_at"),
            until="received_at",
        ),
    ]
