"""What happens when a review ends well: exactly the approved wording is published.

Wagtail reads this module while it is still loading its own models (WAGTAIL_FINISH_WORKFLOW_ACTION), so nothing here may
import a model. The rest of the governance of forms is in `forms_library.governance`.
"""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from wagtail.workflows import publish_workflow_state

if TYPE_CHECKING:
    from wagtail.models import WorkflowState


def publish_after_approval(workflow_state: "WorkflowState", user: Any = None) -> None:
    """Publish the revision that a second person approved; nobody needs Wagtail's plain «publish» permission for it.

    Pages that are reviewed in another way keep Wagtail's own behaviour.
    """
    task_state = workflow_state.task_states.filter(status="approved").order_by("finished_at", "pk").last()
    if task_state and isinstance(task_state.task.specific, apps.get_model("forms_library", "FourEyesTask")):
        task_state.revision.publish(user=user, skip_permission_checks=True)
    else:
        publish_workflow_state(workflow_state, user=user)
