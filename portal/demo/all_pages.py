"""Every page of the demo portal, parents before children, in the order in which the site shows them."""

from portal.demo.case_documents import DOCUMENT_PAGES
from portal.demo.family_support import FAMILY_SUPPORT_PAGES
from portal.demo.interagency_order import INTERAGENCY_PAGES
from portal.demo.return_home import RETURN_HOME_PAGES
from portal.demo.site_pages import HOME, INDEX_PAGES, TEXT_PAGES
from portal.demo.writing import DemoPage

PAGES: tuple[DemoPage, ...] = (
    HOME,
    *INDEX_PAGES,
    *RETURN_HOME_PAGES,
    *FAMILY_SUPPORT_PAGES,
    *INTERAGENCY_PAGES,
    *DOCUMENT_PAGES,
    *TEXT_PAGES,
)
