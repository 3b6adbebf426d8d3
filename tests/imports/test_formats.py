"""What can be imported is listed once; whoever chooses a file reads that list."""

import pytest
from django.conf import settings
from django.utils.html import escape

from icctracker.imports.files import SourceFile
from icctracker.imports.recognise import FORMATS, recognise
from tests.admin.pages import page
from tests.factories import make_user
from tests.imports.test_council_files import FILES


def test_the_document_names_them_in_the_same_order():
    text = (settings.BASE_DIR / "docs/importing.md").read_text(encoding="utf-8")
    table = text.partition("| File | ")[2].partition("\n\n")[0].splitlines()[2:]

    assert [row.split(" | ")[0].removeprefix("| ") for row in table] == [
        str(each.offered) for each in FORMATS.values()
    ]


@pytest.mark.django_db
def test_so_does_the_page_on_which_a_file_is_chosen(client):
    client.force_login(make_user("curator"))

    shown = client.get(page("importrun", "add")).content.decode()

    listed = "".join(
        f"\n    <li>{escape(each.offered)}</li>" for each in FORMATS.values()
    )
    assert f"<ul>{listed}\n  </ul>" in shown


def test_there_is_a_file_of_each_and_it_is_recognised(tmp_path):
    path, found = tmp_path / "file", set()
    for content in FILES.values():
        path.write_bytes(content)
        found.add(recognise(SourceFile(path))[0].key)

    assert found == set(FORMATS)
