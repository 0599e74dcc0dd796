"""What the admin says of reusable blocks: on a form, which blocks it copied; on a block, which forms copied it."""

from typing import Any

from wagtail.admin.panels import Panel

from forms_library.models.blocks import copied_blocks


class CopiedBlocksPanel(Panel):
    """Tells which blocks a form has copied and which of them have a newer wording, and offers to insert another one."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "forms_library/admin/copied_blocks_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            if self.instance.pk:
                context["blocks"] = copied_blocks(self.instance)
            return context
