"""Where everything lives. The pages of the site come last: they take every address that is left."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from portal import views
from portal.display import set_display

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include("allauth.account.urls")),
    path("after-sign-in/", views.after_sign_in, name="after_sign_in"),
    path("display/", set_display, name="set_display"),
    path("poisk/", views.search, name="search"),
    path("cases/", include("casework.urls")),
    path("official-forms/", include("forms_library.urls")),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("", include(wagtail_urls)),
]
