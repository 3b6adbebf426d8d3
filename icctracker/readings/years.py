"""Years of days as a database has them at hand: SQLite takes none by itself."""

from django.db.models import DateField, Func, IntegerField


class NewYear(Func):
    """The first day of a year, to compare days with: no year is taken from each."""

    function, output_field = "make_date", DateField()
    template = "%(function)s(%(expressions)s, 1, 1)"

    def as_sqlite(self, compiler, connection):
        return self.as_sql(
            compiler, connection, template="(%(expressions)s || '-01-01')"
        )


class YearOf(Func):
    """The year of a day, cut from it as it is written."""

    output_field = IntegerField()
    template = "EXTRACT(YEAR FROM %(expressions)s)::integer"

    def as_sqlite(self, compiler, connection):
        template = "CAST(substr(%(expressions)s, 1, 4) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template)
