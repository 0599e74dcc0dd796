"""Who works on the portal and on official forms in the admin: three groups and one review.

Nobody gets «publish» for official forms from here: the forms themselves refuse it to everybody
(`forms_library.models.official_forms.FormPermissionTester`), so that an editor's rights on the whole site cannot leak.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from forms_library.models import Agency, BranchEditors, FormsBranch, FormsCatalogue, FourEyesTask

METHODOLOGISTS = "Методисты"
APPROVERS = "Утверждающие"
EDITORS = "Редакторы портала"
BRANCH_EDITORS = "Редакторы форм"
WORKFLOW = "Утверждение формы"
TASK = "Утверждение вторым лицом"

ADMIN = "wagtailadmin.access_admin"
AGENCIES = tuple(f"forms_library.{action}_agency" for action in ("add", "change", "view"))
LOCAL_SERVICES = tuple(f"forms_library.{action}_localservice" for action in ("add", "change", "delete", "view"))
CALENDAR = tuple(f"forms_library.{action}_calendarday" for action in ("add", "change", "delete", "view"))
BLOCKS = tuple(f"forms_library.{action}_reusableblock" for action in ("add", "change", "delete", "view"))
# Wagtail asks for the permissions of its own models, whatever model stands in their place.
DOCUMENTS = tuple(f"wagtaildocs.{action}_document" for action in ("add", "change", "choose"))
PICTURES = tuple(f"wagtailimages.{action}_image" for action in ("add", "change", "choose"))
PORTAL = "portal"


@transaction.atomic
def set_up() -> None:
    """Make the groups and the review, or bring them up to date. Pages that do not exist yet are left for next time."""
    methodologists, approvers, editors = (
        Group.objects.get_or_create(name=name)[0] for name in (METHODOLOGISTS, APPROVERS, EDITORS)
    )
    _grant(methodologists, (ADMIN, *CALENDAR, *BLOCKS))
    _grant(approvers, (ADMIN,))
    _grant(editors, (ADMIN, *AGENCIES, *LOCAL_SERVICES, *_portal_permissions()))
    for group in (methodologists, editors):
        _grant_in_collections(group, DOCUMENTS)
    _grant_in_collections(editors, PICTURES)
    catalogue = FormsCatalogue.objects.first()
    if catalogue:
        _grant_on_page(methodologists, catalogue, ("add", "change"))
        # Approvers open drafts through the review; «unlock» lets them find the catalogue, too.
        _grant_on_page(approvers, catalogue, ("unlock",))
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site and not site.root_page.is_root():
        _grant_on_page(editors, site.root_page, ("add", "change", "publish", "lock", "unlock"))
    for branch in FormsBranch.objects.all():
        set_up_editors(branch)
    _set_up_review(approvers, catalogue)


@transaction.atomic
def set_up_editors(branch: FormsBranch) -> Group:
    """Return the group of an agency's own editors: they draft the forms of its branch, and nothing comes into force by them."""
    known = BranchEditors.objects.filter(agency=branch.agency_id).select_related("group").first()
    group = known.group if known else Group.objects.create(name=_free_name(branch.agency))
    if known is None:
        BranchEditors.objects.create(agency=branch.agency, group=group)
    _grant(group, (ADMIN,))
    _grant_on_page(group, branch, ("add", "change"))
    # Whoever may change a document of the whole library could swap another agency's template.
    if not GroupCollectionPermission.objects.filter(group=group).exists():
        shelf = Collection.get_first_root_node().add_child(name=branch.agency.short_name)
        _grant_in_collections(group, DOCUMENTS, collection=shelf)
    return group


def _free_name(agency: Agency) -> str:
    name = f"{BRANCH_EDITORS}: {agency.short_name}"
    return f"{name[:80]} ({agency.code})" if Group.objects.filter(name=name).exists() else name


def _set_up_review(approvers: Group, catalogue: FormsCatalogue | None) -> None:
    task = FourEyesTask.objects.filter(name=TASK).first() or FourEyesTask.objects.create(name=TASK)
    task.groups.add(approvers)
    workflow = Workflow.objects.get_or_create(name=WORKFLOW)[0]
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr)
    if catalogue:
        WorkflowPage.objects.update_or_create(page=catalogue.page_ptr, defaults={"workflow": workflow})


def _portal_permissions() -> list[str]:
    """Return the permissions on the portal's own settings and snippets; its pages are governed by the tree."""
    pages = [model._meta.model_name for model in Page.__subclasses__()]
    found = Permission.objects.filter(content_type__app_label=PORTAL).exclude(content_type__model__in=pages)
    return [f"{PORTAL}.{codename}" for codename in found.values_list("codename", flat=True)]


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _grant(group: Group, names: Iterable[str]) -> None:
    group.permissions.add(*(_permission(name) for name in names))


def _grant_on_page(group: Group, page: Page, actions: Iterable[str]) -> None:
    for action in actions:
        permission = _permission(f"wagtailcore.{action}_page")
        GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)


def _grant_in_collections(group: Group, names: Iterable[str], *, collection: Collection | None = None) -> None:
    collection = collection or Collection.get_first_root_node()
    for name in names:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=_permission(name)
        )
