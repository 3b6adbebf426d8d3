"""Every editable fact of an entry, taken from the desk's form through every place.

Which facts there are is read from the fields of the models: a new one fails here until
it has two values of its own, and is then looked for in every place.
"""

import csv
import io
import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from icctracker.imports.first_record import load_council_record
from icctracker.models import Criterion, Evidence, Finding, Membership, Source
from tests.admin.pages import page
from tests.contracts.browser import fields_of, text_of
from tests.factories import make_criterion, make_situation, make_user

pytestmark = pytest.mark.django_db

FORGOTTEN = "is not told there"
# What is no fact of an entry but its state, or is copied when it is accepted.
KEPT_BESIDE = {
    "evidence": "id slug verification state version creation_key folded unfinished"
    " submitted_by submitted_at published_at withdrawn_at created_at updated_at",
    "sources": "id evidence",
    "findings": "id evidence coded_twice disputed second_coding coded_by event_date"
    " tier publisher accepted_at retired_at supersedes",
}
MODELS = {"evidence": Evidence, "sources": Source, "findings": Finding}
HOSTS = ("one.example.org", "two.example.org", "three.example.org")
URLS = [f"https://{host}/zq" for host in HOSTS]
# The value of each fact as the entry is logged, and as it is corrected.
VALUES = {
    "occurred_on": (date(2014, 5, 22), date(2014, 6, 23)),
    "kind": ("referral", "deferral"),
    "tier": ("A", "B"),
    "symbol": ("S/2014/777", "S/2014/778"),
    "meeting": ("S/PV.7191", "S/PV.7192"),
    "title": ("The zqtitleqz of an entry", "The zxtitlexz of an entry"),
    # With markup, which is text like any other.
    "summary": ("The <b>zqsummaryqz</b>.", "The <b>zxsummaryxz</b>."),
    "situations": (["syria"], ["darfur"]),
    "actors": (["Zqactorqz"], ["Zxactorxz"]),
    "votes_yes": (11, 9),
    "votes_no": (1, 2),
    "votes_abstain": (3, 4),
    "roll_call": ({}, {}),  # By the totals, of those who sat that year.
    "counter_evidence": ("The zqcounterqz.", "The zxcounterxz."),
    # Of what was published it is not corrected.
    "verification_note": ("The zqnoteqz.", "The zqnoteqz."),
    "sources.position": ([0, 1], [0, 1, 2]),
    "sources.url": (URLS[:2], [URLS[1], URLS[0], URLS[2]]),
    "sources.label": (["Zqlabelqz", "Second"], ["Second", "Zxlabelxz", "Third"]),
    "sources.publisher": (list(HOSTS[:2]), [HOSTS[1], HOSTS[0], HOSTS[2]]),
    "sources.official": ([True, False], [False, False, False]),
    "sources.archived_url": (
        ["https://archive.example.org/zq", ""],
        ["", "https://archive.example.org/zx", ""],
    ),
    "findings.criterion": (["7a"], ["7b"]),
    "findings.effect": ([-2], [1]),
    "findings.form": (["formal"], ["process"]),
    "findings.form_reason": (["The zqformqz."], ["The zxformxz."]),
    "findings.searched_words": (["The zqsearchedqz"], ["The zxsearchedxz"]),
    "findings.occasion": ([True], [False]),
    "findings.pinpoint": (["OP zqpinqz"], ["OP zxpinxz"]),
    "findings.rationale": (["The zqreasonqz."], ["The zxreasonxz."]),
}
# As a page for people says it; None where the absence of the other says it.
SAID = {
    "occurred_on": ("22 May 2014", "23 June 2014"),
    "kind": ("Referral to the Court", "Deferral request (article 16)"),
    "tier": ("A: Official record of the acting body", "B: Other official record"),
    "situations": ("Syrian Arab Republic", "Sudan (Darfur)"),
    "votes_yes": ("11 in favour", "9 in favour"),
    "votes_no": ("1 against", "2 against"),
    "votes_abstain": ("3 abstaining", "4 abstaining"),
    "sources.position": (
        "one.example.org · official · the source the entry rests on",
        "two.example.org · the source the entry rests on",
    ),
    "sources.official": ("· official", None),
    "findings.effect": (
        "Departs from it, or undoes it",
        "Does part of it, or takes a step",
    ),
    "findings.form": ("Formal position", "Process"),
    "findings.occasion": ("an occasion", "not an occasion"),
}
# The history names each by a label.
SAID_IN_HISTORY = SAID | {
    "sources.position": ("Rests on Zqlabelqz", "Rests on Second"),
    "sources.official": ("; official", None),
    "findings.occasion": ("7a, occasion yes", "7b, occasion no"),
    # The second source is the same in both.
    "sources.url": (URLS[:2], URLS[2]),
    "sources.publisher": (list(HOSTS[:2]), HOSTS[2]),
}
PUBLIC = {"counter_evidence"}  # For the reviewer alone, as the form says.
DOWNLOADED = {
    *PUBLIC,
    *("roll_call", "verification_note", "findings.form_reason"),
    *(f"sources.{each}" for each in "label publisher official archived_url".split()),
}
# The totals follow from the votes of the members, the publisher from the address, and
# the note is the curator's, who writes it in the admin.
AT_THE_DESK = {
    *("votes_yes", "votes_no", "votes_abstain"),
    *("sources.publisher", "verification_note"),
}
# Where a fact is not told, as the place is meant today.
NOT_TOLD = {
    "the desk's form": AT_THE_DESK,
    "the page of the draft": {"verification_note"},
    "the form of the correction": AT_THE_DESK,
    "the admin's form": {"roll_call", "sources.publisher"},
    "the edition": PUBLIC,
    "the edition of the correction": PUBLIC,
    "the public page": PUBLIC,
    "the page once it is corrected": PUBLIC,
    "the public history": PUBLIC,
    "the history of the correction": {*PUBLIC, "verification_note"},
    "the JSON download": DOWNLOADED,
    # One line for an entry: of a finding it has the criterion and the effect.
    "the CSV download": {
        *DOWNLOADED,
        *(f"findings.{each}" for each in "form occasion pinpoint rationale".split()),
        "findings.searched_words",
    },
    # The publisher follows from the address.
    "the exported file": {"sources.publisher"},
}


