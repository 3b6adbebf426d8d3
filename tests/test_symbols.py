import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icctracker.texts.symbols import (
    COURT_RECORD,
    CRIMINAL_COURT,
    DOCUMENT,
    FIRST_RESOLUTIONS,
    FIRST_YEAR,
    GENERAL_ASSEMBLY,
    HUMAN_RIGHTS_COUNCIL,
    LAST_RESOLUTION,
    LAST_YEAR,
    MEETING_RECORD,
    PRESIDENTIAL_STATEMENT,
    PRESS_RELEASE,
    PRESS_SERVICE,
    RESOLUTION,
    SECURITY_COUNCIL,
    STATES_PARTIES,
    UNITED_NATIONS,
    SymbolError,
    UnknownSymbol,
    link,
    normalise,
    read,
)

RESOLUTION_1593 = [
    "S/RES/1593(2005)",
    "S/RES/1593 (2005)",
    "s/res/1593(2005)",
    "S/RES/1593",
    "S / RES / 1593 (2005)",
    "S/RES/1593 2005",
    "S/RES/1593/2005",
    "S/RES 1593",
    "SRES1593",
    "SCR 1593",
    "UNSCR 1593",
    "UNSC res. 1593 (2005)",
    "UNSC Res 1593 (31 March 2005)",
    "S.C. Res. 1593",
    "U.N.S.C. Res. 1593",
    "resolution 1593",
    "Resolution No. 1593 of 2005",
    "Security Council resolution 1593 (2005)",
    "United Nations Security Council resolution 1593",
    "resolution S/RES/1593 (2005)",
    "1593 (2005)",
    "r\u00e9solution 1593 (2005)",
    "resoluci\u00f3n 1593 (2005)",
    "S/RES/1593 (2005) of 31 March 2005",
    "resolution 1593 (2005), of 31 March 2005",
    "UN Doc. S/RES/1593 (2005).",
    "\u201cS/RES/1593 (2005)\u201d",
    "S/RES/1593\u00a0(2005)",
    "S/\u200bRES/1593\ufeff(2005)",
    "\uff33\uff0f\uff32\uff25\uff33\uff0f\uff11\uff15\uff19\uff13\uff08\uff12\uff10\uff10\uff15\uff09",
    "S\u2215RES\u20441593",
    "S/RES/\u0661\u0665\u0669\u0663",
    "https://undocs.org/en/S/RES/1593(2005)",
    "http://www.undocs.org/S/RES/1593%20(2005)",
    "undocs.org/S/RES/1593",
    "https://undocs.org/Home/Mobile?FinalSymbol=S%2FRES%2F1593(2005)&Language=E",
    "https://daccess-ods.un.org/access.nsf/Get?Open&DS=S/RES/1593(2005)&Lang=E",
    "https://main.un.org/securitycouncil/en/s/res/1593-%282005%29",
    "http://unscr.com/en/resolutions/1593",
    "https://undocs.org/en/S/RES/1593 (2005)",
    "<https://undocs.org/en/S/RES/1593(2005)>",
    "https://digitallibrary.un.org/record/1/files/S_RES_1593%282005%29-EN.pdf",
    "S_RES_1593(2005)-EN.pdf",
    "UNSC Res 1593 (31 March 2005) UN Doc S/RES/1593",
    "S.C. Res. 1593, U.N. Doc. S/RES/1593 (Mar. 31, 2005)",
]

