"""A day is read alike however it is written, and never guessed."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icctracker.texts import dates

READ = {
    "2014-05-22": "2014-05-22",
    "2014-5-2": "2014-05-02",
    "2014/05/22": "2014-05-22",
    "20140522": "2014-05-22",
    "2014‑05‑22": "2014-05-22",
    "2014-05-22T00:00:00Z": "2014-05-22",
    "2014-05-22T23:30:00-04:00": "2014-05-22",
    "2014-05-22 00:00:00": "2014-05-22",
    "2014-05-22Z": "2014-05-22",
    "22 May 2014": "2014-05-22",
    "22 MAY 2014": "2014-05-22",
    "22\u00a0May\u202f2014": "2014-05-22",
    "\u200e22 May\u200b 2014\ufeff": "2014-05-22",
    "22nd of May, 2014": "2014-05-22",
    "31 Mar. 2005": "2005-03-31",
    "March 31, 2005": "2005-03-31",
    "March 31st, 2005": "2005-03-31",
    "Sept. 3 , 2014": "2014-09-03",
    "31-Mar-2005": "2005-03-31",
    "2005 March 31": "2005-03-31",
    "[8 July 2026]": "2026-07-08",
    "8 July 2026.": "2026-07-08",
    "Thursday, 22 May 2014": "2014-05-22",
    "Thu, 22 May 2014 10:00:00 GMT": "2014-05-22",
    "٢٢ May ٢٠١٤": "2014-05-22",
    "1er mai 2014": "2014-05-01",
    "22 février 2014": "2014-02-22",
    "le 22 févr. 2014": "2014-02-22",
    "mercredi 22 août 2014": "2014-08-22",
    "3 juil. 2014": "2014-07-03",
    "30 janv. 2014": "2014-01-30",
    "22/5/2014": "2014-05-22",
    "5/22/2014": "2014-05-22",
    "05/05/2014": "2014-05-05",
    "22.05.2014": "2014-05-22",
    # As spreadsheets shorten it; of a hundred years one has a United Nations.
    "10-Jul-26": "2026-07-10",
    "30-Jan-86": "1986-01-30",
}
REFUSED = {
    "30 February 2014": dates.NO_SUCH_DAY,
    "2014-02-30": dates.NO_SUCH_DAY,
    "31/31/2014": dates.NO_SUCH_DAY,
    "0000-05-22": dates.NO_SUCH_DAY,
    "30 January 86": dates.SHORT_YEAR,
    "22 May '14": dates.SHORT_YEAR,
    "May 22, 14": dates.SHORT_YEAR,
    "22/05/14": dates.SHORT_YEAR,
    "22.5.14": dates.SHORT_YEAR,
    "May 2014": dates.NO_DAY,
    "2014-05": dates.NO_DAY,
    "2014": dates.NO_DAY,
    "22 May": dates.NO_YEAR,
    "41781": dates.A_NUMBER,
    "1783641600000": dates.A_NUMBER,
    "41781.0": dates.A_NUMBER,
    "3 jui 2014": dates.UNREAD,
    "NA": dates.UNREAD,
    "": dates.UNREAD,
    "last May": dates.UNREAD,
    "9" * 500: dates.UNREAD,
    "2014-05-22T25:00": dates.UNREAD,
    "15-14 December 2001": dates.BACKWARDS,
}
SPANS = {
    "14-15 December 2001": ("2001-12-14", "2001-12-15"),
    "14–15 Dec. 2001": ("2001-12-14", "2001-12-15"),
    "14 and 15 December 2001": ("2001-12-14", "2001-12-15"),
    "14/15 December 2001": ("2001-12-14", "2001-12-15"),
    "14 to 15 December 2001": ("2001-12-14", "2001-12-15"),
    "December 14-15, 2001": ("2001-12-14", "2001-12-15"),
    "30 November-1 December 2001": ("2001-11-30", "2001-12-01"),
    "November 30 - December 1, 2001": ("2001-11-30", "2001-12-01"),
    "31 December 2000 - 1 January 2001": ("2000-12-31", "2001-01-01"),
    "2001-12-14/2001-12-15": ("2001-12-14", "2001-12-15"),
    "14 et 15 décembre 2001": ("2001-12-14", "2001-12-15"),
    "du 14 au 15 décembre 2001": ("2001-12-14", "2001-12-15"),
}
DAYS = st.dates(date(1945, 6, 26), date(2100, 1, 1))
ENGLISH = "January February March April May June July August September October".split()
ENGLISH += ["November", "December"]
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre".split()
FRENCH += ["novembre", "décembre"]


class TestADay:
    @pytest.mark.parametrize(("written", "day"), READ.items())
    def test_is_what_a_person_sees(self, written, day):
        assert dates.read(written).isoformat() == day

    @pytest.mark.parametrize(("written", "why"), REFUSED.items())
    def test_that_is_none_says_why(self, written, why):
        with pytest.raises(dates.DateError) as fault:
            dates.read(written)

        assert str(fault.value) == why

    @given(DAYS)
    def test_in_words_or_by_rule_is_always_read(self, day):
        for names in (ENGLISH, FRENCH):
            month = names[day.month - 1]
            for written in (
                f"{day.day} {month} {day.year}",
                f"{month} {day.day}, {day.year}",
                f"{day.year} {month} {day.day}",
                f"{day.day}-{month[:4]}-{day.year}",
            ):
                assert dates.read(written) == day
        assert dates.read(day.isoformat()) == day
        assert dates.read(f"{day:%Y%m%d}") == day

    @given(DAYS, st.sampled_from("/.-"))
    def test_in_figures_is_never_one_of_two(self, day, mark):
        for order, parts in (
            (dates.DAY_FIRST, (day.day, day.month)),
            (dates.MONTH_FIRST, (day.month, day.day)),
        ):
            written = f"{parts[0]}{mark}{parts[1]}{mark}{day.year}"
            assert dates.read(written, order) == day
            try:
                assert dates.read(written) == day
            except dates.Ambiguous as either:
                assert day in (either.day_first, either.month_first)
                assert day.day <= 12

    @given(st.text(max_size=90))
    def test_of_any_text_is_read_or_refused(self, text):
        try:
            dates.read(text)
        except dates.DateError as fault:
            assert str(fault)

    def test_that_may_be_two_names_both(self):
        with pytest.raises(dates.Ambiguous) as either:
            dates.read("5/6/2014")

        found = either.value.day_first, either.value.month_first
        assert found == (date(2014, 6, 5), date(2014, 5, 6))

    def test_against_the_order_that_was_told_is_none(self):
        with pytest.raises(dates.DateError):
            dates.read("22/5/2014", dates.MONTH_FIRST)


class TestSeveralDays:
    @pytest.mark.parametrize(("written", "ends"), SPANS.items())
    def test_are_read_as_such_and_never_as_one(self, written, ends):
        span = dates.read_span(written)

        assert (span.first.isoformat(), span.last.isoformat()) == ends
        with pytest.raises(dates.Several):
            dates.read(written)

    @given(DAYS, st.integers(1, 40))
    def test_have_every_day_between(self, day, number):
        last = day + timedelta(number)
        span = dates.read_span(f"{day:%d %B %Y} - {last:%d %B %Y}")

        assert day in span
        assert last in span
        assert last + timedelta(1) not in span


class TestAnInstant:
    def test_is_read_with_its_time(self):
        said = dates.read_instant("2014-05-22T10:30:00 02:00")

        assert said == datetime.fromisoformat("2014-05-22T10:30:00+02:00")

    @pytest.mark.parametrize("written", ["2014-05-22", "22 May 2014", "20140522"])
    def test_of_a_day_is_its_end(self, written):
        assert dates.read_instant(written) == datetime(2014, 5, 22, 23, 59, 59, 999999)

    @pytest.mark.parametrize("written", ["22 May 2014 10:30", "2014-05-22T25:00"])
    def test_that_cannot_be_read_is_no_end_of_a_day(self, written):
        with pytest.raises(dates.DateError):
            dates.read_instant(written)