def facts():
    """Every editable fact, from the fields of the models."""
    for noun, model in MODELS.items():
        beside = set(KEPT_BESIDE[noun].split())
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if field.name not in beside:
                yield field.name if noun == "evidence" else f"{noun}.{field.name}"


def test_every_editable_fact_has_two_values():
    assert set(facts()) == set(VALUES)


class Trip:
    """An entry on its way: what each place tells of it, and what it should."""

    def __init__(self):
        make_criterion("7a")
        make_criterion("7b")
        make_situation("syria", "Syrian Arab Republic")
        make_situation("darfur", "Sudan (Darfur)")
        self.values = [{name: pair[n] for name, pair in VALUES.items()} for n in (0, 1)]
        self.said = [dict(SAID), dict(SAID_IN_HISTORY)]
        self._vote()
        self.clients = {}
        for role in ("researcher", "reviewer", "curator"):
            self.clients[role] = Client()
            self.clients[role].force_login(make_user(role))
        self.told = {}

    def _vote(self):
        """Members of that year vote as the totals say."""
        sat = Membership.objects.filter(year=2014).order_by("member__name")
        codes = [row.member.code for row in sat if row.member.permanent]
        others = [row.member for row in sat if not row.member.permanent]
        against = others[:1], others[1:3]
        for values, no in zip(self.values, against, strict=True):
            abstain = others[-values["votes_abstain"] :]
            cast = dict.fromkeys([*codes, *(each.code for each in others)], "Y")
            cast |= {member.code: "N" for member in no}
            values["roll_call"] = cast | {member.code: "A" for member in abstain}
        names = [f"Against: {', '.join(m.name for m in no)}" for no in against]
        for said in self.said:
            said["roll_call"] = names

    @property
    def entry(self):
        return Evidence.objects.earliest("pk")

    def expect(self, place, told, values, **other):
        self.told[place] = (told, values | other)

    def read(self, place, response, number, said=0, **other):
        """What a page for people says, in the words for each fact."""
        said_there, sent = text_of(response), response.content.decode()
        told, wanted = {}, self.values[number] | other
        for fact, value in wanted.items():
            # The address of a link is in no text.
            text = sent if fact.endswith("url") and not said else said_there
            words = self.words(fact, number, said)
            if words is None:
                others = self.words(fact, 1 - number, said)
                found = all(word not in text for word in others)
            else:
                found = all(word in text for word in words)
            told[fact] = value if found else FORGOTTEN
        self.told[place] = (told, wanted)

    def words(self, fact, number, said):
        """The words for a fact, by which it is told from every other."""
        value = self.said[said].get(fact, (self.values[0][fact], self.values[1][fact]))
        words = value[number]
        if words is None:
            return None
        return [
            each for each in (words if isinstance(words, list) else [words]) if each
        ]

    def post(self, role, path, data):
        response = self.clients[role].post(path, data)
        assert response.status_code == 302, text_of(response)[:3000]
        return response