SPELLINGS = [
    ("S/2014/348", "s/2014/348"),
    ("S/2014/348", "https://docs.un.org/en/S/2014/348"),
    ("S/2014/348", "HTTPS://DOCS.UN.ORG/FR/S/2014/348?x=1#top"),
    ("S/2014/348", "draft resolution S/2014/348"),
    ("S/2014/348", "S/2014/0348*"),
    ("S/2014/348/Add.1", "S/2014/348/ADD. 1"),
    ("S/2014/348/Rev.1/Corr.2", "s/2014/348/rev1/corr 2"),
    ("S/26909", "S/26909"),
    ("S/24808/Rev.1", "S/24808/Rev. 1"),
    ("S/PRST/2008/21", "s/prst/2008/21"),
    ("S/PV.7180", "S/PV 7180"),
    ("S/PV.9473", "S/PV9473"),
    ("S/PV.7180 (Resumption 1)", "S/PV.7180 (Resumption 1)"),
    ("S/PV.7180 (Resumption 1)", "S/PV.7180(Resumption1)"),
    ("S/PV.7180 (Resumption 1)", "s/pv.7180/resumption 1"),
    ("S/PV.7180 (Resumption 1)", "https://undocs.org/S/PV.7180%20(Resumption%201)"),
    ("S/PV.3842 (Resumption)", "S/PV.3842 (Resumption)"),
    ("S/PV.4820 (Part II)", "S/PV.4820 (Part II)"),
    ("S/PV.7180/Corr.1", "S/PV.7180/Corr.1"),
    ("A/RES/76/262", "a/res/76/262"),
    ("A/RES/76/262", "UNGA Res 76/262"),
    ("A/RES/76/262", "General Assembly resolution 76/262"),
    ("A/RES/ES-11/1", "A/RES/ES\u201311/1"),
    ("A/RES/377(V)", "A/RES/377 (V)"),
    ("A/RES/377(V)[A]", "General Assembly resolution 377 A (V)"),
    ("A/67/828", "A/67/828"),
    ("A/67/828-S/2013/210", "A/67/828\u2013S/2013/210"),
    ("A/67/828-S/2013/210", "a/67/828 \u2212 s/2013/210"),
    ("A/77/PV.68", "A/77/PV.68"),
    ("A/ES-11/PV.5", "A/ES-11/PV. 5"),
    ("A/PV.2163", "A/PV.2163"),
    ("A/HRC/57/23", "A/HRC/57/23"),
    ("A/HRC/RES/S-17/1", "A/HRC/RES/S-17/1"),
    ("A/CONF.183/9", "A/CONF.183/9"),
    ("A/C.3/69/L.28/Rev.1", "A/C.3/69/L.28/Rev.1"),
    ("E/CN.4/Sub.2/1995/16", "E/CN.4/Sub.2/1995/16"),
    ("ST/SGB/2013/1", "ST/SGB/2013/1"),
    ("ICC-02/05-01/09-302", "icc\u201302/05\u201301/09\u2013302"),
    ("ICC-02/05-01/09-302", "No. ICC-02/05-01/09-302"),
    ("ICC-02/17-138", "ICC-02/17-138"),
    ("ICC-01/04-01/06-T-10-ENG", "ICC-01/04-01/06-T-10-ENG"),
    ("ICC-02/05-01/09-397-Corr", "ICC-02/05-01/09-397-corr"),
    ("ICC-01/04-01/06-8-tENG-Red2", "ICC-01/04-01/06-8-tENG-Red2"),
    (
        "ICC-02/05-01/09-302-Anx",
        "https://www.icc-cpi.int/court-record/icc-02/05-01/09-302-anx",
    ),
    ("ICC-ASP/18/Res.6", "icc-asp/18/res. 6"),
    ("RC/Res.6", "rc/res 6"),
    ("RC/Decl.1", "RC/DECL.1"),
    ("ICC-ASP/15/31", "ICC-ASP/15/31"),
    ("ICC-ASP/15/31/Add.1", "ICC-ASP/15/31/Add.1"),
    ("SC/10812", "sc/10812"),
    ("SC/10812", "press release SC/10812"),
    ("SC/10812", "https://press.un.org/fr/2012/SC10812.doc.htm"),
    ("SC/11744", "https://www.un.org/press/en/2015/sc11744.doc.htm"),
    ("SG/SM/21234", "https://press.un.org/en/2022/sgsm21234.doc.htm"),
    ("GA/12462", "GA / 12462"),
    ("S/2014/348/Rev.1", "S/2014/348 Rev.1"),
    ("S/2014/348/Rev.1", "S/2014/348, Rev. 1"),
    ("S/2014/348/Rev.1/Corr.2", "S/2014/348, Rev. 1, Corr. 2"),
    ("S/RES/1593(2005)/Corr.1", "S/RES/1593 (2005), Corr.1"),
    ("S/2014/348/Rev.1", "S_2014_348_Rev.1-FR.pdf"),
    ("S/2014/348", "UNSC, ‘Draft’ (22 May 2014) UN Doc S/2014/348"),
    ("A/RES/60/1", "UNGA Res 60/1 (16 September 2005) UN Doc A/RES/60/1"),
    ("S/RES/2830(2026)", "UNSC Res 2830 (1 July 2026) UN Doc S/RES/2830"),
    ("SC/6308", "http://www.un.org/press/en/1996/19961230.sc6308.html"),
    ("SC/8351", "http://www.un.org/News/Press/docs/2005/sc8351.doc.htm"),
    ("SG/SM/6643", "http://www.un.org/News/Press/docs/1998/19980717.sgsm6643.html"),
]
# Of kinds that are not known here, and so may be right.
UNKNOWN = ["S/Agenda/7180", "S/SR.12/x", "CCPR/C/21/Rev.1/Add.13", "TD/B/1.2/3"]

