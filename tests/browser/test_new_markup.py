"""That axe passes over what it has found right, and over nothing else."""

import pytest

from .steps import assert_accessible

pytestmark = pytest.mark.browser
RIGHT = '<li>A <a href="/x">link</a></li>'


def show(page, *rows, style=""):
    page.set_content(
        f'<html lang="en"><title>A list</title><style>{style}</style>'
        f"<main><h1>A list</h1><ul>{''.join(rows)}</ul></main></html>"
    )


class TestWhatIsNew:
    @pytest.mark.parametrize(
        "wrong",
        [
            '<li>A <a href="/x"></a></li>',
            '<li>A <a href="/x">link</a><img src="/x"></li>',
            '<li>A <a href="/x" aria-hidden="sure">link</a></li>',
            '<li>A <a href="/x">link</a> <span style="color: #eee">pale</span></li>',
            '<li>A <a href="/x">link</a> <input></li>',
        ],
    )
    def test_a_fault_is_found_beside_what_was_right(self, page, wrong):
        show(page, RIGHT)
        assert_accessible(page)
        show(page, RIGHT, RIGHT, wrong)

        with pytest.raises(AssertionError):
            assert_accessible(page)

        # What was found wrong is not taken for right the next time.
        with pytest.raises(AssertionError):
            assert_accessible(page)

    def test_the_same_markup_is_looked_at_again_in_other_colours(self, page):
        show(page, RIGHT)
        assert_accessible(page)
        show(page, RIGHT, style="main { color: #eee; background: white }")

        with pytest.raises(AssertionError):
            assert_accessible(page)
