"""Where everything lives. The pages of the site come last: they take every address that is left."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from portal import views
from portal.display import set_display

# One way in, with its limits: Wagtail's own screens for passwords lead to ours.
sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("admin/login/", views.admin_sign_in, name="admin_sign_in"),
    path("_util/login/", sign_in, name="sign_in"),
    # An address is given by the administrator, and nobody signs up: allauth's screens for both do not exist here.
    re_path(
        r"^accounts/(?:email|confirm-email|signup|login/code|3rdparty|social)/", views.not_found, name="no_such_screen"
    ),
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