# One strategy for every series, of symbols in their official form.
numbers = st.integers(1, 9999)
years = st.integers(1994, 2026)
tails = st.sampled_from(["", "/Add.1", "/Rev.2", "/Corr.1", "/Rev.1/Add.12"])
pieces = st.sampled_from(["", " (Resumption)", " (Resumption 1)", " (Part II)"])
SERIES = {
    "Council resolutions": st.builds(
        "S/RES/{}({}){}".format, st.integers(1, 5000), st.integers(1946, 2040), tails
    ),
    "Council documents": st.builds("S/{}/{}{}".format, years, numbers, tails),
    "undated Council documents": st.builds(
        "S/{}{}".format, st.integers(1, 26999), tails
    ),
    "presidential statements": st.builds(
        "S/PRST/{}/{}{}".format, years, numbers, tails
    ),
    "Council meetings": st.builds("S/PV.{}{}{}".format, numbers, pieces, tails),
    "Assembly resolutions": st.builds(
        "A/RES/{}/{}{}".format,
        st.integers(31, 81) | st.sampled_from(["ES-11", "S-10"]),
        numbers,
        st.sampled_from(["", "A", "/Corr.1"]),
    ),
    "early Assembly resolutions": st.builds(
        "A/RES/{}({}){}".format,
        numbers,
        st.sampled_from(["I", "V", "XIX", "XXX"]),
        st.sampled_from(["", "[A]", "/Corr.1"]),
    ),
    "Assembly documents": st.builds(
        "A/{}/{}{}{}".format,
        st.integers(31, 81) | st.sampled_from(["ES-11"]),
        st.sampled_from(["", "PV.", "L.", "INF/"]),
        numbers,
        tails,
    ),
    "joint documents": st.builds(
        "A/{}/{}{}-S/{}/{}{}".format,
        st.integers(31, 81),
        numbers,
        tails,
        years,
        numbers,
        tails,
    ),
    "Human Rights Council": st.builds(
        "A/HRC/{}{}/{}{}".format,
        st.sampled_from(["", "RES/"]),
        st.integers(1, 60) | st.sampled_from(["S-17"]),
        numbers,
        tails,
    ),
    "early Assembly records": st.builds("A/PV.{}{}".format, numbers, tails),
    "subsidiary bodies": st.builds(
        "A/CONF.{}/{}{}".format, st.integers(1, 999), numbers, tails
    ),
    "press releases": st.builds(
        "{}/{}".format, st.sampled_from(["SC", "GA", "SG/SM"]), numbers
    ),
    "court records": st.builds(
        "ICC-{:02}/{:02}{}-{}{}".format,
        st.integers(1, 20),
        st.integers(2, 26),
        st.sampled_from(["", "-01/09"]),
        numbers,
        st.sampled_from(["", "-Red", "-Conf-Exp-AnxA", "-tENG", "-Corr"]),
    ),
    "States Parties": st.builds(
        "ICC-ASP/{}/{}{}{}".format,
        st.integers(1, 25),
        st.sampled_from(["", "Res."]),
        numbers,
        tails,
    ),
}
symbols = st.one_of(*SERIES.values())


class TestSpellings:
    @pytest.mark.parametrize("spelling", RESOLUTION_1593)
    def test_every_way_of_writing_resolution_1593_is_the_same_resolution(
        self, spelling
    ):
        symbol = read(spelling)

        assert symbol.official == "S/RES/1593(2005)"
        assert symbol.warnings == ()

    @pytest.mark.parametrize(("official", "spelling"), SPELLINGS)
    def test_other_documents_are_read_to_their_official_form(self, official, spelling):
        symbol = read(spelling)

        assert symbol.official == official
        assert symbol.warnings == ()

    @pytest.mark.parametrize(
        ("text", "official", "remark"),
        [
            ("S/PV.7782 (closed)", "S/PV.7782", "(closed)"),
            ("S/PV.1329 closed", "S/PV.1329", "closed"),
            ("S/PV.3868+Corr.1+Corr.2", "S/PV.3868", "+Corr.1+Corr.2"),
            ("S/10805/Rev.1 (as amended)", "S/10805/Rev.1", "(as amended)"),
            ("ICC-02/05-01/09-397 OA2", "ICC-02/05-01/09-397", "OA2"),
        ],
    )
    def test_a_remark_after_the_symbol_is_left_out_with_a_warning(
        self, text, official, remark
    ):
        symbol = read(text)

        assert symbol.official == official
        assert symbol.warnings == (
            f"Left out, as it is not part of the symbol: {remark}.",
        )