def posted(values):
    """The fields of the desk's form that say this."""
    plain = "kind tier symbol meeting title summary counter_evidence".split()
    data = {name: [str(values[name])] for name in plain}
    data |= {name: [str(values[name])] for name in values if name.startswith("votes_")}
    data["occurred_on"] = [values["occurred_on"].isoformat()]
    data["situations"] = values["situations"]
    data["actor_names"] = ["\n".join(values["actors"])]
    data["new_actors"] = values["actors"]
    data |= {f"roll-{code}": [cast] for code, cast in values["roll_call"].items()}
    for noun in ("sources", "findings"):
        rows = rows_of(values, noun)
        data[f"{noun}-TOTAL_FORMS"] = [str(len(rows))]
        for number, row in enumerate(rows):
            for name, value in row.items():
                data[f"{noun}-{number}-{name}"] = as_posted(noun, name, value)
    return data


def rows_of(values, noun):
    names = [name for name in values if name.startswith(noun)]
    columns = [values[name] for name in names]
    names = [name.partition(".")[2] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def as_posted(noun, name, value):
    if isinstance(value, bool):
        return ["on"] if value else []
    if name == "criterion":
        return [str(Criterion.objects.get(code=value).pk)]
    return [str(value)]


def told_by_form(fields):
    """The facts that a form of the desk holds, read from its fields."""
    told = {}
    for fact in VALUES:
        noun, _dot, name = fact.rpartition(".")
        key = {"actors": "actor_names"}.get(name, name)
        if noun:
            count = int(fields[f"{noun}-TOTAL_FORMS"][0])
            rows = [fields.get(f"{noun}-{number}-{name}") for number in range(count)]
            if None not in rows:
                told[fact] = [row[0] if row else "" for row in rows]
        elif key in fields:
            told[fact] = fields[key]
    if "sources.url" in told:
        order = [str(number) for number in range(len(told["sources.url"]))]
        told.setdefault("sources.position", order)
    told["roll_call"] = {
        name.removeprefix("roll-"): value[0]
        for name, value in fields.items()
        if name.startswith("roll-") and value
    }
    return told


def typed(values):
    """The values of the facts as a form holds them."""
    found = {}
    for fact, value in values.items():
        noun, _dot, name = fact.rpartition(".")
        if fact == "roll_call":
            found[fact] = value
        elif fact == "actors":
            found[fact] = ["\n".join(value)]
        elif noun:
            rows = [as_posted(noun, name, each) for each in value]
            found[fact] = [row[0] if row else "" for row in rows]
        else:
            found[fact] = value if isinstance(value, list) else [str(value)]
    return found


def saved(record, findings):
    """The facts of an entry or an edition, by the names of its fields."""
    told = {}
    for fact in VALUES:
        noun, _dot, name = fact.rpartition(".")
        if noun:
            rows = record.sources.all() if noun == "sources" else findings
            has = all(hasattr(row, name) for row in rows)
            told[fact] = [_plain(getattr(row, name)) for row in rows] if has else None
        elif hasattr(record, name):
            value = getattr(record, name)
            told[fact] = _names(value) if hasattr(value, "all") else value
    return told


def _plain(value):
    return getattr(value, "code", value)


def _names(rows):
    return [getattr(each, "slug", str(each)) for each in rows.all()]


def current(entry):
    return entry.findings.filter(retired_at__isnull=True)


@pytest.fixture(scope="module")
def trip(standing_database, council_folder):
    load_council_record(council_folder)
    trip = Trip()
    log(trip)
    mend_in_the_admin(trip)
    publish(trip)
    download(trip)
    import_again(trip)
    correct(trip)
    restore(trip)
    return trip


def log(trip):
    """From the form to a draft, to the form again, to the reviewer."""
    first = trip.values[0] | {"verification_note": ""}
    desk, new = trip.clients["researcher"], reverse("evidence-create")
    form = fields_of(desk.get(new))
    trip.post("researcher", new, form | posted(first) | {"save": "1"})
    trip.expect("the draft", saved(trip.entry, current(trip.entry)), first)
    edit = reverse("evidence-update", args=[trip.entry.pk])
    form = fields_of(desk.get(edit))
    trip.expect("the desk's form", told_by_form(form), typed(first))
    own = reverse("desk-evidence", args=[trip.entry.pk])
    trip.read("the page of the draft", desk.get(own), 0, verification_note="")
    trip.post("researcher", edit, form | {"submit": "1"})
    trip.expect("what is submitted", saved(trip.entry, current(trip.entry)), first)


def mend_in_the_admin(trip):
    """The curator adds what remains to be checked, and leaves the rest alone."""
    admin = page("evidence", "change", trip.entry.pk)
    form = fields_of(trip.clients["curator"].get(admin))
    first, entry = trip.values[0], trip.entry
    told = told_by_form(form) | {"actors": form["actors"]}
    told["situations"] = form["situations"]
    wanted = typed(first) | {"verification_note": [""]}
    wanted["actors"] = [str(each.pk) for each in entry.actors.all()]
    wanted["situations"] = [str(each.pk) for each in entry.situations.all()]
    count = len(first["sources.url"])
    for noun in ("sources", "findings"):
        # Empty rows for more are no rows.
        told |= {
            fact: rows[:count] for fact, rows in told.items() if fact.startswith(noun)
        }
    if told["occurred_on"] == ["22/05/2014"]:
        told["occurred_on"] = ["2014-05-22"]
    trip.expect("the admin's form", told, wanted)
    note = {"verification_note": first["verification_note"]}
    trip.post("curator", admin, form | note)
    trip.expect("what the admin saved", saved(trip.entry, current(trip.entry)), first)
    review = reverse("review-evidence", args=[entry.pk])
    trip.read("the reviewer's page", trip.clients["reviewer"].get(review), 0)


def publish(trip):
    entry = trip.entry
    review = reverse("review-evidence", args=[entry.pk])
    form = fields_of(trip.clients["reviewer"].get(review))
    trip.post("reviewer", review, form | {"outcome": "publish", "checked": "on"})
    trip.expect("what is published", saved(trip.entry, current(entry)), trip.values[0])
    show(trip, 0, "the edition", "the public page", "the public history")


def show(trip, number, edition, public, history):
    """The edition that stands, and what readers are shown."""
    entry, reader = trip.entry, Client()
    standing = entry.editions.get(until=None)
    trip.expect(edition, saved(standing, current(entry)), trip.values[number])
    trip.read(public, reader.get(reverse("evidence-detail", args=[entry.slug])), number)
    answer = reader.get(reverse("evidence-history", args=[entry.slug]))
    newest = answer.content.decode().split('<section class="step"')[1]
    answer.content = newest.encode()
    trip.read(history, answer, number, said=1)


def download(trip):
    """The two downloads for readers."""
    first = trip.values[0]
    answer = Client().get(reverse("evidence-download", args=["json"]))
    record = json.loads(answer.getvalue())["evidence"][0]
    told = {name: record[name] for name in VALUES if name in record}
    told["occurred_on"] = date.fromisoformat(record["date"])
    told["sources.url"] = record["sources"]
    told["sources.position"] = list(range(len(record["sources"])))
    for fact in VALUES:
        noun, _dot, name = fact.rpartition(".")
        if noun == "findings" and name in record["findings"][0]:
            told[fact] = [row[name] for row in record["findings"]]
    trip.expect("the JSON download", told, first)
    answer = Client().get(reverse("evidence-download", args=["csv"]))
    row = next(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    told |= {name: row[name] for name in VALUES if name in row}
    told |= {name: int(row[name]) for name in VALUES if name.startswith("votes_")}
    told["occurred_on"] = date.fromisoformat(row["date"])
    told |= {name: row[name].split("; ") for name in ("situations", "actors")}
    told["sources.url"] = row["sources"].split("; ")
    code, effect = row["findings"].split()
    told = {
        name: value for name, value in told.items() if not name.startswith("findings")
    } | {"findings.criterion": [code], "findings.effect": [int(effect)]}
    trip.expect("the CSV download", told, first)


def import_again(trip):
    """From the exported file to another entry that says the same."""
    curator = trip.clients["curator"]
    answer = curator.post(page("evidence", "export"), {"format": "0", "resource": "0"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    trip.expect("the exported file", told_by_row(rows[0]), trip.values[0])
    # Under another address and title, else it is left alone as being there already.
    again = rows[0] | {"slug": "again", "title": "The zqtitleqz once more"}
    file = io.StringIO()
    writer = csv.DictWriter(file, list(again))
    writer.writeheader()
    writer.writerow(again)
    upload = SimpleUploadedFile("again.csv", file.getvalue().encode())
    data = {"import_file": upload, "resource": "0"}
    answer = curator.post(page("evidence", "import"), data)
    assert "confirm_form" in answer.context, text_of(answer)[-3000:]
    trip.post("curator", page("evidence", "process_import"), fields_of(answer))
    entry = Evidence.objects.get(slug="again")
    told, title = saved(entry, current(entry)), again["title"]
    trip.expect("what is imported again", told, trip.values[0] | {"title": title})


def told_by_row(row):
    """The facts in one row of an exported file."""
    told = {name: row[name] for name in VALUES if name in row}
    told["occurred_on"] = date.fromisoformat(row["occurred_on"])
    told |= {name: int(row[name]) for name in VALUES if name.startswith("votes_")}
    told |= {name: row[name].splitlines() for name in ("situations", "actors")}
    votes = [line.split(" | ") for line in row["roll_call"].splitlines()]
    told["roll_call"] = dict(votes)
    lines = [line.split(" | ") for line in row["sources"].splitlines()]
    lines = [[*line, "", ""][:4] for line in lines]
    told["sources.position"] = list(range(len(lines)))
    told["sources.url"] = [line[0] for line in lines]
    told["sources.label"] = [line[1] for line in lines]
    told["sources.official"] = [line[2] == "official" for line in lines]
    told["sources.archived_url"] = [line[3] for line in lines]
    names = (
        "criterion effect form occasion pinpoint form_reason searched_words rationale"
    ).split()
    line = dict(zip(names, row["findings"].split(" | "), strict=True))
    line["searched_words"] = line["searched_words"].removeprefix("searched: ")
    line |= {"effect": int(line["effect"]), "occasion": line["occasion"] == "occasion"}
    return told | {f"findings.{name}": [value] for name, value in line.items()}


def correct(trip):
    """From the form of the correction to what readers are shown."""
    entry = trip.entry
    path = reverse("evidence-correct", args=[entry.pk])
    form = fields_of(trip.clients["curator"].get(path))
    trip.expect("the form of the correction", told_by_form(form), typed(trip.values[0]))
    second = form | posted(trip.values[1]) | {"reason": "It was otherwise."}
    trip.post("curator", path, second | {"save": "1"})
    told = saved(trip.entry, current(entry))
    trip.expect("what is corrected", told, trip.values[1])
    places = "the edition of the correction", "the page once it is corrected"
    show(trip, 1, *places, "the history of the correction")


def restore(trip):
    """From the first edition back into the entry, and into a new edition."""
    entry = trip.entry
    path = reverse("evidence-restore", args=[entry.pk, 1])
    form = fields_of(trip.clients["curator"].get(path))
    trip.post("curator", path, form | {"reason": "The first was right."})
    # What is for the reviewer stands in no edition, and stays as it is.
    kept = {"counter_evidence": trip.values[1]["counter_evidence"]}
    told = saved(trip.entry, current(entry))
    trip.expect("what is restored", told, trip.values[0] | kept)
    told = saved(entry.editions.get(until=None), current(entry)) | kept
    trip.expect("the edition of what is restored", told, trip.values[0] | kept)


PLACES = [
    *("the draft", "the desk's form", "the page of the draft", "what is submitted"),
    *("the admin's form", "what the admin saved", "the reviewer's page"),
    *("what is published", "the edition", "the public page", "the public history"),
    *("the JSON download", "the CSV download", "the exported file"),
    *("what is imported again", "the form of the correction", "what is corrected"),
    *("the edition of the correction", "the page once it is corrected"),
    *("the history of the correction", "what is restored"),
    "the edition of what is restored",
]


@pytest.mark.parametrize("place", PLACES)
def test_no_fact_is_forgotten(trip, place):
    told, wanted = trip.told[place]
    exempt = NOT_TOLD.get(place, set())

    wrong = {
        fact: told.get(fact, FORGOTTEN)
        for fact in wanted
        if fact not in exempt and told.get(fact, FORGOTTEN) != wanted[fact]
    }

    assert not wrong, f"{place}: {wrong}"


@pytest.mark.parametrize("place", NOT_TOLD)
def test_what_is_not_told_in_a_place_is_not_told_there(trip, place):
    told, wanted = trip.told[place]

    assert not {fact for fact in NOT_TOLD[place] if told.get(fact) == wanted[fact]}, (
        place
    )


def test_every_place_was_reached(trip):
    assert set(trip.told) == set(PLACES)
