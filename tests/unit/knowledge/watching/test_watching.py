"""Whether a page changed since a document's review, against a real server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from email.utils import formatdate
from pathlib import Path

import pytest

from knowledge.errors import NetworkAway, WatchError
from knowledge.importing.fetching import Bounds
from knowledge.models import Document
from knowledge.watching.asking import Asker
from knowledge.watching.memory import recall, remember
from knowledge.watching.models import Finding, PageState, Remembered
from knowledge.watching.sources import GovUk, Legislation, WebPage
from knowledge.watching.watching import Watcher, watchable
from tests.unit.knowledge.watching.sites import REVIEWED, Served, Site, document, site

AGENT = "can-i-share-advisor/0.1.0 (test)"
BOUNDS = Bounds(most_bytes=2**20, seconds=5, allowed=("127.0.0.1", "localhost"))
TODAY = date(2026, 11, 22)
PAGE = """<html><head><title>Policy</title><script>var at = "{made}";</script></head><body>
<nav><a href="/">Home {made}</a></nav>
<main><h1>Sharing</h1><p>{says}</p></main><footer>Made at {made}</footer></body></html>"""
XML = """<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation">
<ukm:Metadata xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>An Act</dc:title><dc:modified>{modified}</dc:modified>
</ukm:Metadata><Primary><Body><P1><Text>{says}</Text></P1></Body></Primary></Legislation>"""
SECTION = "https://www.legislation.gov.uk/ukpga/2014/23/section/42"
GUIDE = "https://www.gov.uk/government/publications/the-caldicott-principles"
API = "/api/content/government/publications/the-caldicott-principles"


@pytest.fixture
def server() -> Iterator[Site]:
    with site() as running:
        yield running


class Team:
    """Those who run the watch now and then, and keep what it saw."""

    def __init__(self, server: Site) -> None:
        base = server.at("")
        self.sources = (GovUk(base), Legislation(base), WebPage())
        self.seen = Remembered()
        self.bounds = BOUNDS

    def look(self, *documents: Document, today: date = TODAY) -> list[tuple[PageState, str]]:
        watcher = Watcher(self.seen, agent=AGENT, today=today, bounds=self.bounds, pause=0, sources=self.sources)
        found = [(each.state, each.why) for each in watcher.look(documents)]
        kept = watcher.seen
        self.seen = Remembered(
            pages={**self.seen.pages, **kept.pages}, documents={**self.seen.documents, **kept.documents}
        )
        return found

    def state(self, *documents: Document, today: date = TODAY) -> list[PageState]:
        return [state for state, _ in self.look(*documents, today=today)]


@pytest.fixture
def team(server: Site) -> Team:
    return Team(server)


def put_item(server: Site, *, updated: str, says: str = "<p>Seven principles.</p>", **more: object) -> None:
    item = {"title": "The Caldicott Principles", "public_updated_at": updated, "updated_at": "2026-11-22T04:00:00Z"}
    server.put_json(API, {**item, "details": {"body": says}, "withdrawn_notice": {}, **more})


def test_a_page_of_which_nothing_is_known_is_first_seen_and_then_compared(server: Site, team: Team) -> None:
    server.put("/policy", PAGE.format(made="monday", says="Ring back."))
    page = document(server.at("/policy"))
    assert team.state(page) == [PageState.FIRST_SEEN]
    assert team.state(page) == [PageState.UNCHANGED]
    server.put("/policy", PAGE.format(made="monday", says="Ring back twice."))
    assert team.state(page) == [PageState.CHANGED]


def test_menus_scripts_and_footers_are_no_change(server: Site, team: Team) -> None:
    server.put("/policy", PAGE.format(made="monday", says="Ring back."))
    team.look(page := document(server.at("/policy")))
    server.put("/policy", PAGE.format(made="tuesday", says="Ring\n  back."))
    assert team.state(page) == [PageState.UNCHANGED]


def test_a_change_is_told_at_every_look_until_somebody_reviews_the_document(server: Site, team: Team) -> None:
    server.put("/policy", PAGE.format(made="", says="Ring back."))
    team.look(page := document(server.at("/policy")))
    server.put("/policy", PAGE.format(made="", says="Never ring back."))
    assert team.state(page) == [PageState.CHANGED]
    assert team.state(page) == [PageState.CHANGED]
    read_again = document(server.at("/policy"), reviewed=TODAY, history=(f"{TODAY} reviewed by A",))
    assert team.state(read_again) == [PageState.UNCHANGED]


def test_two_reviews_of_one_day_are_two(server: Site, team: Team) -> None:
    lines = tuple(f"{TODAY} reviewed by {name}" for name in ("A", "B"))
    page = document(server.at("/policy"), reviewed=TODAY, history=lines[:1])
    server.put("/policy", PAGE.format(made="", says="Ring back."))
    team.look(page)
    server.put("/policy", PAGE.format(made="", says="Never ring back."))
    assert team.state(page) == [PageState.CHANGED]
    assert team.state(page.model_copy(update={"history": lines})) == [PageState.UNCHANGED]


def test_a_change_between_the_review_and_the_next_look_is_seen(server: Site, team: Team) -> None:
    server.put("/policy", PAGE.format(made="", says="Ring back."))
    team.look(document(server.at("/policy")), today=date(2026, 11, 2))
    server.put("/policy", PAGE.format(made="", says="Never ring back."))
    later = document(server.at("/policy"), reviewed=date(2026, 11, 10))
    assert team.state(later) == [PageState.CHANGED]


@pytest.mark.parametrize(("name", "value"), [("ETag", '"one"'), ("Last-Modified", "Sat, 10 Oct 2026 10:00:00 GMT")])
def test_the_second_request_is_conditional(server: Site, team: Team, name: str, value: str) -> None:
    server.put("/policy", PAGE.format(made="", says="Ring back."), **{name: value})
    team.look(page := document(server.at("/policy")))
    assert team.state(page) == [PageState.UNCHANGED]
    assert [status for path, _, status in server.asked if path == "/policy"] == [200, 304]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Sat, 10 Oct 2026 10:00:00 GMT", PageState.UNCHANGED),
        ("Tue, 10 Nov 2026 10:00:00 GMT", PageState.CHANGED),
        ("soon", PageState.FIRST_SEEN),
    ],
)
def test_last_modified_tells_at_the_first_look(server: Site, team: Team, said: str, state: PageState) -> None:
    server.put("/policy.pdf", "%PDF-1.7 bytes", kind="application/pdf", Last_Modified=said)
    assert team.state(document(server.at("/policy.pdf"))) == [state]


def test_a_change_that_the_site_dates_is_told_at_every_look_too(server: Site, team: Team) -> None:
    server.put("/policy.pdf", "%PDF-1.7", kind="application/pdf", Last_Modified="Tue, 10 Nov 2026 10:00:00 GMT")
    page = document(server.at("/policy.pdf"))
    assert [team.state(page), team.state(page)] == [[PageState.CHANGED], [PageState.CHANGED]]


def test_a_change_that_the_site_dates_before_the_review_was_seen_by_it(server: Site, team: Team) -> None:
    server.put("/p.pdf", "%PDF-1.7", kind="application/pdf", Last_Modified="Sat, 10 Oct 2026 10:00:00 GMT")
    team.look(document(server.at("/p.pdf")), today=date(2026, 11, 2))
    server.put("/p.pdf", "%PDF-1.8", kind="application/pdf", Last_Modified="Sun, 08 Nov 2026 10:00:00 GMT")
    assert team.state(document(server.at("/p.pdf"), reviewed=date(2026, 11, 10))) == [PageState.UNCHANGED]


def test_a_page_made_for_each_reader_is_not_believed_to_have_changed_just_now(server: Site, team: Team) -> None:
    server.put("/policy", PAGE.format(made="", says="Ring back."), Last_Modified=formatdate(usegmt=True))
    assert team.state(document(server.at("/policy"), reviewed=date(2020, 1, 1))) == [PageState.FIRST_SEEN]


@pytest.mark.parametrize(
    ("updated", "state"),
    [("2026-10-31T09:00:00.000+00:00", PageState.UNCHANGED), ("2026-11-02T09:00:00Z", PageState.CHANGED)],
)
def test_gov_uk_is_asked_by_its_content_api(server: Site, team: Team, updated: str, state: PageState) -> None:
    put_item(server, updated=updated)
    assert team.look(document(f"{GUIDE}#annex")) == [(state, "the site says so")]
    assert server.paths() == [API]


def test_an_edit_that_gov_uk_does_not_date_is_seen_in_the_text(server: Site, team: Team) -> None:
    put_item(server, updated="2026-10-31T09:00:00Z")
    team.look(page := document(GUIDE))
    put_item(server, updated="2026-10-31T09:00:00Z", says="<p>Eight principles.</p>")
    assert team.state(page) == [PageState.CHANGED]


def test_gov_uk_publishing_the_same_again_is_no_change(server: Site, team: Team) -> None:
    put_item(server, updated="2026-10-31T09:00:00Z")
    team.look(page := document(GUIDE))
    put_item(server, updated="2026-10-31T09:00:00Z", links={"organisations": [{"title": "new"}]}, updated_at="now")
    assert team.state(page) == [PageState.UNCHANGED]


def test_guidance_that_gov_uk_withdrew_since_the_review_has_changed(server: Site, team: Team) -> None:
    notice = {"explanation": "<p>Old.</p>", "withdrawn_at": "2026-11-20T09:00:00Z"}
    put_item(server, updated="2020-01-01T09:00:00Z", withdrawn_notice=notice)
    assert team.look(document(GUIDE)) == [(PageState.CHANGED, "the site says so; GOV.UK says that it is withdrawn")]


def test_a_gov_uk_page_that_its_api_does_not_have_is_read_as_a_page(server: Site) -> None:
    team = Team(server)
    server.put("/odd", PAGE.format(made="", says="Ring back."))

    class Odd(GovUk):
        def address(self, url: str) -> str | None:
            return server.at("/api/content/odd")

    team.sources = (Odd(), Legislation(), WebPage())
    assert team.state(document(server.at("/odd"))) == [PageState.FIRST_SEEN]
    assert server.paths() == ["/api/content/odd", "/robots.txt", "/odd"]


def test_a_page_that_left_the_api_is_gone_and_not_compared_with_another_reading_of_it(server: Site, team: Team) -> None:
    put_item(server, updated="2026-10-31T09:00:00Z")
    team.look(page := document(GUIDE))
    del server.pages[API]
    assert team.look(page) == [(PageState.UNREAD, "the site answers 404: the page is gone, or moved without a trace")]
    assert server.paths() == [API, API]


def test_an_api_that_answers_nonsense_is_named(server: Site, team: Team) -> None:
    for body in (b"{", b"[]", b'{"public_updated_at": 7}', b'{"public_updated_at": "soon"}'):
        server.pages[API] = Served(body)
        assert team.look(document(GUIDE)) == [(PageState.UNREAD, "GOV.UK's content API does not answer as documented")]


@pytest.mark.parametrize(
    ("modified", "state"), [("2026-11-01", PageState.UNCHANGED), ("2026-11-02", PageState.CHANGED)]
)
def test_legislation_is_asked_by_its_xml(server: Site, team: Team, modified: str, state: PageState) -> None:
    server.put("/ukpga/2014/23/section/42/data.xml", XML.format(modified=modified, says="Enquiry."))
    assert team.state(document(SECTION)) == [state]
    assert server.paths() == ["/ukpga/2014/23/section/42/data.xml"]


def test_a_section_whose_act_was_edited_elsewhere_is_unchanged(server: Site, team: Team) -> None:
    path = "/ukpga/2014/23/section/42/data.xml"
    server.put(path, XML.format(modified="2026-10-01", says="Enquiry."))
    team.look(page := document(SECTION))
    server.put(path, XML.format(modified="2026-11-20", says="Enquiry."))
    assert team.state(page) == [PageState.UNCHANGED]
    server.put(path, XML.format(modified="2026-11-21", says="Enquiry by the council."))
    assert team.state(page) == [PageState.CHANGED]


def test_a_page_that_several_documents_summarise_is_asked_for_once(server: Site, team: Team) -> None:
    server.put("/policy", PAGE.format(made="", says="Ring back."))
    team.look(document(server.at("/policy")), document(server.at("/policy"), name="other"))
    assert server.paths() == ["/robots.txt", "/policy"]


def test_the_advisor_names_itself(server: Site, team: Team) -> None:
    server.put("/policy", PAGE.format(made="", says="Ring back."))
    team.look(document(server.at("/policy")))
    assert {headers["user-agent"] for _, headers, _ in server.asked} == {AGENT}


def test_a_page_that_the_site_asks_programs_not_to_read_is_not_read(server: Site, team: Team) -> None:
    server.put("/robots.txt", "User-agent: *\nDisallow: /private\n", kind="text/plain")
    server.put("/private/policy", PAGE.format(made="", says="Ring back."))
    (found,) = team.look(document(server.at("/private/policy")))
    assert found == (PageState.UNREAD, "the site asks programs not to read it (robots.txt): look at it yourself")
    assert server.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    ("served", "why"),
    [
        (Served(status=500), "the site answers 500"),
        (Served(status=404), "the site answers 404: the page is gone, or moved without a trace"),
        (Served(b"x" * (2**20 + 1)), "it is larger than 1 MB, the most that is read"),
        (Served(b"x", headers={"Content-Encoding": "gzip"}), "the site packs it although asked not to"),
        (Served(b"<p></p>", headers={"Content-Type": "text/html"}), "the page holds no text without a script: look at"),
        (Served(status=302, headers={"Location": "ftp://example.org/"}), "it is not an http or https address"),
    ],
)
def test_what_cannot_be_read_says_why_and_keeps_what_was_seen(
    server: Site, team: Team, served: Served, why: str
) -> None:
    server.put("/policy", PAGE.format(made="", says="Ring back."))
    team.look(page := document(server.at("/policy")))
    before = team.seen
    server.pages["/policy"] = served
    ((state, said),) = team.look(page)
    assert state is PageState.UNREAD
    assert said.startswith(why)
    assert team.seen == before


def test_a_site_that_asks_for_rest_is_not_asked_again(server: Site, team: Team) -> None:
    server.pages["/a"] = Served(status=429)
    found = team.look(document(server.at("/a")), document(server.at("/b"), name="other"))
    assert found == [(PageState.UNREAD, "127.0.0.1 asked to be left alone for now (429): try again later")] * 2
    assert server.paths() == ["/robots.txt", "/a"]


def test_a_page_that_hangs_does_not_hold_the_others(server: Site, team: Team) -> None:
    team.bounds = BOUNDS.model_copy(update={"seconds": 0.3})
    server.put("/policy", PAGE.format(made="", says="Ring back."))
    found = team.state(document(server.at("/hangs")), document(server.at("/policy"), name="other"))
    assert found == [PageState.UNREAD, PageState.FIRST_SEEN]


def test_a_host_that_cannot_be_reached_is_given_up_after_two_tries(server: Site, team: Team) -> None:
    server.put("/policy", PAGE.format(made="", says="Ring back."))
    away = [document(f"http://localhost:1/{number}", name=f"d{number}") for number in range(4)]
    found = team.look(document(server.at("/policy")), *away)
    assert [why.partition(",")[0] for _, why in found[1:]] == [
        "no connection to the site (ConnectError)",
        "no connection to the site (ConnectError)",
        "not asked",
        "not asked",
    ]


def test_without_a_network_it_stops_at_once_and_names_the_mend(team: Team) -> None:
    away = [document(f"http://{name}.invalid/", name=name) for name in "abcdefgh"]
    watcher = Watcher(Remembered(), agent=AGENT, today=TODAY, pause=0)
    found: list[Finding] = []
    with pytest.raises(NetworkAway, match="No site could be reached: no address is known for c.invalid. Check the net"):
        found.extend(watcher.look(away))
    assert [each.id for each in found] == ["a", "b"]
    assert watcher.seen == Remembered()


def test_an_address_on_ones_own_network_is_asked_only_when_that_is_meant(server: Site, team: Team) -> None:
    team.bounds = BOUNDS.model_copy(update={"allowed": ()})
    server.put("/policy", PAGE.format(made="", says="Ring back."))
    ((state, why),) = team.look(document(server.at("/policy")))
    assert state is PageState.UNREAD
    assert "not on the public internet" in why
    assert server.asked == []


def test_pages_are_asked_for_through_the_proxy_of_the_environment(
    server: Site, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.at(""))
    server.put("http://policy.example/a", PAGE.format(made="", says="Ring back."))
    assert team.state(document("http://policy.example/a")) == [PageState.FIRST_SEEN]
    assert server.paths() == ["http://policy.example/robots.txt", "http://policy.example/a"]


def test_a_host_has_its_pause_and_another_host_does_not_wait(server: Site) -> None:
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    asker = Asker(agent=AGENT, bounds=BOUNDS, pause=1.0, clock=lambda: now[0], sleep=sleep)
    server.put("/a", "one")
    for host in ("127.0.0.1", "localhost", "127.0.0.1"):
        assert asker.ask(server.at("/a", host=host)).body == b"one"
    assert slept == [1.0]
    asker.slow_down("127.0.0.1", seconds=60)
    asker.ask(server.at("/a"))
    asker.ask(server.at("/a"))
    assert slept == [1.0, 1.0, 10.0]


def test_documents_are_ordered_so_that_each_site_rests_between_two_pages() -> None:
    urls = ["http://a/1", "http://a/2", "http://b/1", "policy.pdf", "http://a/3"]
    documents = [document(url, name=f"d{number}") for number, url in enumerate(urls)]
    assert [each.url for each in watchable(documents)] == ["http://a/1", "http://b/1", "http://a/2", "http://a/3"]


def test_what_was_seen_is_kept_beside_that_of_other_documents(server: Site, team: Team, tmp_path: Path) -> None:
    server.put("/a", PAGE.format(made="", says="One."))
    server.put("/b", PAGE.format(made="", says="Two."))
    kept = tmp_path / "home" / "watch.json"
    for name in "ab":
        watcher = Watcher(recall(kept), agent=AGENT, today=TODAY, bounds=BOUNDS, pause=0)
        assert [each.state for each in watcher.look([document(server.at(f"/{name}"), name=name)])] == [
            PageState.FIRST_SEEN
        ]
        remember(kept, watcher.seen)
    assert sorted(recall(kept).documents) == ["a", "b"]
    assert sorted(path.name for path in kept.parent.iterdir()) == ["watch.json"]
    assert recall(kept).documents["a"].review == f"{REVIEWED}/0"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"schema": "advisor.kb.watch.seen/1", "pages": 1}'])
def test_a_broken_file_of_what_was_seen_is_refused_and_left(tmp_path: Path, text: str) -> None:
    kept = tmp_path / "watch.json"
    kept.write_text(text, encoding="utf-8")
    with pytest.raises(WatchError, match="Move it away"):
        remember(kept, Remembered())
    assert kept.read_text(encoding="utf-8") == text