class TestWhatASymbolTells:
    @pytest.mark.parametrize(
        ("text", "body", "series", "number", "year"),
        [
            ("S/RES/1593(2005)", SECURITY_COUNCIL, RESOLUTION, 1593, 2005),
            ("S/2014/348", SECURITY_COUNCIL, DOCUMENT, 348, 2014),
            ("S/26909", SECURITY_COUNCIL, DOCUMENT, 26909, None),
            ("S/PRST/2008/21", SECURITY_COUNCIL, PRESIDENTIAL_STATEMENT, 21, 2008),
            ("S/PV.7180 (Resumption 1)", SECURITY_COUNCIL, MEETING_RECORD, 7180, None),
            ("A/RES/76/262", GENERAL_ASSEMBLY, RESOLUTION, 262, None),
            ("A/RES/377(V)", GENERAL_ASSEMBLY, RESOLUTION, 377, None),
            ("A/67/828-S/2013/210", GENERAL_ASSEMBLY, DOCUMENT, 828, 2013),
            ("A/77/PV.68", GENERAL_ASSEMBLY, MEETING_RECORD, 68, None),
            ("A/HRC/57/23", HUMAN_RIGHTS_COUNCIL, DOCUMENT, 23, None),
            ("A/HRC/RES/53/24", HUMAN_RIGHTS_COUNCIL, RESOLUTION, 24, None),
            ("A/CONF.183/9", UNITED_NATIONS, DOCUMENT, None, None),
            ("ICC-02/05-01/09-302", CRIMINAL_COURT, COURT_RECORD, 302, None),
            ("ICC-ASP/18/Res.6", STATES_PARTIES, RESOLUTION, 6, None),
            ("RC/Res.6", STATES_PARTIES, RESOLUTION, 6, None),
            ("ICC-ASP/15/31", STATES_PARTIES, DOCUMENT, 31, None),
            ("SC/10812 (2012)", PRESS_SERVICE, PRESS_RELEASE, 10812, 2012),
        ],
    )
    def test_body_series_number_and_year_follow_from_the_symbol(
        self, text, body, series, number, year
    ):
        symbol = read(text)

        told = (symbol.body, symbol.series, symbol.number, symbol.year)
        assert told == (body, series, number, year)


class TestYearOfAResolution:
    @pytest.mark.parametrize(
        ("number", "year"),
        [
            (1, 1946),
            (15, 1946),
            (16, 1947),
            (892, 1993),
            (893, 1994),
            (1593, 2005),
            (2811, 2025),
            (2812, 2026),
            (2825, 2026),
        ],
    )
    def test_it_is_filled_in_from_the_number(self, number, year):
        assert read(f"SCR {number}").official == f"S/RES/{number}({year})"

    def test_the_table_has_one_rising_entry_for_each_year(self):
        rising = sorted(set(FIRST_RESOLUTIONS))

        assert list(FIRST_RESOLUTIONS) == rising
        assert len(rising) == LAST_YEAR - FIRST_YEAR + 1
        assert rising[-1] <= LAST_RESOLUTION

    def test_a_year_that_does_not_fit_is_kept_with_a_warning(self):
        symbol = read("S/RES/1593(2006)")

        assert symbol.official == "S/RES/1593(2006)"
        assert symbol.warnings == ("Resolution 1593 was adopted in 2005, not in 2006.",)

    def test_a_number_too_high_for_its_year_is_kept_with_a_warning(self):
        symbol = read("S/RES/2900(2014)")

        assert symbol.warnings == (
            "The number 2900 is too high for a resolution of 2014.",
        )

    def test_a_resolution_newer_than_the_table_is_read_with_its_year(self):
        symbol = read("S/RES/2850 (2027)", today_year=2027)

        assert symbol.official == "S/RES/2850(2027)"
        assert symbol.warnings == ()

    def test_a_resolution_newer_than_the_table_needs_its_year(self):
        with pytest.raises(SymbolError, match="Add the year of resolution 2826"):
            read("S/RES/2826")

    def test_council_documents_dated_before_1994_are_read_with_a_warning(self):
        assert read("S/1985/12").warnings == (
            "Council symbols of this form begin in 1994; check the year.",
        )

    def test_arabic_sessions_before_the_31st_are_read_with_a_warning(self):
        assert "Roman numerals" in read("A/RES/5/377").warnings[0]


