"""Where case records live on the site."""

from django.urls import path

from casework.views import cases, desk, documents, drafts, facts, files, names, papers, parts, scans, sharing

app_name = "casework"

CASE = "<str:reference>/"

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("all/", desk.case_list, name="case_list"),
    path("find/", desk.find_case, name="find_case"),
    path("open/", desk.open_case, name="open_case"),
    path("fill/<slug:code>/", documents.start_form, name="start_form"),
    path("scans/", scans.receive, name="receive_scan"),
    path("scans/<uuid:token>/", scans.scan, name="scan"),
    path("scans/<uuid:token>/discard/", scans.discard, name="discard_scan"),
    path(CASE, cases.case, name="case"),
    path(CASE + "history/", cases.history, name="history"),
    path(CASE + "accept/", cases.accept, name="accept"),
    path(CASE + "refuse/", cases.refuse, name="refuse"),
    path(CASE + "assign/", cases.assign, name="assign"),
    path(CASE + "close/", cases.close, name="close"),
    path(CASE + "notes/", cases.note, name="note"),
    path(CASE + "people/", cases.person, name="add_person"),
    path(CASE + "people/<int:number>/", cases.person, name="person"),
    path(CASE + "names/", names.name_list, name="names"),
    path(CASE + "names/<slug:key>/", names.name, name="name"),
    path(CASE + "shares/", sharing.share, name="share"),
    path(CASE + "shares/<int:number>/withdraw/", sharing.withdraw, name="withdraw"),
    path(CASE + "forms/<slug:code>/", documents.start_draft, name="start_draft"),
    path(CASE + "drafts/<int:number>/", drafts.draft, name="draft"),
    path(CASE + "drafts/<int:number>/autosave/", drafts.autosave, name="autosave"),
    path(CASE + "drafts/<int:number>/discard/", drafts.discard, name="discard"),
    path(CASE + "drafts/<int:number>/carry-over/", drafts.carry_over, name="carry_over"),
    path(CASE + "drafts/<int:number>/parts/", parts.share_out, name="parts"),
    path(CASE + "drafts/<int:number>/parts/<int:part>/done/", parts.done, name="part_done"),
    path(CASE + "documents/<int:number>/", papers.document, name="document"),
    path(CASE + "documents/<int:number>/word/", papers.word, name="word"),
    path(CASE + "documents/<int:number>/correct/", documents.correct, name="correct"),
    path(CASE + "documents/<int:number>/pdf/", papers.pdf_document, name="pdf"),
    path(CASE + "documents/<int:number>/extract/", papers.extract, name="extract"),
    path(CASE + "documents/<int:number>/addenda/", papers.addendum, name="addendum"),
    path(CASE + "documents/<int:number>/paper/", papers.mark, name="mark_paper"),
    path(CASE + "documents/<int:number>/scans/", papers.attach_scan, name="attach_scan"),
    path(CASE + "facts/", facts.facts, name="facts"),
    path(CASE + "facts/<int:number>/settle/", facts.settle, name="settle"),
    path(CASE + "package/", papers.package, name="package"),
    path(CASE + "files/<int:number>/", files.case_file, name="file"),
    path(CASE + "files/<int:number>/preview/", files.preview, name="preview"),
]
