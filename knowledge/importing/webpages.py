"""HTML as a reader sees it: no scripts, styles, comments, or text that is there but hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString
from soupsieve import SelectorSyntaxError

from knowledge.errors import ImportRefused
from knowledge.importing.blocks import Taken, tidy
from knowledge.importing.converting import html_to_markdown
from knowledge.importing.markdown import blocks_of

_NEVER_READ = (
    "script style noscript template iframe object embed svg math canvas audio video head "
    "button select textarea input datalist dialog"
).split()
_AROUND = "nav footer aside form".split()
_CONTENT = ("main", "[role=main]", "article")
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0*\.?0*(?:px|pt|em|rem|%|;|$|!)|opacity:0*\.?0*(?:;|$|!|%)"
    r"|color:transparent|text-indent:-\d{3,}|(?:left|top|right|bottom):-\d{3,}|clip:rect\(0|clip-path:inset\((?:50|100)%"
)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_CSS_MARK = re.compile(r"([{};])")
_MOST_TAGS = 300_000
"""Each takes about 1.5 kB in memory; a long Act on one page holds some 100,000."""
_MOST_RULES = 1_000
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")


def take_html(html: str) -> Taken:
    """Headings, paragraphs, lists and tables of a page; its menus and footers are left out.

    Colours are not compared: white text on white is out of reach, and so is what style sheets elsewhere hide.

    Raises:
        ImportRefused: when it is nested too deep.
    """
    soup = _parsed(html, parser="lxml")  # closes what pages leave open, as browsers do
    title = tidy(soup.title.get_text()) if soup.title else ""
    hide(soup)
    for tag in soup.find_all(_AROUND):
        tag.decompose()
    return Taken(blocks=tuple(blocks_of(html_to_markdown(str(_content(soup))))), title=title)


def take_markdown(text: str) -> Taken:
    """Headings and paragraphs of a Markdown file, without what HTML in it hides."""
    return Taken(blocks=tuple(blocks_of(_without_tags(text))))


def hide(soup: BeautifulSoup) -> None:
    """Takes out, in place, all that a browser would not show."""
    rules = "\n".join(style.get_text() for style in soup.find_all("style"))
    for text in soup.find_all(string=lambda string: isinstance(string, PreformattedString)):
        text.extract()
    for tag in [*_hidden_by_rules(soup, rules), *soup.find_all(_is_hidden)]:
        if not tag.decomposed:
            tag.decompose()


def _content(soup: BeautifulSoup) -> Tag:
    """What the page marks as its content, or all of it."""
    for selector in _CONTENT:
        found = soup.select(selector)
        if len(found) == 1 and found[0].get_text(strip=True):
            return found[0]
    return soup


def _without_tags(markdown: str) -> str:
    if "<" not in markdown:
        return markdown
    soup = _parsed(markdown, parser="html.parser")  # adds no paragraphs of its own
    hide(soup)
    return soup.get_text()


def _parsed(html: str, *, parser: str) -> BeautifulSoup:
    if html.count("<") > _MOST_TAGS:
        raise ImportRefused(f"it holds more than {_MOST_TAGS:,} tags: split it")
    try:
        return BeautifulSoup(html, parser)
    except (RecursionError, AssertionError) as error:
        raise ImportRefused("the HTML is too broken to be read") from error


def _is_hidden(tag: Tag) -> bool:
    return (
        tag.name in _NEVER_READ
        or tag.has_attr("hidden")
        or str(tag.get("aria-hidden", "")).lower() == "true"
        or _hides(str(tag.get("style", "")))
    )


def _hides(declarations: str) -> bool:
    plain = _CSS_COMMENT.sub("", declarations)
    plain = _CSS_ESCAPE.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)), plain)
    return bool(_HIDING.search(re.sub(r"\s+", "", plain).lower()))


def _hidden_by_rules(soup: BeautifulSoup, css: str) -> Iterator[Tag]:
    """What the page's own style sheet hides from everyone; a rule for print or small screens is not counted."""
    hiding = {selector for selector, declarations in _rules(css) if _hides(declarations)}
    if len(hiding) > _MOST_RULES:
        raise ImportRefused(f"its style sheet hides in {len(hiding):,} ways, more than can be judged")
    for selector in sorted(hiding):
        try:
            yield from soup.select(selector)
        except (SelectorSyntaxError, NotImplementedError, ValueError):
            continue


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selector and declarations of each rule that stands by itself, in one pass."""
    parts: list[str] = []
    depth = 0
    for part in _CSS_MARK.split(_CSS_COMMENT.sub("", css)):
        depth += {"{": 1, "}": -1}.get(part, 0)
        if part == ";" and depth == 0:
            parts = []
        elif part == "}" and depth <= 0:
            selector, _, declarations = "".join(parts).partition("{")
            if not selector.strip().startswith("@"):
                yield selector.strip(), declarations
            parts, depth = [], 0
        else:
            parts.append(part)