class TestWhatIsSaidOfASpelling:
    @pytest.mark.parametrize(
        ("official", "text", "says"),
        [
            ("S/PV.1025", "https://undocs.org/en/S/PV.1025(OR)", "Left out"),
            ("S/11229", "S/11229 (PRST)", "Left out"),
            ("S/RES/1651(2005)", "S/RES/2005/1651", "Read as resolution 1651 of 2005"),
            ("S/RES/1990(2011)", "S/RES/2011/1990", "the number goes first"),
        ],
    )
    def test_it_is_read_with_a_word_to_check_it(self, official, text, says):
        symbol = read(text, today_year=2026)

        assert symbol.official == official
        assert says in symbol.warnings[0]


class TestSymbolsOfOtherKinds:
    @pytest.mark.parametrize("text", UNKNOWN)
    def test_are_told_from_what_is_wrong(self, text):
        with pytest.raises(UnknownSymbol, match="kept as it is written"):
            read(text)
        assert normalise(text) == text

    @pytest.mark.parametrize("text", ["S/PRST/2008", "S/RES/x1", "N/A", "A/b"])
    def test_are_no_excuse_for_what_is_wrong(self, text):
        with pytest.raises(SymbolError) as fault:
            read(text)
        assert not isinstance(fault.value, UnknownSymbol)

    def test_two_in_one_citation_are_refused(self):
        with pytest.raises(SymbolError, match="one document symbol at a time"):
            read("UNSC Res 1593 (2005) UN Doc S/RES/1970 (2011)")


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "Write a document symbol"),
            (" \u200b\u00a0", "Write a document symbol"),
            ("hello", "not a document symbol"),
            ("S/RES/", "not a document symbol"),
            ("S/PRST/2008", "not a document symbol"),
            ("S/RES/15932005 0", "not a document symbol"),
            ("S/RES/1593\x00", "not a document symbol"),
            ("S/RES/" + "1" * 200, "too long"),
            ("S/RES/1593" + " " * 500, "too long"),
            ("\ufdfa" * 399, "too long"),
            ("S/RES/0", "no number 0"),
            ("S/2014/0", "no number 0"),
            ("S/RES/15930(2005)", "far from having adopted resolution 15930"),
            ("S/RES/1593(1945)", "1945 is too early"),
            ("S/1945/3", "1945 is too early"),
            ("S/2027/3", "2027 is still to come"),
            ("S/RES/2830(2027)", "2027 is still to come"),
            ("S/30000", "carry the year before the number"),
            ("A/0/12", "no session 0"),
            ("A/RES/0/12", "no session 0"),
            ("A/RES/82/1", "Session 82 is still to come"),
            ("A/HRC/64/1", "Session 64 is still to come"),
            ("ICC-ASP/26/Res.1", "Session 26 is still to come"),
            ("A/RES/377(XL)", "from I to XXX"),
            ("ICC-01/01-5", "opened nothing in 2001"),
            ("ICC-01/27-5", "opened nothing in 2027"),
            ("ICC-02/05-01/09", "number of a case"),
            ("1593", "Say what the number stands for"),
            ("resolution 76/262", "Say which body"),
            ("S/4345; S/4346", "one document symbol at a time"),
            ("S/471 and S/471/Add.1", "one document symbol at a time"),
            ("S/2020/661 S/2020/657", "one document symbol at a time"),
            ("A/RES/76/262-S/RES/1593", "one document symbol at a time"),
            ("https://www.icc-cpi.int/darfur/albashir", "web address"),
            ("https://example.org/S/RES/1593(2005)", "web address"),
            ("https://undocs.org.example.com/S/RES/1593", "web address"),
        ],
    )
    def test_the_impossible_is_refused_with_its_reason(self, text, reason):
        with pytest.raises(SymbolError, match=reason) as refusal:
            read(text, today_year=2026)

        assert str(refusal.value).endswith(".")

    def test_without_todays_year_nothing_is_still_to_come(self):
        assert read("S/2031/3").year == 2031
        assert read("A/RES/90/1").number == 1


