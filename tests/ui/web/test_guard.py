"""Whoever has no business here gets one short sentence, by whatever way they come."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Answer, Site, served

from qbank.ui.web.guard import NOTHING, REFUSAL

EVERYWHERE = ("/", "/ws", "/page.js", "/textual.js", "/download/x", "/nowhere", "/static/", "//evil.example/")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("served")) as opened:
        yield opened


@pytest.fixture(scope="module")
def cookie(site: Site) -> dict[str, str]:
    """What a browser that has opened the link sends with each request."""
    return site.signed_in()


def is_refused(answer: Answer) -> bool:
    return (answer.status, answer.body, answer.header("Set-Cookie")) == (403, REFUSAL, "")


def test_no_route_answers_without_the_cookie(site: Site) -> None:
    """Every route that there is, walked, and some that there are not."""
    routes = [resource.canonical for resource in site.server.app.router.resources()]
    assert {"/", "/ws", "/page.js"} <= set(routes)
    for path in (*routes, *EVERYWHERE):
        assert is_refused(site.ask(path, headers={"Origin": site.origin})), path


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "CONNECT", "BREW"])
def test_other_methods_get_nothing(site: Site, cookie: dict[str, str], method: str) -> None:
    """Neither without the cookie nor with it, and the link's token is not spent by them."""
    token = site.token
    assert site.ask(f"/?token={token}", method=method).status in (400, 403)
    assert site.token == token
    known = site.ask("/", method=method, headers=cookie)
    assert known.status in (400, 404, 405)
    assert known.header("Access-Control-Allow-Origin") == ""


@pytest.mark.parametrize(
    "token", ["", "x", "%00", "%C3%A9%FF%ED%A0%80", "A" * 43, "A" * 5000, "None", "&token="]
)
def test_a_wrong_token_is_refused(site: Site, token: str) -> None:
    """Whatever its shape."""
    assert is_refused(site.ask(f"/?token={token}"))


def test_a_token_opens_only_the_front_page(site: Site) -> None:
    """Elsewhere it is nothing, and is not spent."""
    token = site.token
    for path in ("/ws", "/page.js", "/textual.js"):
        assert is_refused(site.ask(f"{path}?token={token}", headers={"Origin": site.origin}))
    assert site.token == token


def test_the_token_is_no_cookie_and_the_cookie_no_token(site: Site, cookie: dict[str, str]) -> None:
    """Knowing one does not give the other."""
    name, _, secret = cookie["Cookie"].partition("=")
    assert is_refused(site.ask("/", headers={"Cookie": f"{name}={site.token}"}))
    assert is_refused(site.ask(f"/?token={secret}"))


def test_a_link_works_once(site: Site) -> None:
    """A copy of it, from a history or a list of processes, is worth nothing after its first use; a new one is shown."""
    link = site.server.link
    path = link.removeprefix(site.origin)
    assert site.ask(path).status == 303
    assert is_refused(site.ask(path))
    assert site.server.link != link
    assert site.server.link in site.said[-1]


def test_a_used_link_still_leads_its_own_browser_home(site: Site, cookie: dict[str, str]) -> None:
    """A bookmark or a tab that is opened again goes on working, and is given no cookie anew."""
    answer = site.ask("/?token=used-up", headers=cookie)
    assert (answer.status, answer.header("Location"), answer.header("Set-Cookie")) == (303, "/", "")


def test_the_cookie_is_kept_from_scripts_and_other_sites(site: Site) -> None:
    """HttpOnly, SameSite=Strict, for this host and path, gone with the browser's session, and of its own name a port."""
    given = site.ask(f"/?token={site.token}").header("Set-Cookie")
    pair, *attributes = [part.strip() for part in given.split(";")]
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Strict"]
    assert re.fullmatch(rf"qbank-{site.port}=[\w-]{{43}}", pair)


@pytest.mark.parametrize("value", ["", "x", "A" * 43, '"', "a=b", "\xff"])
def test_a_wrong_cookie_is_refused(site: Site, value: str) -> None:
    """Whatever its shape."""
    assert is_refused(site.ask("/", headers={"Cookie": f"{site.server.cookie}={value}"}))


@pytest.mark.parametrize("path", ["/", "/ws", "/page.js", "/nowhere"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", ""],
)
def test_another_host_is_refused(site: Site, cookie: dict[str, str], path: str, host: str) -> None:
    """A name that an attacker makes point here (DNS rebinding) is not ours, cookie or not."""
    asked = host.format(port=site.port)
    headers = {**cookie, "Origin": f"http://{asked}"}
    answer = site.ask(path, host=asked, headers=headers)
    assert is_refused(answer) or (host == "" and answer.status == 400)


def test_a_second_host_beside_ours_is_refused(site: Site, cookie: dict[str, str]) -> None:
    """Two names are no name."""
    hosts = f"Host: {site.name}\r\nHost: evil.example\r\n"
    answer = site.raw(f"GET / HTTP/1.1\r\n{hosts}Cookie: {cookie['Cookie']}\r\n\r\n".encode())
    assert answer.split()[1] in (b"400", b"403")


def test_another_host_does_not_spend_the_link(site: Site) -> None:
    """A request that is not ours changes nothing."""
    token = site.token
    assert is_refused(site.ask(f"/?token={token}", host="evil.example"))
    assert is_refused(site.ask(f"/?token={token}", headers={"Origin": "http://evil.example"}))
    assert site.token == token


def test_localhost_is_this_computer_too(site: Site) -> None:
    """On the loopback address both names are ours."""
    name = f"localhost:{site.port}"
    assert site.ask(f"/?token={site.token}", host=name).status == 303


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "http://127.0.0.1",
        "https://{name}",
        "http://localhost:{port}",
        "{name}",
    ],
)
def test_another_origin_is_refused(site: Site, cookie: dict[str, str], origin: str) -> None:
    """A page of somebody else, with the learner's own cookie, gets nothing of ours."""
    headers = {**cookie, "Origin": origin.format(name=site.name, port=site.port)}
    for path in ("/", "/ws", "/page.js", "/nowhere"):
        assert is_refused(site.ask(path, headers=headers)), path


