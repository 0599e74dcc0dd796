"""What every row of personal data has in common."""

from django.db import models


class ProtectedRecord(models.Model):
    """A row that only casework may lead to.

    Wagtail's reference index would list it on the «usage» screens of agencies, forms and people, with its number.
    """

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
