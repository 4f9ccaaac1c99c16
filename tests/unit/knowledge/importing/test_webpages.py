from __future__ import annotations

import pytest

from knowledge.errors import ImportRefused
from knowledge.importing.webpages import take_html, take_markdown


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>A page</title>{head}</head><body>{body}<p>Seen.</p></body></html>"


def test_headings_lists_and_tables_are_kept_in_order() -> None:
    body = (
        "<h1>Sharing</h1><p>With <b>the</b> <a href='x'>police</a>.</p><h2>First</h2><ul><li>one<li>two</ul>"
        "<table><tr><th>Who<th>What<tr><td>School<td>File</table>"
    )
    taken = take_html(page(body))
    assert taken.title == "A page"
    assert [(block.level, block.text) for block in taken.blocks] == [
        (1, "Sharing"),
        (0, "With the police."),
        (2, "First"),
        (0, "one"),
        (0, "two"),
        (0, "Who; What"),
        (0, "School; File"),
        (0, "Seen."),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>SECRET</script>",
        "<style>.SECRET{}</style>",
        "<!-- SECRET -->",
        "<p hidden>SECRET</p>",
        "<p aria-hidden='true'>SECRET</p>",
        "<p style='display:none'>SECRET</p>",
        "<p style='DISPLAY : NONE !important'>SECRET</p>",
        "<p style='disp/**/lay:none'>SECRET</p>",
        "<p style='d\\69splay:none'>SECRET</p>",
        "<div style='visibility: hidden'><div><p>SECRET</p></div></div>",
        "<span style='font-size:0'>SECRET</span>",
        "<span style='font-size:0.0px'>SECRET</span>",
        "<span style='opacity: 0'>SECRET</span>",
        "<span style='color: transparent'>SECRET</span>",
        "<span style='position:absolute; left:-9999px'>SECRET</span>",
        "<span style='text-indent:-9999px'>SECRET</span>",
        "<template>SECRET</template>",
        "<noscript>SECRET</noscript>",
        "<iframe>SECRET</iframe>",
        "<svg><text>SECRET</text></svg>",
        "<select><option>SECRET</select>",
        "<textarea>SECRET</textarea>",
        "<input value='SECRET'><img alt='SECRET' src='x'><p title='SECRET'></p>",
        "<nav>SECRET</nav><footer>SECRET</footer>",
        "<![CDATA[SECRET]]>",
        "<?SECRET?>",
    ],
)
def test_hidden_text_never_reaches_a_passage(hidden: str) -> None:
    assert [block.text for block in take_html(page(hidden)).blocks] == ["Seen."]


@pytest.mark.parametrize(
    "rule",
    [
        ".x{display:none}",
        "/* why */ p.x, i { visibility : hidden }",
        "@import 'a.css'; @media print{.y{color:red}} .x{display:none}",
        "div > .x{font-size:0}",
    ],
)
def test_what_the_pages_own_style_hides_never_reaches_a_passage(rule: str) -> None:
    taken = take_html(page("<div><p class=x>SECRET</p></div>", head=f"<style>{rule}</style>"))
    assert [block.text for block in taken.blocks] == ["Seen."]


@pytest.mark.parametrize("rule", ["@media print{.x{display:none}}", ".x{display:block}", ".x[{display:none}", "{{{"])
def test_what_is_hidden_only_in_print_or_not_at_all_is_kept(rule: str) -> None:
    taken = take_html(page("<p class=x>Shown.</p>", head=f"<style>{rule}</style>"))
    assert [block.text for block in taken.blocks] == ["Shown.", "Seen."]


def test_zero_width_and_tag_characters_never_reach_a_passage() -> None:
    smuggled = "".join(chr(0xE0000 + ord(letter)) for letter in "SECRET")
    taken = take_html(page(f"<p>po\u200blice\u2060 \u202eask{smuggled}\u00ad</p>"))
    assert taken.blocks[0].text == "police ask"


def test_the_main_part_of_a_page_is_taken_alone() -> None:
    taken = take_html(page("<p>Around.</p><main><p>Within.</p></main>"))
    assert [block.text for block in taken.blocks] == ["Within."]


def test_a_page_nested_beyond_reading_is_refused() -> None:
    with pytest.raises(ImportRefused, match="nested too deep"):
        take_html(page("<div>" * 5_000))


def test_a_page_of_more_tags_than_a_parser_holds_is_refused() -> None:
    with pytest.raises(ImportRefused, match="more than 300,000 tags"):
        take_html("<b>" * 300_001)


@pytest.mark.parametrize("noise", ["@", "/*", "{", "a{display:none}"])
def test_a_style_sheet_made_to_be_slow_is_read_in_one_pass(noise: str) -> None:
    """Takes minutes where a search starts anew at every sign."""
    taken = take_html(page("", head=f"<style>{noise * (300_000 // len(noise))}</style>"))
    assert [block.text for block in taken.blocks] == ["Seen."]


def test_a_style_sheet_that_hides_in_more_ways_than_can_be_judged_is_refused() -> None:
    rules = "".join(f".x{number}{{display:none}}" for number in range(1001))
    with pytest.raises(ImportRefused, match="hides in 1,001 ways"):
        take_html(page("", head=f"<style>{rules}</style>"))


def test_markdown_keeps_its_headings_and_loses_its_marks() -> None:
    text = (
        "---\ntitle: SECRET\n---\n# Sharing #\n\nWith *the* **police** and `form` [1](http://x/(y)) ![SECRET](p.png)\n"
        "on one line.\n\nUnder\n-----\n\n* one\n2. two\n   on\n\n```\ncode\n```\n\n| a | b |\n|---|:-:|\n| 1 | \\| |\n"
        "\n[//]: # (SECRET)\n<div hidden>SECRET</div>\n<!-- SECRET -->\nsnake_case_name a < b \\*kept\\*\n"
    )
    assert [(block.level, block.text) for block in take_markdown(text).blocks] == [
        (1, "Sharing"),
        (0, "With the police and form 1 on one line."),
        (2, "Under"),
        (0, "one"),
        (0, "two on"),
        (0, "code"),
        (0, "a; b"),
        (0, "1; |"),
        (0, "snake_case_name a < b *kept*"),
    ]


@pytest.mark.parametrize("noise", ["*a ", "`", "![", "[a](", "_a ", "|-x", "# a  "])
def test_markdown_made_to_be_slow_is_read_all_the_same(noise: str) -> None:
    """Takes hours where an opening mark is looked for to the end of the file."""
    taken = take_markdown("First.\n\n" + noise * (200_000 // len(noise)))
    assert taken.blocks[0].text == "First."
