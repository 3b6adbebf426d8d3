"""The texts of Council documents, read from files in Akoma Ntoso and kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icctracker.imports import text_runs
from icctracker.imports.akoma import read_file
from icctracker.imports.files import FileRefused
from icctracker.models import (
    Document,
    DocumentText,
    Import,
    ImportRun,
    OtherValue,
    Paragraph,
)
from tests.council_texts import (
    akn,
    annex,
    archive,
    paragraph,
    statement,
    voting,
)

NAME = "S_RES_1593_N0529273.xml"
SYMBOL = "S/RES/1593(2005)"
ADOPTED = (
    '<step date="2005-03-31" outcome="draftResolution" as="S/2005/218"/>'
    '<step date="2005-03-31" outcome="adopted" as="S/PV.5158" by="Adopted 11-0-4"/>'
)


def read(data, name=NAME):
    return read_file(name, data, 2026)


def labels(file):
    return [each.label for each in file.passages if each.label]


def words(file, named):
    return next(each.words for each in file.passages if each.label == named)


class TestWhatAFileSays:
    def test_symbol_day_meeting_item_and_vote_are_read(self):
        file = read(
            akn(
                steps=ADOPTED,
                printed="31 March 2005",
                voting=voting(in_favour=11, abstaining=["ALGERIA", "BRAZIL"]),
                extra='<keyword refersTo="agenda" dictionary="S/"'
                ' showAs="The harbours."/>',
            )
        )

        head = file.head
        assert (head.symbol, head.kind, head.language) == (SYMBOL, "resolution", "en")
        assert (head.held_on.isoformat(), head.meeting) == ("2005-03-31", "S/PV.5158")
        assert (head.agenda_item, head.drafts) == ("The harbours", ["S/2005/218"])
        assert (head.tally, head.outcome, head.job) == (
            (11, 0, 2),
            "adopted",
            "0529273",
        )
        assert ("vote", "11-0-4") in head.others

    def test_a_statement_says_it_in_its_opening(self):
        file = read(statement([("", "“Noted.")]), "S_PRST_2014_5-1424277E.xml")

        head = file.head
        assert (head.symbol, head.kind) == ("S/PRST/2014/5", "statement")
        assert (head.held_on.isoformat(), head.meeting) == ("2014-02-21", "S/PV.7115")
        assert head.agenda_item == "The harbours"
        assert labels(file) == ["PARA 1"]

    @pytest.mark.parametrize(
        ("cover", "address", "name", "symbol"),
        [
            ("", "x/2511-2020", "S_RES_2511_2020-2002954C.xml", "S/RES/2511(2020)"),
            (
                "S/RES/2510 (2019)",
                "x/2510-2020",
                "S_RES_2510_2020-2002184F.xml",
                "S/RES/2510(2020)",
            ),
            ("S/RES/1593 (2005)", "x/1593-2005", "copy.xml", SYMBOL),
            ("S/RES/1593 (2005)", "x/1593-2005", "SC_1593_E.xml", SYMBOL),
            ("S/2023/772", "x/2023-772", "S_2023_772-2320197E.xml", "S/2023/772"),
            (
                "S/PRST/2000/26",
                "x/2000-27-corr.1",
                "S_PRST_2000_27_Corr.1-x.xml",
                "S/PRST/2000/27/Corr.1",
            ),
        ],
    )
    def test_the_name_that_the_un_gave_the_file_has_the_symbol_right(
        self, cover, address, name, symbol
    ):
        kind = "resolution" if "RES" in symbol else "draft"
        kind = "statement" if "PRST" in symbol else kind
        make = statement if kind == "statement" else akn
        first = [[("", "“Noted.")]] if kind == "statement" else []
        data = make(*first, symbol=cover, kind=kind, address=address)

        assert read(data, name).head.symbol == symbol

    def test_the_day_of_the_year_one_is_none(self):
        head = read(akn(date="0001-01-01", printed="31 March 2005")).head

        assert head.held_on.isoformat() == "2005-03-31"
        assert head.others == []

    def test_most_places_decide_the_day_and_the_others_are_told(self):
        head = read(akn(date="2005-03-31", printed="30 March 2005", steps=ADOPTED)).head

        assert head.held_on.isoformat() == "2005-03-31"
        assert head.others == [("date", "2005-03-30")]


class TestWords:
    @pytest.mark.parametrize(
        ("markup", "said"),
        [
            ("Dec<span class='italic'>ides</span>\t\tto  act", "Decides to act"),
            ("no<authorialNote><p>A note.</p></authorialNote>ted", "noted"),
            ("see <a href='http://undocs.org/x'>1970 (2011)</a>", "see 1970 (2011)"),
            ("1<sup>st</sup>", "1st"),
            ("lam\u00adps \u202eand\u202c oil", "lamps and oil"),
            ("&lt;script&gt; &amp; &#8220;all&#8221;", "<script> & “all”"),
            (
                "<container name='table'><table><tr><td>a</td><td>b</td></tr></table>"
                "</container>",
                "a b",
            ),
        ],
    )
    def test_text_is_kept_as_text(self, markup, said):
        assert words(read(akn(main=paragraph("1.", markup))), "OP 1") == said


class TestShapes:
    def test_lists_whose_next_level_follows_the_point(self):
        main = """<paragraph><num>3.</num><list><intro><p>Asks:</p></intro>
          <point><num>(a)</num><content><p>light;</p></content></point>
          <sublist><point><num>(i)</num><content><p>at dusk;</p></content></point>
            <sublist><point><num>•</num><content><p>or so;</p></content></point>
          </sublist></sublist>
          <point><num>(b)</num><content><p>snuff;</p></content></point>
          <wrapUp><p>every day;</p></wrapUp></list></paragraph>"""

        file = read(akn(main=main))

        assert labels(file)[2:] == [
            *("OP 3", "OP 3 (a)", "OP 3 (a) (i)", "OP 3 (a) (i) [1]", "OP 3 (b)")
        ]
        assert words(file, "OP 3 (b)") == "snuff;\nevery day;"

    def test_the_next_operative_paragraph_may_stand_inside_a_list(self):
        main = f"""<paragraph><num>1.</num><list><intro><p>Asks:</p></intro>
          <point><num>(a)</num><content><p>light;</p></content></point>
          {paragraph("2.", "Ends.")}</list></paragraph>"""

        assert labels(read(akn(main=main)))[2:] == ["OP 1", "OP 1 (a)", "OP 2"]

    def test_points_may_be_plain_paragraphs(self):
        numbers = "1. (a) (i) (ii) – (b) 2.".split()
        main = "".join(paragraph(number, "Words;") for number in numbers)

        assert labels(read(akn(main=main)))[2:] == [
            *("OP 1", "OP 1 (a)", "OP 1 (a) (i)", "OP 1 (a) (ii)"),
            *("OP 1 (a) (ii) [1]", "OP 1 (b)", "OP 2"),
        ]

    @pytest.mark.parametrize(
        ("heading", "is_one"),
        [
            ("<paragraph class='H23'><subheading>Lamps</subheading></paragraph>", True),
            ("<paragraph><num>A.</num><heading>Lamps</heading></paragraph>", True),
            (paragraph("", "Lamps", class_="H1"), True),
            (paragraph("(d)", "Lamps", class_="H4"), False),
            (paragraph("", "Lamps"), False),
        ],
    )
    def test_headings(self, heading, is_one):
        main = f"{paragraph('1.', 'Decides;')}{heading}{paragraph('2.', 'Ends.')}"

        found = [each for each in read(akn(main=main)).passages if each.is_heading]

        assert bool(found) == is_one

    def test_a_preamble_with_points_and_operative_paragraphs(self):
        inner = """<blockList><listIntroduction>Acting:</listIntroduction>
          <item><num>1.</num><p>Decides;</p></item>
          <item><num>2.</num><p>Asks:</p></item></blockList>"""
        points = """<blockList><listIntroduction>Noting:</listIntroduction>
          <item><num>(a)</num><p>lamps,</p></item></blockList>"""
        data = akn(main=paragraph("(a)", "to look.") + paragraph("3.", "Ends."))
        containers = f"<container>{points}</container><container>{inner}</container>"
        data = data.replace(b"</preamble>", f"{containers}</preamble>".encode())

        assert labels(read(data))[2:] == [
            *("PP 3", "PP 3 (a)", "PP 4", "OP 1", "OP 2", "OP 2 (a)", "OP 3")
        ]

    def test_sections(self):
        main = f"""<section><num>A</num><crossHeading>Lamps</crossHeading>
          {paragraph("1.", "Decides;")}</section>
          <section><num>B</num>{paragraph("2.", "Ends.")}</section>"""

        assert labels(read(akn(main=main)))[2:] == [
            "section A, OP 1",
            "section B, OP 2",
        ]

    def test_annexes_in_attachments_and_in_the_body(self):
        apart = read(akn(attachments=annex(paragraph("1.", "A lamp;"), "Annex I")))
        within = paragraph("", "Annex", class_="H1") + paragraph("1.", "A lamp;")
        inside = read(akn(main=paragraph("1.", "Decides.") + within))

        for file in (apart, inside):
            last = file.passages[-1]
            assert (last.place, last.label, last.anchor) == ("annex", "1", "annex-1-1")

    @pytest.mark.parametrize(
        ("language", "numbers"),
        [
            ("fra", "1. a) b) 2."),
            ("rus", "1. a) b) 2."),
            ("ara", "1- (أ) (ب) 2-"),
            ("zho", "1. (a) (b) 2."),
        ],
    )
    def test_other_languages_have_the_labels_of_the_english_text(
        self, language, numbers
    ):
        main = "".join(paragraph(number, "…;") for number in numbers.split())

        assert labels(read(akn(main=main, language=language)))[2:] == [
            *("OP 1", "OP 1 (a)", "OP 1 (b)", "OP 2")
        ]


class TestBrokenFiles:
    @pytest.mark.parametrize("end", ["</docTitle></p>", "</alinea>"])
    def test_an_end_in_the_place_of_that_of_a_paragraph_ends_it(self, end):
        title = f"<paragraph class='H1'><span>Statement</span>{end}"
        data = statement([("", "“First."), ("", "“Second.")])
        data = data.replace(b"<mainBody>", f"<mainBody>{title}".encode())

        file = read(data, "S_PRST_2014_5-1424277E.xml")

        assert file.repaired
        assert labels(file) == ["PARA 1", "PARA 2"]

    def test_of_an_attribute_that_is_repeated_the_first_stands(self):
        data = akn(language="deu").replace(
            b'language="deu"', b'language="deu" language="eng"'
        )

        file = read(data)

        assert (file.repaired, file.head.language) == (True, "de")
        assert labels(file) == ["PP 1", "PP 2", "OP 1", "OP 2"]

    def test_a_file_that_ends_in_the_middle_is_read_as_far_as_it_goes(self):
        whole = akn(operative=[(f"{n}.", f"Decides {n};") for n in range(1, 9)])
        half = whole[: whole.index(b"Decides 5")]

        assert labels(read(half))[-1] == "OP 4"

    def test_one_that_is_not_broken_says_nothing_of_it(self):
        assert not read(akn()).repaired


WHOLE = akn(steps=ADOPTED, attachments=annex(paragraph("1.", "A lamp;"), "Annex"))
TORN = ["<", ">", "</", "/>", "<paragraph>", "</alinea>", "</docTitle>", "&#0;", '"']


@given(
    at=st.integers(0, len(WHOLE)),
    gone=st.integers(0, 200),
    put=st.sampled_from(["", *TORN]),
)
def test_a_file_torn_anywhere_is_read_or_refused_in_words(at, gone, put):
    data = WHOLE[:at] + put.encode() + WHOLE[at + gone :]

    try:
        file = read(data)
    except FileRefused as refused:
        assert str(refused)
    else:
        anchors = [each.anchor for each in file.passages]
        assert len(set(anchors)) == len(anchors)
        assert all(each.words for each in file.passages)


DTD = b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///etc/passwd">]>'


def without(data, *parts):
    for part in parts:
        data = data.replace(part, b"")
    return data


REFUSED = {
    "nothing": (b"", "This is no XML"),
    "a web page": (b"<html><p>Hello.</p></html>", "no document in Akoma Ntoso"),
    "a picture": (b"\x89PNG\r\n\x1a\n\xff\xfe", "not text in UTF-8"),
    "a zero in the middle": (akn().replace(b"lamps", b"la\0mps"), "not text in UTF-8"),
    "another alphabet": (akn().decode().encode("utf-16"), "not text in UTF-8"),
    "entities": (DTD + akn(), "declares a document type"),
    "entities in a broken file": (DTD + akn()[:-40], "declares a document type"),
    "another body": (
        akn("A/RES/60/1", address="x/60-1", author="ga"),
        "is a document of another body: General Assembly",
    ),
    "another kind": (akn(kind="debateReport"), "of a kind that is not read here"),
    "another language": (akn(language="ita"), "Its language is none that is read"),
    "no language": (
        without(akn(), b'<FRBRlanguage language="eng"/>'),
        "Its language is none that is read",
    ),
    "two documents": (
        akn().replace(b"</statement>", b"</statement><statement name='resolution'/>"),
        "Two documents stand in this file",
    ),
    "two files in one": (akn() + akn(), "Two documents stand in this file"),
    "no paragraph": (akn(preamble=(), operative=()), "No paragraph was found"),
    "no symbol": (akn("", address="x"), "gives a document symbol"),
    "another symbol than its name": (
        akn("S/RES/1970 (2011)", address="x/1970-2011"),
        "The name of the file says S/RES/1593(2005), but the file says",
    ),
    "depth": (
        akn(main="<list>" * 2000 + "x" + "</list>" * 2000),
        "deeper or has more parts",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_each_bad_file_is_refused_in_words(case):
    data, said = REFUSED[case]
    name = "text.xml" if case == "no symbol" else NAME
    if case == "another body":
        name = "A_RES_60_1.xml"

    with pytest.raises(FileRefused, match=r"\w") as refused:
        read(data, name)

    assert said in str(refused.value)


ODD = {
    "numbers out of order": (
        akn(operative=[("1.", "A;"), ("3.", "B;"), ("2.", "C.")]),
        ["Before paragraph 3 at least one is missing.", "Paragraph 2 is out of order."],
    ),
    "a number twice": (
        akn(operative=[("1.", "A;"), ("1.", "B.")]),
        ["Paragraph 1 is out of order.", "OP 1 stands twice"],
    ),
    "an annex longer than the text": (
        akn(attachments=annex(paragraph("1.", "lamp " * 200), "Annex")),
        ["An annex (Annex) is longer than the text."],
    ),
    "broken": (akn()[:-30], ["was mended and read as far as it goes"]),
    "two meetings": (akn(steps=ADOPTED.replace("5158", "5159")), ["several meetings"]),
    "votes that do not agree": (
        akn(steps=ADOPTED, voting=voting(in_favour=10, abstaining=4)),
        ["do not agree"],
    ),
}


@pytest.fixture
def bring(tmp_path):
    """Import files by their names; what was found, and what the run says."""

    def run(files, *, writes=True, name="texts", **values):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for each, data in files.items():
            (folder / each).write_bytes(data)
        run = ImportRun(file=name, subject="texts", **values)
        read = text_runs.carry_out_all if writes else text_runs.check_all
        found = read(run, [folder], tmp_path / "report.jsonl")
        for each in files:
            (folder / each).unlink()
        return [each for each in found.report], found.report.counts, run

    return run


def said(findings, kind):
    return [each.message for each in findings if each.kind == kind]


@pytest.mark.django_db
@pytest.mark.usefixtures("council")
class TestKeeping:
    def test_a_text_is_kept_with_its_paragraphs_and_where_it_comes_from(self, bring):
        _found, counts, run = bring({NAME: akn()})

        text = DocumentText.objects.get()
        assert (text.document.symbol, text.language) == (SYMBOL, "en")
        assert (text.source, text.job, text.is_typed) == (NAME, "0529273", False)
        assert "United Nations" in text.imported.credit
        assert [each.label for each in text.paragraphs.all()] == [
            *("", "PP 1", "PP 2", "OP 1", "OP 2")
        ]
        assert counts == {"new": 1}
        assert (run.state, run.holds_lock) == ("done", False)

    def test_twice_changes_nothing(self, bring):
        bring({NAME: akn()})
        before = list(Paragraph.objects.values_list("pk", "words"))

        _found, counts, _run = bring({NAME: akn()})

        assert counts == {"same": 1}
        assert list(Paragraph.objects.values_list("pk", "words")) == before
        assert Import.objects.filter(source="texts").count() == 1

    def test_a_look_writes_nothing(self, bring):
        _found, counts, _run = bring({NAME: akn()}, writes=False)

        assert counts == {"new": 1}
        assert not DocumentText.objects.exists()
        assert not ImportRun.objects.exists()

    def test_languages_stand_side_by_side(self, bring):
        bring({NAME: akn(), "S_RES_1593_F.xml": akn(language="fra")})

        languages = DocumentText.objects.values_list("language", flat=True)
        assert sorted(languages) == ["en", "fr"]

    def test_two_files_of_one_job_number_are_one_text(self, bring):
        other = akn(operative=[("1.", "Decides otherwise.")])

        found, counts, _run = bring({NAME: akn(), "S_RES_1593_again.xml": other})

        assert counts == {"new": 1, "passed": 1}
        assert said(found, "passed") == [f"The same text as {NAME}."]

    def test_another_version_is_told_and_what_is_kept_stays(self, bring):
        bring({NAME: akn()})
        other = akn(operative=[("1.", "Decides otherwise.")], job="05-99999 (E)")

        found, _counts, _run = bring({NAME: other})

        assert "Another version of a text that is kept" in said(found, "doubt")[0]
        assert Paragraph.objects.filter(words__contains="lamps").exists()

    def test_another_version_takes_its_place_where_one_says_so(self, bring):
        bring({NAME: akn()})
        other = akn(operative=[("1.", "Decides otherwise.")])

        _found, counts, _run = bring({NAME: other}, replaces=True)

        assert counts == {"changed": 1}
        assert not Paragraph.objects.filter(words__contains="lamps").exists()
        assert DocumentText.objects.count() == 1

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            (
                "S_RES_2999_2026-x.xml",
                akn("S/RES/2999 (2026)", address="x/2999-2026"),
                "A resolution that is not in the catalogue.",
            ),
            (
                "S_PRST_2014_5-1424277E.xml",
                statement([("", "“Noted.")]),
                "A statement by the President that is not in the catalogue.",
            ),
            (
                "S_2023_772-2320197E.xml",
                akn("S/2023/772", kind="draft", address="x/2023-772"),
                "A draft that was not adopted and is not in the catalogue.",
            ),
        ],
    )
    def test_a_document_that_the_catalogue_lacks_is_told_and_kept_out(
        self, bring, name, data, words
    ):
        found, counts, _run = bring({name: data})

        assert (said(found, "passed"), counts) == ([words], {"passed": 1})
        assert not DocumentText.objects.exists()

    def test_one_bad_file_keeps_no_other_out(self, bring):
        found, counts, _run = bring({"S_RES_1_x.xml": b"no", NAME: akn()})

        assert counts == {"fault": 1, "new": 1}
        assert said(found, "fault") == ["This is no XML."]

    def test_nothing_of_a_document_is_kept_where_some_cannot_be(
        self, bring, monkeypatch
    ):
        label = Paragraph._meta.get_field("anchor")
        monkeypatch.setattr(label, "pre_save", lambda instance, add: "the same")

        found, counts, _run = bring({NAME: akn()})

        assert counts == {"fault": 1}
        assert "Import the file again" in said(found, "fault")[0]
        assert not DocumentText.objects.exists()
        assert not Import.objects.filter(source="texts").exists()

    @pytest.mark.parametrize("case", ODD)
    def test_what_is_odd_is_told_and_the_text_is_kept(self, bring, case):
        data, told = ODD[case]

        found, counts, _run = bring({NAME: data})

        assert counts["new"] == 1
        for sentence, each in zip(told, said(found, "doubt"), strict=True):
            assert sentence in each

    @pytest.mark.parametrize(
        ("data", "field", "says"),
        [
            (
                akn(date="2005-04-01"),
                "date",
                "UN machine-readable file dates it 2005-04-01",
            ),
            (
                akn(meeting="5159"),
                "meeting",
                "UN machine-readable file, meeting: S/PV.5159",
            ),
            (
                akn(voting=voting(in_favour=12, abstaining=3)),
                "vote",
                "UN machine-readable file counts 12-0-3",
            ),
            (
                akn(
                    voting=voting(
                        in_favour=11,
                        abstaining=["ALGERIA", "BRAZIL", "CHINA", "FRANCE"],
                    )
                ),
                "vote",
                "UN machine-readable file, abstaining: ALGERIA, BRAZIL, CHINA, FRANCE",
            ),
            (
                akn(steps=ADOPTED.replace("S/2005/218", "S/2005/999")),
                "other",
                "UN machine-readable file, draft: S/2005/999",
            ),
            (
                akn("S/RES/1593 (2004)", address="x/1593-2005"),
                "other",
                "UN machine-readable file in English gives the symbol S/RES/1593(2004)",
            ),
        ],
    )
    def test_what_contradicts_the_record_is_kept_beside_and_listed(
        self, bring, data, field, says
    ):
        document = Document.objects.get(symbol=SYMBOL)
        before = list(document.ballots.values())

        _found, counts, _run = bring({NAME: data})

        other = document.other_values.get()
        assert (other.field, other.says) == (field, says)
        assert (counts["conflict"], counts["new"]) == (1, 1)
        assert list(document.ballots.values()) == before
        assert bring({NAME: data})[1]["known"] == 1
        assert OtherValue.objects.filter(document=document).count() == 1

    def test_what_agrees_with_the_record_leaves_no_other_value(self, bring):
        names = ["ALGERIA", "BRAZIL", "CHINA", "UNITED STATES"]

        bring({NAME: akn(steps=ADOPTED, voting=voting(in_favour=11, abstaining=names))})

        assert not OtherValue.objects.filter(document__symbol=SYMBOL).exists()


def zipped(tmp_path, files):
    path = tmp_path / "texts.zip"
    path.write_bytes(archive(files))
    return path


def run_on(path, tmp_path):
    run = ImportRun(file=path.name, subject="texts")
    return text_runs.carry_out(run, path, tmp_path / "report.jsonl").report


@pytest.mark.django_db
@pytest.mark.usefixtures("council")
class TestArchives:
    def test_texts_are_read_and_all_else_is_passed_over(self, tmp_path):
        files = {f"2005/English/{NAME}": akn(), "test": b"", "desktop.ini": b"x"}

        report = run_on(zipped(tmp_path, files), tmp_path)

        assert report.counts == {"new": 1, "passed": 2}

    def test_a_name_that_leads_out_of_the_archive_is_only_a_name(self, tmp_path):
        files = {f"../../{NAME}": akn()}

        report = run_on(zipped(tmp_path, files), tmp_path)

        assert report.counts == {"new": 1}
        assert not (tmp_path.parent / NAME).exists()

    def test_one_that_holds_200_mb_is_refused_before_it_is_read(self, tmp_path):
        heavy = {f"{n}.xml": b" " * 1024 * 1024 * 4 for n in range(51)}

        with pytest.raises(FileRefused, match="import it in parts"):
            run_on(zipped(tmp_path, heavy), tmp_path)

        assert ImportRun.objects.get().state == "refused"

    def test_a_part_that_unpacks_to_far_more_than_a_text_is_left_out(self, tmp_path):
        files = {NAME: b" " * 1024 * 1024 * 4, "S_RES_741_x.xml": b"no"}

        report = run_on(zipped(tmp_path, files), tmp_path)

        assert "far more than any text" in said(report, "fault")[0]

    def test_a_broken_archive_is_refused_in_words(self, tmp_path):
        path = zipped(tmp_path, {NAME: akn()})
        data = path.read_bytes()
        path.write_bytes(data[:40] + b"\xff" * 40 + data[80:])

        report = run_on(path, tmp_path)

        assert "cannot be unpacked" in said(report, "fault")[0]

    def test_one_without_texts_is_refused(self, tmp_path):
        with pytest.raises(FileRefused, match="No file there ends in .xml"):
            run_on(zipped(tmp_path, {"a.txt": b""}), tmp_path)

    def test_links_out_of_a_folder_are_not_followed(self, tmp_path):
        (tmp_path / "elsewhere.xml").write_bytes(akn())
        folder = tmp_path / "texts"
        folder.mkdir()
        (folder / NAME).symlink_to(tmp_path / "elsewhere.xml")

        with pytest.raises(FileRefused, match="No file there"):
            run_on(folder, tmp_path)

    def test_a_run_that_is_stopped_says_that_what_was_read_is_kept(
        self, tmp_path, monkeypatch
    ):
        def die(*_args):
            raise KeyboardInterrupt

        monkeypatch.setattr(text_runs, "AT_ONCE", 1)
        monkeypatch.setattr(text_runs.runs.Pulse, "__call__", die)
        with pytest.raises(KeyboardInterrupt):
            run_on(zipped(tmp_path, {NAME: akn()}), tmp_path)

        run = ImportRun.objects.get()
        assert run.get_state_display().endswith("what was read before is kept")
        assert (run.holds_lock, DocumentText.objects.count()) == (False, 1)
