"""The pages of the public site and the settings that every page shows. No personal data."""

from portal.models.contact_request import ContactRequestPage
from portal.models.contacts import ContactsPage
from portal.models.home import HomePage
from portal.models.media import Picture, PictureRendition
from portal.models.methodology import MethodologyIndexPage, MethodologyPage
from portal.models.programmes import ProgrammeIndexPage, ProgrammePage
from portal.models.resource_map import ResourceMapPage
from portal.models.settings import SiteContacts
from portal.models.text import TextPage

__all__ = [
    "ContactRequestPage",
    "ContactsPage",
    "HomePage",
    "MethodologyIndexPage",
    "MethodologyPage",
    "Picture",
    "PictureRendition",
    "ProgrammeIndexPage",
    "ProgrammePage",
    "ResourceMapPage",
    "SiteContacts",
    "TextPage",
]
