"""Where the screens of the forms library live."""

from django.urls import path

from forms_library import edition_views, views

app_name = "forms_library"
urlpatterns = [
    path("<slug:code>/<int:number>/blank.docx", views.blank_form, name="blank_form"),
    path("<slug:code>/<int:number>/blank.png", edition_views.blank_picture, name="blank_picture"),
    path("<slug:code>/changes/", edition_views.edition_differences, name="edition_differences"),
]
