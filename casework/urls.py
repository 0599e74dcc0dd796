"""Where case records live on the site."""

from django.urls import path

from casework.views import cases, desk, documents, sharing

app_name = "casework"

CASE = "<str:reference>/"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("all/", desk.case_list, name="case_list"),
    path("find/", desk.find_case, name="find_case"),
    path("open/", desk.open_case, name="open_case"),
    path("fill/<slug:code>/", documents.start_form, name="start_form"),
    path(CASE, cases.case, name="case"),
    path(CASE + "history/", cases.history, name="history"),
    path(CASE + "accept/", cases.accept, name="accept"),
    path(CASE + "refuse/", cases.refuse, name="refuse"),
    path(CASE + "assign/", cases.assign, name="assign"),
    path(CASE + "close/", cases.close, name="close"),
    path(CASE + "notes/", cases.note, name="note"),
    path(CASE + "people/", cases.person, name="add_person"),
    path(CASE + "people/<int:number>/", cases.person, name="person"),
    path(CASE + "shares/", sharing.share, name="share"),
    path(CASE + "shares/<int:number>/withdraw/", sharing.withdraw, name="withdraw"),
    path(CASE + "forms/<slug:code>/", documents.start_draft, name="start_draft"),
    path(CASE + "drafts/<int:number>/", documents.draft, name="draft"),
    path(CASE + "drafts/<int:number>/autosave/", documents.autosave, name="autosave"),
    path(CASE + "drafts/<int:number>/discard/", documents.discard, name="discard"),
    path(CASE + "drafts/<int:number>/carry-over/", documents.carry_over, name="carry_over"),
    path(CASE + "documents/<int:number>/", documents.document, name="document"),
    path(CASE + "documents/<int:number>/word/", documents.word, name="word"),
    path(CASE + "documents/<int:number>/correct/", documents.correct, name="correct"),
    path(CASE + "files/<int:number>/", documents.case_file, name="file"),
]
