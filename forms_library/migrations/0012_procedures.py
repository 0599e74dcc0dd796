import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import forms_library.models.approvals
import forms_library.models.procedures
from forms_library.immutability import forbid_changes


class Migration(migrations.Migration):
    """Procedures, and their editions, which the database refuses to change or delete."""

    dependencies = [
        ("forms_library", "0011_calendar_moved_from"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProcedureEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                ("purpose", models.TextField(verbose_name="purpose")),
                ("intro", models.TextField(blank=True, default="", verbose_name="what it means for the family")),
                ("legal_basis", models.CharField(max_length=500, verbose_name="legal basis")),
                ("issuing_agency_name", models.CharField(max_length=300, verbose_name="who approved the procedure")),
                ("definition", models.JSONField(verbose_name="definition")),
                ("digest", models.CharField(max_length=64, verbose_name="digest of the edition")),
                (
                    "act_number",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="number of the act"),
                ),
                ("act_date", models.DateField(null=True, verbose_name="date of the act")),
                ("act_reason", models.TextField(blank=True, default="", verbose_name="why this edition")),
                ("review_on", models.DateField(null=True, verbose_name="review on")),
                ("approved_at", models.DateTimeField(verbose_name="approved at")),
                ("in_force_from", models.DateTimeField(verbose_name="in force from")),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="drafted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition of a procedure",
                "verbose_name_plural": "editions of procedures",
            },
        ),
        migrations.CreateModel(
            name="ProcedureEditionEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("in_force_to", models.DateTimeField(verbose_name="in force to")),
                (
                    "reason",
                    models.CharField(
                        choices=[("superseded", "replaced by the next edition"), ("withdrawn", "withdrawn")],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end",
                        to="forms_library.procedureedition",
                        verbose_name="edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "end of an edition of a procedure",
                "verbose_name_plural": "ends of editions of procedures",
            },
        ),
        migrations.CreateModel(
            name="ProcedurePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=forms_library.models.procedures.draft_code,
                        help_text="Never changes once the procedure is in force, for example tom_support",
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9_]*\\Z",
                                "Use small Latin letters, digits and «_», starting with a letter.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        help_text="For whom it is and what it is for, in plain words", verbose_name="purpose"
                    ),
                ),
                ("intro", models.TextField(blank=True, default="", verbose_name="what it means for the family")),
                ("legal_basis", models.CharField(max_length=500, verbose_name="legal basis")),
                (
                    "start",
                    models.CharField(
                        help_text="The first event in words, for example: a signal has come",
                        max_length=300,
                        verbose_name="how it begins",
                    ),
                ),
                (
                    "roles",
                    wagtail.fields.StreamField(
                        [("role", 4)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"label": "Role", "max_length": 300}),
                            1: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Code",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                },
                            ),
                            2: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("specialist", "specialists of the agency that keeps the case"),
                                        ("head", "its head"),
                                        ("curator", "the curator of the case"),
                                        ("agency", "another agency"),
                                    ],
                                    "label": "Played by, until somebody is appointed",
                                },
                            ),
                            3: (
                                "wagtail.blocks.MultipleChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("one_window", "“One window” service"),
                                        ("juvenile_commission", "Commission on juvenile affairs"),
                                        ("guardianship_body", "Guardianship body"),
                                        ("social_service_org", "Social service organisation"),
                                        ("kcson", "Comprehensive social service centre"),
                                        ("srcn", "Social rehabilitation centre for minors"),
                                        ("family_centre", "Family and children help centre"),
                                        ("orphan_org", "Organisation for orphaned children"),
                                        ("kin_service", "Service of cooperation with the birth family"),
                                        ("police_juvenile_unit", "Police juvenile unit"),
                                        ("education_org", "Educational organisation"),
                                        ("health_org", "Medical organisation"),
                                        ("family_department", "Regional department for families and children"),
                                    ],
                                    "label": "Kinds of that other agency",
                                    "required": False,
                                },
                            ),
                            4: (
                                "wagtail.blocks.StructBlock",
                                [[("title", 0), ("code", 1), ("played_by", 2), ("agency_kinds", 3)]],
                                {},
                            ),
                        },
                        verbose_name="roles",
                    ),
                ),
                (
                    "levels",
                    wagtail.fields.StreamField(
                        [("level", 3)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"label": "Level", "max_length": 300}),
                            1: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Code",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                },
                            ),
                            2: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {
                                    "label": "Works at once: anybody on the case may set it, at any hour",
                                    "required": False,
                                },
                            ),
                            3: ("wagtail.blocks.StructBlock", [[("title", 0), ("code", 1), ("at_once", 2)]], {}),
                        },
                        verbose_name="risk levels",
                    ),
                ),
                (
                    "level_role",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The code of a role",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9_]{0,59}\\Z",
                                "Use small Latin letters, digits and «_», starting with a letter.",
                            )
                        ],
                        verbose_name="who sets the level",
                    ),
                ),
                (
                    "suggested_by",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="FORM.QUESTION, with commas between them",
                        max_length=1000,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\s*[a-z][a-z0-9_]{0,59}\\.[a-z][a-z0-9_]{0,59}(?:[\\s,;]+[a-z][a-z0-9_]{0,59}\\.[a-z][a-z0-9_]{0,59})*[\\s,;]*\\Z",
                                "Write the code of the form and the key of the question with a dot between them, for example: plan.result",
                            )
                        ],
                        verbose_name="answers that suggest a level",
                    ),
                ),
                (
                    "stages",
                    wagtail.fields.StreamField(
                        [("stage", 47)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"label": "Stage", "max_length": 300}),
                            1: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Code",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                },
                            ),
                            2: ("wagtail.blocks.TextBlock", (), {"label": "Explanation", "required": False, "rows": 2}),
                            3: ("wagtail.blocks.CharBlock", (), {"label": "What is done", "max_length": 300}),
                            4: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "help_text": "Cases remember it: keep it when the words change",
                                    "label": "Code",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                },
                            ),
                            5: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "help_text": "The code of a role",
                                    "label": "Who does it",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            6: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Write codes in small Latin letters, with commas between them, for example: signal, level.high"
                                    },
                                    "help_text": "Events, any of which opens the step: see “Events of this procedure” below",
                                    "label": "Opens after",
                                    "max_length": 1000,
                                    "regex": "^\\s*[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?(?:[\\s,;]+[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?)*[\\s,;]*\\Z",
                                    "required": False,
                                },
                            ),
                            7: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("forms", "its forms are filed"),
                                        ("decision", "somebody decides"),
                                        ("appointment", "somebody is appointed"),
                                        ("event", "something happens, and its day is written down"),
                                        ("closure", "the work ends on a ground"),
                                    ],
                                    "label": "Done when",
                                },
                            ),
                            8: (
                                "wagtail.blocks.IntegerBlock",
                                (),
                                {"label": "How many", "max_value": 10000, "min_value": 1, "required": False},
                            ),
                            9: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("wd", "working days"),
                                        ("cd", "calendar days"),
                                        ("m", "months"),
                                        ("now", "at once"),
                                    ],
                                    "label": "Of what",
                                    "required": False,
                                },
                            ),
                            10: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {
                                    "default": True,
                                    "help_text": "Not for a validity period",
                                    "label": "A day off as the last day gives way to the next working day",
                                    "required": False,
                                },
                            ),
                            11: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "For example: п. 4 порядка",
                                    "label": "Clause of the act",
                                    "max_length": 200,
                                    "required": False,
                                },
                            ),
                            12: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Write one event: opened, the code of a step, STEP.OUTCOME or level.LEVEL."
                                    },
                                    "help_text": "An event. Empty: from the day on which the step opens",
                                    "label": "Counted from",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?\\Z",
                                    "required": False,
                                },
                            ),
                            13: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"label": "A reminder of our own: the source gives no term", "required": False},
                            ),
                            14: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("number", 8),
                                        ("unit", 9),
                                        ("roll", 10),
                                        ("clause", 11),
                                        ("since", 12),
                                        ("is_internal", 13),
                                    ]
                                ],
                                {"label": "By when"},
                            ),
                            15: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Code of the form",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                },
                            ),
                            16: ("wagtail.blocks.BooleanBlock", (), {"label": "One for each child", "required": False}),
                            17: ("wagtail.blocks.BooleanBlock", (), {"label": "May be left out", "required": False}),
                            18: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "help_text": "Empty: the day of filing",
                                    "label": "Key of the question with the day that counts",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            19: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Write codes in small Latin letters, with commas between them, for example: signal, level.high"
                                    },
                                    "help_text": "Codes of roles whose agencies get the document",
                                    "label": "Sent to",
                                    "max_length": 1000,
                                    "regex": "^\\s*[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?(?:[\\s,;]+[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?)*[\\s,;]*\\Z",
                                    "required": False,
                                },
                            ),
                            20: (
                                "wagtail.blocks.StructBlock",
                                [[("code", 15), ("per_child", 16), ("is_optional", 17), ("dated_by", 18), ("to", 19)]],
                                {},
                            ),
                            21: (
                                "wagtail.blocks.ListBlock",
                                (20,),
                                {"collapsed": True, "default": [], "label": "Forms that the step produces"},
                            ),
                            22: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Write codes in small Latin letters, with commas between them, for example: signal, level.high"
                                    },
                                    "label": "Forms that must lie in the case by then",
                                    "max_length": 1000,
                                    "regex": "^\\s*[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?(?:[\\s,;]+[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?)*[\\s,;]*\\Z",
                                    "required": False,
                                },
                            ),
                            23: ("wagtail.blocks.CharBlock", (), {"label": "Decision", "max_length": 300}),
                            24: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "When an answer of a form decides",
                                    "label": "Answer of the form that stands for it",
                                    "max_length": 500,
                                    "required": False,
                                },
                            ),
                            25: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Sets the level",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            26: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"label": "Reasons are written down", "required": False},
                            ),
                            27: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"label": "A new last day is named", "required": False},
                            ),
                            28: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Whoever is stopped by it reads this.",
                                    "label": "The condition in words",
                                    "max_length": 500,
                                },
                            ),
                            29: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("event", "an event has happened"),
                                        ("form", "a form is filed"),
                                        ("answer", "a form answers so"),
                                        ("statement", "whoever acts states it"),
                                        ("not_before", "a term from an event has passed"),
                                        ("until_within", "the new last day lies within a term from an event"),
                                        ("children_adult", "every child is 18"),
                                    ],
                                    "label": "What is looked at",
                                },
                            ),
                            30: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Write one event: opened, the code of a step, STEP.OUTCOME or level.LEVEL."
                                    },
                                    "label": "Event",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?\\Z",
                                    "required": False,
                                },
                            ),
                            31: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Code of the form",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            32: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Key of the question",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            33: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Answer", "max_length": 500, "required": False},
                            ),
                            34: (
                                "wagtail.blocks.StructBlock",
                                [[("number", 8), ("unit", 9), ("roll", 10), ("clause", 11)]],
                                {"label": "Term"},
                            ),
                            35: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("words", 28),
                                        ("kind", 29),
                                        ("event", 30),
                                        ("form", 31),
                                        ("question", 32),
                                        ("value", 33),
                                        ("term", 34),
                                    ]
                                ],
                                {},
                            ),
                            36: (
                                "wagtail.blocks.ListBlock",
                                (35,),
                                {"collapsed": True, "default": [], "label": "Conditions"},
                            ),
                            37: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 23),
                                        ("code", 1),
                                        ("answer", 24),
                                        ("level", 25),
                                        ("needs_words", 26),
                                        ("asks_until", 27),
                                        ("guards", 36),
                                    ]
                                ],
                                {},
                            ),
                            38: (
                                "wagtail.blocks.ListBlock",
                                (37,),
                                {"collapsed": True, "default": [], "label": "Possible decisions"},
                            ),
                            39: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Write the code of the form and the key of the question with a dot between them, for example: plan.result"
                                    },
                                    "help_text": "FORM.QUESTION; empty: somebody decides",
                                    "label": "An answer decides",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\.[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            40: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Appoints to the role",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            41: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Who may waive it",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            42: (
                                "wagtail.blocks.StructBlock",
                                [[("number", 8), ("unit", 9), ("roll", 10), ("clause", 11)]],
                                {"label": "Comes again every"},
                            ),
                            43: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Write codes in small Latin letters, with commas between them, for example: signal, level.high"
                                    },
                                    "help_text": "Events that take the open step away",
                                    "label": "Ends with",
                                    "max_length": 1000,
                                    "regex": "^\\s*[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?(?:[\\s,;]+[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?)*[\\s,;]*\\Z",
                                    "required": False,
                                },
                            ),
                            44: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Source", "max_length": 300, "required": False},
                            ),
                            45: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 3),
                                        ("code", 4),
                                        ("role", 5),
                                        ("after", 6),
                                        ("done_by", 7),
                                        ("hint", 2),
                                        ("due", 14),
                                        ("forms", 21),
                                        ("required", 22),
                                        ("outcomes", 38),
                                        ("decided_by", 39),
                                        ("appoints", 40),
                                        ("needs", 36),
                                        ("waived_by", 41),
                                        ("is_optional", 17),
                                        ("every", 42),
                                        ("ends_with", 43),
                                        ("source", 44),
                                    ]
                                ],
                                {},
                            ),
                            46: (
                                "wagtail.blocks.ListBlock",
                                (45,),
                                {"collapsed": True, "default": [], "label": "Steps"},
                            ),
                            47: (
                                "wagtail.blocks.StructBlock",
                                [[("title", 0), ("code", 1), ("hint", 2), ("steps", 46)]],
                                {},
                            ),
                        },
                        verbose_name="stages",
                    ),
                ),
                (
                    "grounds",
                    wagtail.fields.StreamField(
                        [("ground", 18)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"label": "Ground", "max_length": 500}),
                            1: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Code",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                },
                            ),
                            2: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "label": "Answer of the form that stands for it",
                                    "max_length": 500,
                                    "required": False,
                                },
                            ),
                            3: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Whoever is stopped by it reads this.",
                                    "label": "The condition in words",
                                    "max_length": 500,
                                },
                            ),
                            4: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("event", "an event has happened"),
                                        ("form", "a form is filed"),
                                        ("answer", "a form answers so"),
                                        ("statement", "whoever acts states it"),
                                        ("not_before", "a term from an event has passed"),
                                        ("until_within", "the new last day lies within a term from an event"),
                                        ("children_adult", "every child is 18"),
                                    ],
                                    "label": "What is looked at",
                                },
                            ),
                            5: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Write one event: opened, the code of a step, STEP.OUTCOME or level.LEVEL."
                                    },
                                    "label": "Event",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?\\Z",
                                    "required": False,
                                },
                            ),
                            6: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Code of the form",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            7: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Key of the question",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            8: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Answer", "max_length": 500, "required": False},
                            ),
                            9: (
                                "wagtail.blocks.IntegerBlock",
                                (),
                                {"label": "How many", "max_value": 10000, "min_value": 1, "required": False},
                            ),
                            10: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("wd", "working days"),
                                        ("cd", "calendar days"),
                                        ("m", "months"),
                                        ("now", "at once"),
                                    ],
                                    "label": "Of what",
                                    "required": False,
                                },
                            ),
                            11: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {
                                    "default": True,
                                    "help_text": "Not for a validity period",
                                    "label": "A day off as the last day gives way to the next working day",
                                    "required": False,
                                },
                            ),
                            12: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "For example: п. 4 порядка",
                                    "label": "Clause of the act",
                                    "max_length": 200,
                                    "required": False,
                                },
                            ),
                            13: (
                                "wagtail.blocks.StructBlock",
                                [[("number", 9), ("unit", 10), ("roll", 11), ("clause", 12)]],
                                {"label": "Term"},
                            ),
                            14: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("words", 3),
                                        ("kind", 4),
                                        ("event", 5),
                                        ("form", 6),
                                        ("question", 7),
                                        ("value", 8),
                                        ("term", 13),
                                    ]
                                ],
                                {},
                            ),
                            15: (
                                "wagtail.blocks.ListBlock",
                                (14,),
                                {"collapsed": True, "default": [], "label": "Conditions"},
                            ),
                            16: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"label": "Reasons are written down", "required": False},
                            ),
                            17: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Code of the procedure that takes over",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            18: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("title", 0),
                                        ("code", 1),
                                        ("answer", 2),
                                        ("guards", 15),
                                        ("needs_words", 16),
                                        ("leads_to", 17),
                                    ]
                                ],
                                {},
                            ),
                        },
                        verbose_name="grounds of ending",
                    ),
                ),
                (
                    "principles",
                    wagtail.fields.StreamField(
                        [("principle", 0)],
                        blank=True,
                        block_lookup={0: ("wagtail.blocks.TextBlock", (), {"label": "Principle", "rows": 1})},
                        verbose_name="principles",
                    ),
                ),
                (
                    "checklists",
                    wagtail.fields.StreamField(
                        [("checklist", 4)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"label": "Heading", "max_length": 300}),
                            1: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {
                                        "invalid": "Use small Latin letters, digits and «_», starting with a letter."
                                    },
                                    "label": "Role",
                                    "max_length": 160,
                                    "regex": "^[a-z][a-z0-9_]{0,59}\\Z",
                                    "required": False,
                                },
                            ),
                            2: ("wagtail.blocks.TextBlock", (), {"label": "Item", "rows": 1}),
                            3: ("wagtail.blocks.ListBlock", (2,), {"default": [], "label": "Items"}),
                            4: ("wagtail.blocks.StructBlock", [[("title", 0), ("role", 1), ("items", 3)]], {}),
                        },
                        verbose_name="checklists",
                    ),
                ),
                (
                    "act_number",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="number of the act"),
                ),
                ("act_date", models.DateField(blank=True, null=True, verbose_name="date of the act")),
                ("act_reason", models.TextField(blank=True, default="", verbose_name="why this edition")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="review on")),
                (
                    "issuing_agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forms_library.agency",
                        verbose_name="who approved the procedure",
                    ),
                ),
            ],
            options={
                "verbose_name": "procedure",
                "verbose_name_plural": "procedures",
            },
            bases=(forms_library.models.approvals.Governed, "wagtailcore.page"),
        ),
        migrations.AddField(
            model_name="procedureedition",
            name="page",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="editions",
                to="forms_library.procedurepage",
                verbose_name="procedure",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedureedition",
            constraint=models.UniqueConstraint(fields=("page", "number"), name="procedure_edition_number_once"),
        ),
        migrations.AddConstraint(
            model_name="procedureedition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                    ("drafted_by", None),
                    _connector="OR",
                ),
                name="procedure_edition_has_four_eyes",
            ),
        ),
        forbid_changes("ProcedureEdition"),
        forbid_changes("ProcedureEditionEnd"),
    ]
