"""Where the screens of the forms library live."""

from django.urls import path

from forms_library import views

app_name = "forms_library"
urlpatterns = [
    path("<slug:code>/<int:number>/blank.docx", views.blank_form, name="blank_form"),
]