def test_our_own_origin_is_let_in(site: Site, cookie: dict[str, str]) -> None:
    """So the test above refuses for the right reason."""
    assert site.ask("/page.js", headers={**cookie, "Origin": site.origin}).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../setup.cfg",
        "/page.js/../../server.py",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/static/../../server.py",
        "/page/index.html",
        "//etc/passwd",
        "/page.js%00.html",
        "/server.py",
        "/download/x",
        "/download/../page.js",
    ],
)
def test_only_named_files_are_served(site: Site, cookie: dict[str, str], path: str) -> None:
    """No path leads to another file, a folder, or a download."""
    answer = site.ask(path, headers=cookie)
    assert (answer.status, answer.body) == (404, NOTHING)


def test_nothing_can_be_put_into_a_header(site: Site, cookie: dict[str, str]) -> None:
    """Line ends in what is asked for come back in no header."""
    for path in ("/?token=a%0d%0aSet-Cookie:%20evil=1", "/%0d%0aSet-Cookie:%20evil=1", "/?%0d%0aX: y"):
        for headers in ({}, cookie):
            answer = site.raw(
                f"GET {path} HTTP/1.1\r\nHost: {site.name}\r\nConnection: close\r\n".encode()
                + "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
                + b"\r\n"
            )
            head = answer.partition(b"\r\n\r\n")[0].lower()
            assert b"evil" not in head
            assert b"x: y" not in head


def test_no_answer_names_a_secret(
    site: Site, cookie: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither token nor cookie is in any body, redirect or log; the cookie is only in the header that sets it."""
    token, secret = site.token, cookie["Cookie"].partition("=")[2]
    answers = [site.ask(path, headers=known) for path in EVERYWHERE for known in ({}, cookie)]
    answers.append(site.ask(f"/nowhere?token={token}", headers=cookie))
    answers.append(site.ask(f"/?token={token}", host="evil.example"))
    for answer in answers:
        assert token not in answer.whole
        assert secret not in answer.whole
    opened = site.ask(f"/?token={token}")
    assert (opened.status, opened.header("Location"), opened.body) == (303, "/", "")
    assert token not in opened.whole
    site.raw(f"GET /?token={token} HTTP/9.9 nonsense\r\n\r\n".encode())
    logged = "".join(capfd.readouterr())
    assert token not in logged
    assert secret not in logged


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_tells_the_browser_to_do_no_more(site: Site, cookie: dict[str, str], path: str) -> None:
    """Refusals and pages carry the same protection, and say nothing of what program this is."""
    for headers in ({}, cookie):
        answer = site.ask(path, headers=headers)
        policy = answer.header("Content-Security-Policy")
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "connect-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert answer.header("Referrer-Policy") == "no-referrer"
        assert answer.header("Cache-Control") == "no-store"
        assert "clipboard-read=()" in answer.header("Permissions-Policy")
        assert answer.header("Server") == "qbank"


def test_nothing_that_is_served_asks_another_host_for_anything(site: Site, cookie: dict[str, str]) -> None:
    """No address but the two that stand in the terminal's license comment, and no inline script that the policy forbids."""
    for path in ("/", "/page.css", "/page.js", "/xterm.css", "/textual.js"):
        answer = site.ask(path, headers=cookie)
        assert answer.status == 200
        served_text = (
            re.sub(r"/\*.*?\*/", "", answer.body, flags=re.DOTALL) if path.endswith(".css") else answer.body
        )
        assert re.findall(r"https?://[\w.-]+", served_text) == [], path
        assert re.findall(r"""(?:src|href)=["']//|url\(["']?//|@import""", served_text) == [], path
    page = site.ask("/", headers=cookie).body
    assert re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|<style|\sstyle=", page) == []


def test_each_file_has_its_type(site: Site, cookie: dict[str, str]) -> None:
    """With nosniff a browser takes no file of another type."""
    expected = {
        "/": "text/html; charset=utf-8",
        "/page.css": "text/css; charset=utf-8",
        "/page.js": "text/javascript; charset=utf-8",
        "/xterm.css": "text/css; charset=utf-8",
        "/textual.js": "text/javascript; charset=utf-8",
        "/mono.ttf": "font/ttf",
        "/mono-italic.ttf": "font/ttf",
    }
    assert {path: site.ask(path, headers=cookie).header("Content-Type") for path in expected} == expected


def test_two_servers_let_in_only_their_own(site: Site, cookie: dict[str, str], tmp_path: Path) -> None:
    """A cookie of one is nothing to the other, and neither pushes the other's out of the browser."""
    with served(tmp_path) as other:
        assert other.server.cookie != site.server.cookie
        assert is_refused(other.ask("/", headers=cookie))
        secret = cookie["Cookie"].partition("=")[2]
        assert is_refused(other.ask("/", headers={"Cookie": f"{other.server.cookie}={secret}"}))
