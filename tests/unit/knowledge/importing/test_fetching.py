from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from knowledge.errors import ImportRefused
from knowledge.importing.addresses import is_public
from knowledge.importing.fetching import Bounds, fetch, is_url
from knowledge.importing.pinning import CheckedTransport
from tests.unit.knowledge.importing.websites import PAGE, Website, website

AGENT = "can-i-share-advisor/1"
HERE = Bounds(allowed=("127.0.0.1",), most_bytes=100_000, seconds=10)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with website() as server:
        yield server


def refusal(url: str, folder: Path, bounds: Bounds = HERE) -> str:
    """Why an address was refused; whatever was, nothing of it is left."""
    with pytest.raises(ImportRefused) as refused:
        fetch(url, folder=folder, agent=AGENT, bounds=bounds)
    assert list(folder.iterdir()) == []
    return refused.value.reason


def test_a_page_is_fetched_by_an_agent_that_says_who_it_is(site: Website, tmp_path: Path) -> None:
    fetched = fetch(site.at("/policy"), folder=tmp_path, agent=AGENT, bounds=HERE)
    assert (fetched.path.name, fetched.path.read_bytes()) == ("policy.html", PAGE)
    assert fetched.url == site.at("/policy")
    assert site.asked == [("/policy", f"127.0.0.1:{site.server_port}", AGENT)]


def test_five_redirects_are_followed_and_a_sixth_is_not(site: Website, tmp_path: Path) -> None:
    assert fetch(site.at("/hops/5"), folder=tmp_path, agent=AGENT, bounds=HERE).url == site.at("/policy")
    (tmp_path / "policy.html").unlink()
    assert refusal(site.at("/hops/6"), tmp_path) == "it redirects more than 5 times"
    assert refusal(site.at("/round/1"), tmp_path) == "it redirects more than 5 times"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.1/",
        "http://127.1/",
        "http://0/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
    ],
)
def test_an_address_that_is_not_public_is_refused_in_every_form(tmp_path: Path, url: str) -> None:
    assert "not on the public internet" in refusal(url, tmp_path, Bounds(seconds=10))


def test_a_form_of_address_that_httpx_does_not_take_is_refused_too(tmp_path: Path) -> None:
    assert "not an http or https address" in refusal("http://0177.0.0.1/", tmp_path, Bounds(seconds=10))


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]"])
def test_a_redirect_to_a_private_address_is_refused_and_never_asked(site: Website, tmp_path: Path, host: str) -> None:
    assert "not on the public internet" in refusal(site.at(f"/to/http://{host}:PORT/policy"), tmp_path)
    assert len(site.asked) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"])
def test_only_the_web_is_asked(site: Website, tmp_path: Path, url: str) -> None:
    assert "not an http or https address" in refusal(url, tmp_path)
    assert "not an http or https address" in refusal(site.at(f"/to/{url}"), tmp_path)


def test_a_password_in_an_address_is_refused_before_it_is_kept_anywhere(tmp_path: Path) -> None:
    assert "holds a name or password" in refusal("http://me:secret@example.org/", tmp_path)


def test_a_name_is_looked_up_once_and_that_address_connected_to(site: Website) -> None:
    """A name that answers otherwise the second time, as in DNS rebinding, is not asked a second time."""
    looked_up: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["192.0.2.1"]

    transport = CheckedTransport(allowed=["rebinding.invalid"], look_up=look_up)
    with httpx.Client(transport=transport) as client:
        answer = client.get(site.at("/policy", host="rebinding.invalid"))
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert looked_up == ["rebinding.invalid"]
    assert site.asked[0][1] == f"rebinding.invalid:{site.server_port}"


def test_a_name_with_one_public_and_one_private_address_is_refused() -> None:
    transport = CheckedTransport(look_up=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    with httpx.Client(transport=transport) as client, pytest.raises(ImportRefused, match=r"is at 10\.0\.0\.1"):
        client.get("http://two.invalid/")


def test_the_next_address_is_tried_when_the_first_does_not_answer(site: Website) -> None:
    transport = CheckedTransport(allowed=["two.invalid"], look_up=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    with httpx.Client(transport=transport) as client:
        assert client.get(site.at("/policy", host="two.invalid")).status_code == 200


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),  # noqa: S104 - to be refused, not listened on
        ("::", False),
        ("ff02::1", False),
        ("fec0::1", False),
        ("2001:db8::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("::10.0.0.1", False),
        ("64:ff9b::10.0.0.1", False),
        ("2002:0a00:0001::1", False),
        ("fe80::1%eth0", False),
        ("not an address", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_size_that_is_claimed_is_refused_before_anything_comes(site: Website, tmp_path: Path) -> None:
    assert (
        refusal(site.at(f"/claims/{5 * 10**9}"), tmp_path) == "it is larger than 0.0953674 MB, the most that is fetched"
    )


def test_a_stream_without_end_is_stopped_at_the_size_that_is_allowed(site: Website, tmp_path: Path) -> None:
    assert "it is larger than" in refusal(site.at("/endless"), tmp_path)


@pytest.mark.parametrize("path", ["/hangs", "/drips", "/dawdles"])
def test_a_site_that_hangs_or_drips_is_given_up_in_time(site: Website, tmp_path: Path, path: str) -> None:
    with pytest.raises(ImportRefused, match=r"not here after 0.3 seconds|does not answer"):
        fetch(site.at(path), folder=tmp_path, agent=AGENT, bounds=HERE.model_copy(update={"seconds": 0.3}))


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nowhere", "the site answered 404 Not Found"),
        ("/typed/image/png", "it is image/png, and only PDF, DOCX, PPTX, HTML, Markdown and text are read"),
        ("/typed/application/octet-stream", "it is application/octet-stream, and only"),
        ("/typed/", "it is of no type, and only"),
        ("/packed", "the site packs it although asked not to"),
        ("/breaks", "the site cannot be read (RemoteProtocolError)"),
    ],
)
def test_an_answer_that_is_no_document_is_refused(site: Website, tmp_path: Path, path: str, reason: str) -> None:
    assert reason in refusal(site.at(path), tmp_path)


def test_a_site_that_is_down_is_refused(site: Website, tmp_path: Path) -> None:
    url = site.at("/policy")
    site.shutdown()
    site.server_close()
    assert refusal(url, tmp_path) == "the site cannot be read (ConnectError): check the address"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_environment_is_used(
    site: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, site.at(""))
    site.pages = {"http://guidance.invalid/policy": PAGE}
    assert fetch("http://guidance.invalid/policy", folder=tmp_path, agent=AGENT).path.read_bytes() == PAGE


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "printer.local"])
def test_a_proxy_is_not_asked_for_this_machine_or_a_private_address(
    site: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("http_proxy", site.at(""))
    assert "not on the public internet" in refusal(f"http://{host}/policy", tmp_path, Bounds(seconds=10))
    assert site.asked == []


def test_a_host_that_needs_no_proxy_is_asked_directly(
    site: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert fetch(site.at("/policy"), folder=tmp_path, agent=AGENT, bounds=HERE).path.read_bytes() == PAGE


def test_what_is_an_address_on_the_web() -> None:
    assert [
        source for source in ("https://a", "HTTP://a", "a/b.pdf", "C:\\a.pdf", "c:/a", "ftp://a") if is_url(source)
    ] == [
        "https://a",
        "HTTP://a",
        "ftp://a",
    ]
