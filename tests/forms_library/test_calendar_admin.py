"""Methodologists keep the working calendar in the admin, and whoever counted with it hears of every change."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from forms_library import calendar_changes, permissions
from forms_library.models import Agency, CalendarDay
from tests.forms_library import calendar_tables as tables, drafting

pytestmark = pytest.mark.django_db
SNIPPET = "wagtailsnippets_forms_library_calendarday"
DAY = dt.date(2026, 5, 12)


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(calendar_changes, "_listeners", [])
    found = []
    calendar_changes.on_change(lambda days, *, at, actor: found.append((days, actor)))
    return found


def posted(**fields):
    return {
        "day": "12.05.2026",
        "kind": "holiday",
        "moved_from": "",
        "act": "Указ",
        "region": "",
        "agency": "",
        **fields,
    }


def add(**fields):
    return CalendarDay.objects.create(**{"day": DAY, "kind": "holiday", "act": "Указ", **fields})


class TestEditing:
    def test_adds_a_day_and_says_so(self, lib, heard):
        response = drafting.signed_in(lib.methodologist).post(reverse(f"{SNIPPET}:add"), posted())
        assert response.status_code == 302
        assert CalendarDay.objects.get(day=DAY).act == "Указ"
        assert heard == [({DAY}, lib.methodologist)]

    def test_moves_a_day_and_names_both(self, lib, heard):
        day = add()
        response = drafting.signed_in(lib.methodologist).post(
            reverse(f"{SNIPPET}:edit", args=[day.pk]), posted(day="13.05.2026")
        )
        assert response.status_code == 302
        assert heard == [({DAY, dt.date(2026, 5, 13)}, lib.methodologist)]

    def test_deletes_a_day_and_says_so(self, lib, heard):
        day = add()
        drafting.signed_in(lib.methodologist).post(reverse(f"{SNIPPET}:delete", args=[day.pk]))
        assert not CalendarDay.objects.filter(pk=day.pk).exists()
        assert heard == [({DAY}, lib.methodologist)]

    def test_deletes_several_days_and_says_so(self, lib, heard):
        days = [add(), add(day=dt.date(2026, 5, 13))]
        address = reverse("wagtail_bulk_action", args=["forms_library", "calendarday", "delete"])
        query = "&".join(f"id={day.pk}" for day in days)
        drafting.signed_in(lib.methodologist).post(f"{address}?{query}&next=/admin/")
        assert not CalendarDay.objects.filter(pk__in=[day.pk for day in days]).exists()
        assert heard == [({DAY, dt.date(2026, 5, 13)}, lib.methodologist)]
        assert ModelLogEntry.objects.filter(action="wagtail.delete", deleted=True).count() == 2

    def test_keeps_a_history(self, lib):
        day = add()
        client = drafting.signed_in(lib.methodologist)
        client.post(reverse(f"{SNIPPET}:edit", args=[day.pk]), posted(kind="short"))
        entry = ModelLogEntry.objects.get(action="wagtail.edit")
        assert (entry.object_id, entry.user) == (str(day.pk), lib.methodologist)
        assert client.get(reverse(f"{SNIPPET}:history", args=[day.pk])).status_code == 200

    def test_takes_a_day_of_an_agency_or_of_a_known_region(self, lib):
        Agency.objects.update(region="Томская область")
        client = drafting.signed_in(lib.methodologist)
        for scope in ({"region": "Томская область"}, {"agency": lib.agency.pk}):
            assert client.post(reverse(f"{SNIPPET}:add"), posted(**scope)).status_code == 302
        assert CalendarDay.objects.filter(day=DAY).count() == 2

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"act": ""}, "act"),
            ({"act": "   "}, "act"),
            ({"day": "31.02.2026"}, "day"),
            ({"kind": "someday"}, "kind"),
            ({"region": "Небывалая область"}, "region"),
            ({"day": "09.05.2026"}, "__all__"),
            ({"moved_from": "02.05.2026"}, "__all__"),
        ],
    )
    def test_refuses_what_cannot_be(self, lib, heard, fields, field):
        response = drafting.signed_in(lib.methodologist).post(reverse(f"{SNIPPET}:add"), posted(**fields))
        assert response.status_code == 200
        assert field in response.context["form"].errors
        assert not CalendarDay.objects.filter(day=DAY).exists()
        assert heard == []

    def test_refuses_a_region_and_an_agency_at_once(self, lib):
        Agency.objects.update(region="Томская область")
        fields = posted(region="Томская область", agency=lib.agency.pk)
        response = drafting.signed_in(lib.methodologist).post(reverse(f"{SNIPPET}:add"), fields)
        assert "__all__" in response.context["form"].errors

    def test_changes_nothing_when_a_listener_fails(self, lib, heard):
        def fail(days, *, at, actor):
            raise RuntimeError

        calendar_changes.on_change(fail)
        day = add()
        client = drafting.signed_in(lib.methodologist)
        for address, data in (
            (reverse(f"{SNIPPET}:add"), posted(day="13.05.2026")),
            (reverse(f"{SNIPPET}:edit", args=[day.pk]), posted(kind="short")),
            (reverse(f"{SNIPPET}:delete", args=[day.pk]), {}),
        ):
            with pytest.raises(RuntimeError):
                client.post(address, data)
        assert list(CalendarDay.objects.filter(day__range=(DAY, dt.date(2026, 5, 13))).values_list("kind")) == [
            ("holiday",)
        ]


class TestList:
    def days(self, lib, **query):
        response = drafting.signed_in(lib.methodologist).get(reverse(f"{SNIPPET}:list"), query)
        return set(response.context["page_obj"].paginator.object_list)

    def test_is_narrowed_by_year_and_kind(self, lib):
        assert {day.day.year for day in self.days(lib, year="2025")} == {2025}
        assert {day.day for day in self.days(lib, year="2024", kind="working")} == {
            dt.date(2024, 4, 27),
            dt.date(2024, 12, 28),
        }

    def test_is_narrowed_by_region_and_agency(self, lib):
        of_region, of_agency = add(region="Томская область"), add(agency=lib.agency)
        assert self.days(lib, region="Томская область") == {of_region}
        assert self.days(lib, agency=lib.agency.pk) == {of_agency}
        assert self.days(lib, region="-") == set(CalendarDay.objects.federal())

    @pytest.mark.parametrize("query", [{"year": "1"}, {"year": "x"}, {"region": "'"}])
    def test_stands_a_strange_address(self, lib, query):
        response = drafting.signed_in(lib.methodologist).get(reverse(f"{SNIPPET}:list"), query)
        assert response.status_code == 200

    def test_leads_to_the_import(self, lib):
        response = drafting.signed_in(lib.methodologist).get(reverse(f"{SNIPPET}:list"))
        assert reverse("calendar_import") in response.content.decode()


class TestWhoMay:
    ADDRESSES = [
        (f"{SNIPPET}:list", "get"),
        (f"{SNIPPET}:add", "post"),
        ("calendar_import", "get"),
        ("calendar_import", "post"),
        ("calendar_import_apply", "post"),
    ]

    @pytest.mark.parametrize("group", [permissions.APPROVERS, permissions.EDITORS])
    def test_keep_the_calendar_are_methodologists_only(self, lib, group):
        client = drafting.signed_in(drafting.user(group))
        before = CalendarDay.objects.count()
        for name, method in self.ADDRESSES:
            response = getattr(client, method)(reverse(name), posted())
            assert response.status_code in {302, 403}, name
            assert response.status_code == 403 or response.url == reverse("wagtailadmin_home")
        assert CalendarDay.objects.count() == before

    def test_import_a_year_may_also_delete_days(self, lib):
        group = lib.methodologist.groups.get()
        group.permissions.remove(group.permissions.get(codename="delete_calendarday"))
        response = drafting.signed_in(lib.methodologist).get(reverse("calendar_import"))
        assert response.status_code == 302


class TestImport:
    def upload(self, client, data):
        file = SimpleUploadedFile("calendar.xml", data, content_type="text/xml")
        return client.post(reverse("calendar_import"), {"file": file})

    def kept(self, response):
        return response.context["form"]["kept"].value()

    def test_shows_the_differences_and_changes_nothing_yet(self, lib, heard):
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()
        client = drafting.signed_in(lib.methodologist)
        assert client.get(reverse("calendar_import")).status_code == 200
        response = self.upload(client, tables.xml_of(2026))
        assert "08.05.2026" in response.content.decode()
        assert not CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).exists()
        assert heard == []

    def test_applies_what_was_shown_by_an_act(self, lib, heard):
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()
        client = drafting.signed_in(lib.methodologist)
        kept = self.kept(self.upload(client, tables.xml_of(2026)))
        response = client.post(reverse("calendar_import_apply"), {"kept": kept, "act": "Постановление № 5"})
        assert response.status_code == 302
        assert CalendarDay.objects.get(day=dt.date(2026, 5, 8)).act == "Постановление № 5"
        assert heard == [({dt.date(2026, 5, 8)}, lib.methodologist)]
        assert client.get(response.url).status_code == 200

    def test_asks_for_the_act_again(self, lib):
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()
        client = drafting.signed_in(lib.methodologist)
        kept = self.kept(self.upload(client, tables.xml_of(2026)))
        response = client.post(reverse("calendar_import_apply"), {"kept": kept, "act": " "})
        assert "act" in response.context["form"].errors
        again = self.kept(response)
        assert client.post(reverse("calendar_import_apply"), {"kept": again, "act": "Указ"}).status_code == 302
        assert CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).exists()

    def test_shows_the_differences_anew_when_somebody_edited_meanwhile(self, lib):
        CalendarDay.objects.filter(day=dt.date(2026, 5, 8)).delete()
        client = drafting.signed_in(lib.methodologist)
        kept = self.kept(self.upload(client, tables.xml_of(2026)))
        add()
        response = client.post(reverse("calendar_import_apply"), {"kept": kept, "act": "Указ"})
        assert [change.day for change in response.context["difference"].removed] == [DAY]
        assert CalendarDay.objects.filter(day=DAY).exists()
        again = self.kept(response)
        assert client.post(reverse("calendar_import_apply"), {"kept": again, "act": "Указ"}).status_code == 302
        assert not CalendarDay.objects.filter(day=DAY).exists()

    @pytest.mark.parametrize("kept", ["", "made-up", "eyJmaWxlIjoiIn0:1:x"])
    def test_believes_only_what_it_has_shown(self, lib, kept):
        response = drafting.signed_in(lib.methodologist).post(
            reverse("calendar_import_apply"), {"kept": kept, "act": "Указ"}
        )
        assert (response.status_code, response.url) == (302, reverse("calendar_import"))

    def test_says_what_is_wrong_with_a_file_beside_it(self, lib):
        client = drafting.signed_in(lib.methodologist)
        for data in (b"<calendar/>", b"\x00", b"<!DOCTYPE x><calendar year='2026'/>"):
            assert "file" in self.upload(client, data).context["form"].errors
        assert "file" in client.post(reverse("calendar_import"), {}).context["form"].errors

    def test_says_when_there_is_nothing_to_apply(self, lib):
        response = self.upload(drafting.signed_in(lib.methodologist), tables.xml_of(2026))
        assert response.context["difference"].changes == ()
        assert reverse("calendar_import_apply") not in response.content.decode()