class TestLinks:
    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("SCR 1593", "https://undocs.org/en/S/RES/1593(2005)"),
            ("S/2014/348", "https://undocs.org/en/S/2014/348"),
            (
                "S/PV.7180 (Resumption 1)",
                "https://undocs.org/en/S/PV.7180%20(Resumption%201)",
            ),
            ("A/67/828-S/2013/210", "https://undocs.org/en/A/67/828-S/2013/210"),
            (
                "ICC-02/05-01/09-397-Corr",
                "https://www.icc-cpi.int/court-record/icc-02/05-01/09-397-corr",
            ),
            ("SC/10812 (2012)", "https://press.un.org/en/2012/sc10812.doc.htm"),
            (
                "https://press.un.org/fr/2012/SC10812.doc.htm",
                "https://press.un.org/en/2012/sc10812.doc.htm",
            ),
        ],
    )
    def test_documents_with_an_official_address_are_linked(self, text, address):
        assert link(text) == address
        assert read(text).url == address

    @pytest.mark.parametrize(
        "text", ["SC/10812", "ICC-ASP/15/31", "ICC-ASP/18/Res.6", "gibberish", ""]
    )
    def test_others_are_not(self, text):
        assert link(text) is None

    @given(symbols)
    def test_an_address_is_read_as_the_document_it_leads_to(self, official):
        symbol = read(official)

        assert symbol.url is None or read(symbol.url).official == official

    @given(st.text())
    def test_an_address_is_always_on_an_official_site(self, text):
        hosts = (
            "https://undocs.org/",
            "https://press.un.org/",
            "https://www.icc-cpi.int/",
        )

        assert (link(text) or hosts[0]).startswith(hosts)


class TestNormalising:
    def test_what_can_be_read_takes_its_official_form(self):
        assert normalise("unscr\u00a01593") == "S/RES/1593(2005)"

    def test_other_text_keeps_its_words_with_single_spaces(self):
        assert (
            normalise("  The \u00a0Palestine\n question ") == "The Palestine question"
        )

    def test_what_no_database_takes_as_text_is_left_out(self):
        assert normalise("about\0S/2014") == "about S/2014"

    @given(st.text())
    def test_doing_it_twice_changes_nothing(self, text):
        assert normalise(normalise(text)) == normalise(text)


def _full_width(text):
    return "".join(
        chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
        for character in text
    )


NOISE = {
    "small letters": str.lower,
    "capitals": str.upper,
    "spaces around slashes": lambda text: text.replace("/", " / "),
    "spaces at the ends": lambda text: f"\t {text}\n",
    "no-break spaces": lambda text: text.replace("(", "\u00a0(").replace(" ", "\u202f"),
    "zero-width marks": lambda text: "\u200b".join(text),
    "right-to-left marks": lambda text: f"\u200f{text}\u200e",
    "full-width characters": _full_width,
    "en dashes": lambda text: text.replace("-", "\u2013"),
    "em dashes": lambda text: text.replace("-", "\u2014"),
    "minus signs": lambda text: text.replace("-", "\u2212"),
    "decomposed characters": lambda text: unicodedata.normalize("NFKD", text),
}


class TestEverySymbol:
    @pytest.mark.parametrize("series", SERIES)
    @given(data=st.data())
    def test_an_official_form_reads_to_itself(self, series, data):
        official = data.draw(SERIES[series])

        symbol = read(official)

        assert symbol.official == official

    @given(symbols, st.lists(st.sampled_from(sorted(NOISE)), max_size=4))
    def test_noise_does_not_change_the_reading(self, official, noises):
        text = official
        for noise in noises:
            text = NOISE[noise](text)

        # Marks between all characters can make a long symbol too long to be read.
        if len(text) < 120:
            assert read(text) == read(official)

    @given(st.text() | st.text("SARESPVICC/-.()0123456789 +;", max_size=130))
    def test_any_text_is_read_or_refused_and_nothing_else(self, text):
        try:
            symbol = read(text, today_year=2026)
        except SymbolError as refusal:
            assert str(refusal)
        else:
            assert read(symbol.official).official == symbol.official

    @given(symbols, st.text(max_size=3), st.integers(0, 40))
    def test_a_slip_of_the_hand_is_read_or_refused(self, official, slip, place):
        try:
            symbol = read(official[:place] + slip + official[place:])
        except SymbolError as refusal:
            assert str(refusal)
        else:
            assert read(symbol.official).official == symbol.official
