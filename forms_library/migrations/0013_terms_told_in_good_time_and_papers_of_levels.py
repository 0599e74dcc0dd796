import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    """Terms are told of in good time; papers go out while a risk level lasts; a form may name the agency of a role."""

    dependencies = [
        ("forms_library", "0012_procedures"),
    ]

    operations = [
        migrations.AlterField(
            model_name="procedurepage",
            name="levels",
            field=wagtail.fields.StreamField(
                [("level", 5)],
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
                        {"label": "Works at once: anybody on the case may set it, at any hour", "required": False},
                    ),
                    3: (
                        "wagtail.blocks.RegexBlock",
                        (),
                        {
                            "error_messages": {
                                "invalid": "Write codes in small Latin letters, with commas between them, for example: signal, level.high"
                            },
                            "help_text": "Codes of forms. When the level changes, what was not registered yet is taken back",
                            "label": "Forms that are sent while the level lasts",
                            "max_length": 1000,
                            "regex": "^\\s*[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?(?:[\\s,;]+[a-z][a-z0-9_]{0,59}(?:\\.[a-z][a-z0-9_]{0,59})?)*[\\s,;]*\\Z",
                            "required": False,
                        },
                    ),
                    4: (
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
                    5: (
                        "wagtail.blocks.StructBlock",
                        [[("title", 0), ("code", 1), ("at_once", 2), ("papers", 3), ("to", 4)]],
                        {},
                    ),
                },
                verbose_name="risk levels",
            ),
        ),
        migrations.AlterField(
            model_name="procedurepage",
            name="roles",
            field=wagtail.fields.StreamField(
                [("role", 5)],
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
                        "wagtail.blocks.RegexBlock",
                        (),
                        {
                            "error_messages": {
                                "invalid": "Write the code of the form and the key of the question with a dot between them, for example: plan.result"
                            },
                            "help_text": "FORM.QUESTION: documents for the role go to the agency answered there; empty: to the one on the territory",
                            "label": "An answer names that agency",
                            "max_length": 160,
                            "regex": "^[a-z][a-z0-9_]{0,59}\\.[a-z][a-z0-9_]{0,59}\\Z",
                            "required": False,
                        },
                    ),
                    5: (
                        "wagtail.blocks.StructBlock",
                        [[("title", 0), ("code", 1), ("played_by", 2), ("agency_kinds", 3), ("named_by", 4)]],
                        {},
                    ),
                },
                verbose_name="roles",
            ),
        ),
        migrations.AlterField(
            model_name="procedurepage",
            name="stages",
            field=wagtail.fields.StreamField(
                [("stage", 48)],
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
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "help_text": "Calendar days before the last day: for a long term. Empty: on the working day before, as with every term",
                            "label": "Remind so many days before",
                            "max_value": 366,
                            "min_value": 0,
                            "required": False,
                        },
                    ),
                    15: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("number", 8),
                                ("unit", 9),
                                ("roll", 10),
                                ("clause", 11),
                                ("since", 12),
                                ("is_internal", 13),
                                ("warn_days", 14),
                            ]
                        ],
                        {"label": "By when"},
                    ),
                    16: (
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
                    17: ("wagtail.blocks.BooleanBlock", (), {"label": "One for each child", "required": False}),
                    18: ("wagtail.blocks.BooleanBlock", (), {"label": "May be left out", "required": False}),
                    19: (
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
                    20: (
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
                    21: (
                        "wagtail.blocks.StructBlock",
                        [[("code", 16), ("per_child", 17), ("is_optional", 18), ("dated_by", 19), ("to", 20)]],
                        {},
                    ),
                    22: (
                        "wagtail.blocks.ListBlock",
                        (21,),
                        {"collapsed": True, "default": [], "label": "Forms that the step produces"},
                    ),
                    23: (
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
                    24: ("wagtail.blocks.CharBlock", (), {"label": "Decision", "max_length": 300}),
                    25: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "When an answer of a form decides",
                            "label": "Answer of the form that stands for it",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    26: (
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
                    27: ("wagtail.blocks.BooleanBlock", (), {"label": "Reasons are written down", "required": False}),
                    28: ("wagtail.blocks.BooleanBlock", (), {"label": "A new last day is named", "required": False}),
                    29: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Whoever is stopped by it reads this.",
                            "label": "The condition in words",
                            "max_length": 500,
                        },
                    ),
                    30: (
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
                    31: (
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
                    32: (
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
                    33: (
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
                    34: ("wagtail.blocks.CharBlock", (), {"label": "Answer", "max_length": 500, "required": False}),
                    35: (
                        "wagtail.blocks.StructBlock",
                        [[("number", 8), ("unit", 9), ("roll", 10), ("clause", 11)]],
                        {"label": "Term"},
                    ),
                    36: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("words", 29),
                                ("kind", 30),
                                ("event", 31),
                                ("form", 32),
                                ("question", 33),
                                ("value", 34),
                                ("term", 35),
                            ]
                        ],
                        {},
                    ),
                    37: ("wagtail.blocks.ListBlock", (36,), {"collapsed": True, "default": [], "label": "Conditions"}),
                    38: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 24),
                                ("code", 1),
                                ("answer", 25),
                                ("level", 26),
                                ("needs_words", 27),
                                ("asks_until", 28),
                                ("guards", 37),
                            ]
                        ],
                        {},
                    ),
                    39: (
                        "wagtail.blocks.ListBlock",
                        (38,),
                        {"collapsed": True, "default": [], "label": "Possible decisions"},
                    ),
                    40: (
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
                    41: (
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
                    42: (
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
                    43: (
                        "wagtail.blocks.StructBlock",
                        [[("number", 8), ("unit", 9), ("roll", 10), ("clause", 11)]],
                        {"label": "Comes again every"},
                    ),
                    44: (
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
                    45: ("wagtail.blocks.CharBlock", (), {"label": "Source", "max_length": 300, "required": False}),
                    46: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 3),
                                ("code", 4),
                                ("role", 5),
                                ("after", 6),
                                ("done_by", 7),
                                ("hint", 2),
                                ("due", 15),
                                ("forms", 22),
                                ("required", 23),
                                ("outcomes", 39),
                                ("decided_by", 40),
                                ("appoints", 41),
                                ("needs", 37),
                                ("waived_by", 42),
                                ("is_optional", 18),
                                ("every", 43),
                                ("ends_with", 44),
                                ("source", 45),
                            ]
                        ],
                        {},
                    ),
                    47: ("wagtail.blocks.ListBlock", (46,), {"collapsed": True, "default": [], "label": "Steps"}),
                    48: ("wagtail.blocks.StructBlock", [[("title", 0), ("code", 1), ("hint", 2), ("steps", 47)]], {}),
                },
                verbose_name="stages",
            ),
        ),
    ]
