"""A State is known by every name it has or had, however files and people write it."""

import csv

import pytest
from django.conf import settings

from icctracker.models import Actor, Document, Import
from icctracker.readings.naming import Names
from icctracker.texts import states
from icctracker.web.desk.beside import look_up
from icctracker.web.kit.filters import DocumentFilter, EvidenceFilter
from tests.factories import make_evidence

MEMBERS = settings.BASE_DIR / "fixtures" / "council" / "members.csv"
WRITTEN = {
    "Congo, Democratic Republic of the": "COD",
    "Congo (Democratic Republic of the)": "COD",
    "DRC": "COD",
    "Zaire": "COD",
    "Congo": "COG",
    "Congo, Republic of the": "COG",
    "Korea, Republic of": "KOR",
    "Korea, Democratic People's Republic of": "PRK",
    "South Korea": "KOR",
    "Russia": "RUS",
    "USSR": "RUS",
    "U.S.S.R.": "RUS",
    "Soviet Union": "RUS",
    "UK": "GBR",
    "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND": "GBR",
    "Turkey": "TUR",
    "Turkiye": "TUR",
    "Cote d'Ivoire": "CIV",
    "Côte d’Ivoire": "CIV",
    "Ivory Coast": "CIV",
    "Libyan Arab Republic": "LBY",
    "Libyan Arab Jamahiriya": "LBY",
    "Democratic Yemen": "YEM",
    "Gambia, The": "GMB",
    "The Gambia": "GMB",
    "Iran, Islamic Republic of": "IRN",
    "Iran (Islamic Republic of)": "IRN",
    "Tanzania, United Republic of": "TZA",
    "Germany, Federal Republic of": "DEU",
    "German Democratic Republic": "DDR",
    "Macedonia, the former Yugoslav Republic of": "MKD",
    "Czechoslovakia": "CSK",
    "Yugoslavia": "YUG",
    "Holy See": "VAT",
    "State of Palestine": "PSE",
}
CODES = {"SUN": "RUS", "ZAR": "COD", "YMD": "YEM", "BYS": "BLR", " fra ": "FRA"}


class TestTheTable:
    @pytest.mark.parametrize("name", WRITTEN)
    def test_a_name_is_that_of_one_state(self, name):
        assert states.find(name).code == WRITTEN[name]

    @pytest.mark.parametrize("name", ["Ruritania", "", "Republic", "Korea", "Guine"])
    def test_what_names_none_or_several_is_none(self, name):
        assert states.find(name) is None

    def test_no_name_is_that_of_two(self):
        bearers = {}
        for state in states.every().values():
            for name in state.names:
                bearers.setdefault(states.key(name), set()).add(state.code)

        assert [name for name, codes in bearers.items() if len(codes) > 1] == []

    def test_has_all_members_and_observers_and_four_that_were(self):
        every = states.every()

        assert len(every) == 193 + 2 + 4
        assert len({state.m49 for state in every.values()}) == len(every)

    def test_codes_that_were_stand_for_those_that_are(self):
        assert {code: states.of_code(code).code for code in CODES} == CODES

    def test_former_names_have_their_years(self):
        former = {each.text: each for each in states.find("DRC").former}

        assert (former["Zaire"].since, former["Zaire"].until) == (1971, 1997)

    def test_has_whoever_sat_on_the_council_by_the_names_of_the_record(self):
        with MEMBERS.open(encoding="utf-8", newline="") as lines:
            sat = {(row["name"], row["iso3"]) for row in csv.DictReader(lines)}

        wrong = [
            row for row in sat if states.find(row[0]) is not states.of_code(row[1])
        ]

        assert wrong == []


ON_RECORD = [
    "Switzerland and 56 other States",
    "Ministry of Defence",
    "Bolivia",
    "ICC Prosecutor",
]
READ = {
    "Congo, Democratic Republic of the": ["Democratic Republic of the Congo"],
    "France, Congo, Democratic Republic of the, Korea, Republic of": [
        "France",
        "Democratic Republic of the Congo",
        "Republic of Korea",
    ],
    "Congo, Gabon": ["Congo", "Gabon"],
    "Russia": ["Russian Federation"],
    "Cote d'Ivoire\nCôte d’Ivoire": ["Côte d'Ivoire"],
    "Plurinational State of Bolivia": ["Bolivia"],
    "• France\n- Japan\n3. Mali\n(4) Chad\na) Togo": [
        *("France", "Japan", "Mali", "Chad", "Togo")
    ],
    "France, Japan and Mali": ["France", "Japan", "Mali"],
    "France, Japan, and Mali": ["France", "Japan", "Mali"],
    "Trinidad and Tobago and Bosnia and Herzegovina": [
        "Trinidad and Tobago",
        "Bosnia and Herzegovina",
    ],
    "Switzerland and 56 other States": ["Switzerland and 56 other States"],
    "France, Japan and Ruritania": ["France", "Japan", "Ruritania"],
    "Norway and 30 other States": ["Norway and 30 other States"],
    "Movement for Peace and Justice": ["Movement for Peace and Justice"],
    "icc prosecutor; UK": ["ICC Prosecutor", "United Kingdom"],
    " \u200b ,;": [],
}


class TestNamesInAText:
    @pytest.mark.parametrize("text", READ)
    def test_are_read_as_they_are_meant(self, text):
        assert Names(ON_RECORD).read(text) == READ[text]


@pytest.mark.django_db
class TestSearching:
    @pytest.mark.parametrize("text", ["Turkey", "Türkiye", "“Republic of Turkey”"])
    def test_finds_a_state_by_any_name(self, text):
        make_evidence(title="A statement by Turkiye")
        make_evidence(title="A statement by Turkmenistan")
        found = EvidenceFilter({"q": text})

        assert [e.title for e in found.qs] == ["A statement by Turkiye"]

    def test_finds_documents_by_the_name_of_today(self):
        title = "The situation in the Ivory Coast"
        Document.objects.create(
            symbol="S/1", series="vetoed", title=title, imported=_imported()
        )

        found = DocumentFilter({"q": "Cote d'Ivoire"}, queryset=Document.objects.all())

        assert [each.title for each in found.qs] == [title]

    def test_names_that_stand_in_the_names_of_others_are_not_looked_for(self):
        assert "congo" not in states.otherwise("Republic of the Congo")
        assert "niger" not in states.otherwise("Republic of the Niger")

    def test_an_address_may_name_an_actor_otherwise(self):
        actor = Actor.objects.create(name="Türkiye")
        make_evidence(title="By Türkiye", actors=[actor])
        make_evidence(title="By nobody")

        for name in ("Türkiye", "turkiye", "Turkey", "Republic of Turkey"):
            found = EvidenceFilter({"actor": name})
            assert [e.title for e in found.qs] == ["By Türkiye"]
        assert not EvidenceFilter({"actor": "Ruritania"}).is_valid()

    @pytest.mark.parametrize(
        "called", ["ussr", "soviet-union", "russia", "RUS", "SUN", "russian-federation"]
    )
    def test_a_member_has_its_page_by_any_name(self, client, council, called):
        answer = client.get(f"/council/{called}/", follow=True)

        assert answer.status_code == 200
        assert "Russian Federation" in answer.content.decode()

    @pytest.mark.parametrize("text", ["Soviet Union", "USSR", "Russia"])
    def test_the_look_up_knows_it(self, text):
        title = "Statement of the Russian Federation"
        document = Document.objects.create(
            symbol="S/1", series="vetoed", title=title, imported=_imported()
        )
        document.ballots.create(
            imported=document.imported,
            held_on="2024-01-02",
            outcome="vetoed",
            item=1,
            seats=15,
            yes=14,
            no=1,
            abstain=0,
            non_voting=0,
        )

        assert [each.document for each in look_up(text).ballots] == [document]


def _imported():
    return Import.objects.create(source="a file")


def test_a_list_without_end_is_read_in_as_many_steps_as_it_has_names(monkeypatch):
    looked_up = []
    known_as = Names.known_as
    monkeypatch.setattr(
        Names,
        "known_as",
        lambda self, name: looked_up.append(name) or known_as(self, name),
    )

    for between in (", ", " and "):
        looked_up.clear()
        Names(["Norway"]).read(between.join(["Norway", *["somebody"] * 500]))

        assert len(looked_up) < 500 * 12
