from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetch import Fetcher, FetchError, addresses
from index.fetch.exchange import Exchange, Network
from tests.hostile_server import Server, Visit, good, serving

EXCHANGE = Exchange(frozenset(), Network())
PUBLIC = "93.184.215.14"
INTERNAL = (
    # this machine, this network, private networks
    *("127.0.0.1", "127.8.9.10", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.254", "172.16.0.1"),
    *("172.31.255.254", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200"),
    # what registries keep for protocols, tests, documents and groups
    *("192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    # the same in IPv6
    *("::1", "::", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "3fff::1"),
    # IPv4 inside IPv6: mapped, compatible, 6to4, Teredo, ORCHID, NAT64 of both kinds
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::"),
    *("2001:0:7f00:1::1", "2001:20::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "100::1"),
)
OUTSIDE = (
    *("8.8.8.8", "1.1.1.1", PUBLIC, "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1", "198.20.0.1"),
    *("223.255.255.254", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888"),
    "::ffff:8.8.8.8",
)


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_open_internet_is_open(address: str) -> None:
    assert addresses.is_public(address)


class Trap:
    """A network in which every address but one public one leads to a listener nobody should reach."""

    def __init__(self, site: Server, trap: Server) -> None:
        self.site, self.trap = site, trap
        self.answers: dict[str, list[list[str]]] = {}

    def look_up(self, host: str, port: int) -> list[str]:
        answers = self.answers.get(host, [["127.0.0.1"]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def transport(self, trusted: object) -> httpx.BaseTransport:
        site, trap = self.site, self.trap

        class Leading(httpx.HTTPTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                address = str(ip_address(request.url.host))  # no name ever comes this far
                port = site.port if address == PUBLIC else trap.port
                request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=port)
                return super().handle_request(request)

        return Leading(trust_env=False)


def sent_on(visit: Visit) -> None:
    """Redirect to the host that the path names."""
    visit.reply("302 Found", b"", f"Location: http://{visit.path.strip('/')}/")


@pytest.fixture(scope="module")
def net() -> Iterator[Trap]:
    with serving(sent_on) as site, serving(good) as trap:
        yield Trap(site, trap)


@pytest.fixture(scope="module")
def door(net: Trap) -> Iterator[Fetcher]:
    network = Network(net.look_up, net.transport)
    with Fetcher(pause_seconds=0, timeout_seconds=5, _network=network) as door:
        yield door


def written(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def refusal(door: Fetcher, net: Trap, address: str) -> str:
    """Why an address is not asked; nothing may have come to the trap."""
    with pytest.raises(FetchError) as told:
        door.fetch(address)
    assert net.trap.connections == 0
    return str(told.value)


NOT_OPEN = "is not an address on the open internet"


@pytest.mark.parametrize("address", INTERNAL)
def test_an_internal_address_is_not_asked(door: Fetcher, net: Trap, address: str) -> None:
    assert re.search(NOT_OPEN, refusal(door, net, f"http://{written(address)}/"))


@pytest.mark.parametrize("address", INTERNAL)
def test_nor_by_a_name_that_leads_there(door: Fetcher, net: Trap, address: str) -> None:
    name = f"a{INTERNAL.index(address)}.name.example"
    net.answers[name] = [[address]]
    assert re.search(NOT_OPEN, refusal(door, net, f"http://{name}/"))
    net.answers[f"also.{name}"] = [[PUBLIC, address]]
    before = net.site.connections
    assert re.search(NOT_OPEN, refusal(door, net, f"https://also.{name}/"))
    assert net.site.connections == before


@pytest.mark.parametrize("address", INTERNAL)
def test_nor_by_a_redirect(door: Fetcher, net: Trap, address: str) -> None:
    name = f"a{INTERNAL.index(address)}.redirect.example"
    net.answers[name] = [[PUBLIC]]
    before = net.site.connections
    assert re.search(NOT_OPEN, refusal(door, net, f"http://{name}/{written(address)}"))
    assert net.site.connections == before + 2


@pytest.mark.parametrize("address", INTERNAL)
def test_nor_by_a_name_that_leads_there_the_second_time(door: Fetcher, net: Trap, address: str) -> None:
    name = f"a{INTERNAL.index(address)}.rebinding.example"
    net.answers[name] = [[PUBLIC], [address]]
    before = net.site.connections
    assert re.search(NOT_OPEN, refusal(door, net, f"http://{name}/elsewhere.example"))
    assert net.site.connections == before + 1  # robots.txt, while it was public


ODD = "not written as a name or an address usually is"
UNREADABLE = "cannot be read as an address"
SPELLINGS = {
    "http://0x7f000001/": ODD,
    "http://0x7f.0.0.1/": ODD,
    "http://0X7F.0x0.0x0.0x1/": ODD,
    "http://2130706433/": ODD,
    "http://017700000001/": ODD,
    "http://0177.0.0.1/": UNREADABLE,
    "http://127.1/": ODD,
    "http://127.0.1/": ODD,
    "http://127.0.0.01/": UNREADABLE,
    "http://127.0.0.256/": UNREADABLE,
    "http://127.0.0.1.1/": ODD,
    "http://0/": ODD,
    "http://0x/": ODD,
    "http://127.0.0.1./": ODD,
    "http://localhost./": ODD,
    "http://127%2e0%2e0%2e1/": ODD,
    "http://%31%32%37.0.0.1/": ODD,
    "http://127.0.0.1%00.news.example/": ODD,
    "http://127.0.0.1;news.example/": ODD,
    "http://.127.0.0.1/": ODD,
    "http://a..b/": ODD,
    "http://-a.example/": ODD,
    f"http://{'a' * 64}.example/": ODD,
    f"http://{'a.' * 130}example/": ODD,
    "http://[::1%25lo]/": ODD,
    "http://[::1%lo]/": ODD,
    "http://[fe80::1%25eth0]/": ODD,
    "http://①②⑦.⓪.⓪.①/": UNREADABLE,
    "http://１２７.0.0.1/": UNREADABLE,
    "http://ｌｏｃａｌｈｏｓｔ/": UNREADABLE,
    "http://127。0。0。1/": NOT_OPEN,
    "http://127．0．0．1/": NOT_OPEN,
    "http://127｡0｡0｡1/": NOT_OPEN,
    "http://LOCALHOST/": NOT_OPEN,
    "http://LocalHost.LocalDomain/": NOT_OPEN,
    "http://xn--bcher-kva.example/": NOT_OPEN,
    "http://bücher.example/": NOT_OPEN,
    "http://[::FFFF:7F00:1]/": NOT_OPEN,
    "http://[0:0:0:0:0:ffff:127.0.0.1]/": NOT_OPEN,
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]/": NOT_OPEN,
    "http://127.0.0.1#@news.example/": NOT_OPEN,
    "http://127.0.0.1?@news.example/": NOT_OPEN,
    "http://127.0.0.1\\@news.example/": "user name",
    "http://news.example\\@127.0.0.1/": "user name",
    "http://@127.0.0.1/": NOT_OPEN,
    "http://[::1": UNREADABLE,
    "http://[127.0.0.1]/": UNREADABLE,
    "http://::1/": UNREADABLE,
    "http://\t127.0.0.1/": UNREADABLE,
    "http://127.0.0.1\r\n.news.example/": UNREADABLE,
    "http://local\x00host/": UNREADABLE,
    f"http://127.0.0.1/{'a' * 4000}": "longer than 4,000 characters",
}
SCHEMES = (
    *("file:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:80/_GET"),
    *(
        "data:text/html,<p>x</p>",
        "javascript:alert(1)",
        "dict://127.0.0.1/",
        "ldap://127.0.0.1/",
        "ws://127.0.0.1/",
    ),
    *("jar:http://127.0.0.1!/", "blob:http://127.0.0.1/", "view-source:http://127.0.0.1/", "//127.0.0.1/"),
    *("127.0.0.1", "/etc/passwd", "", " http://127.0.0.1/", "HTTPX://127.0.0.1/"),
)
HOSTLESS = ("http:", "http:///127.0.0.1", "http:127.0.0.1", "https://", "http://:80/", "http://?127.0.0.1")
PORTS = (
    *("http://news.example:22/", "http://news.example:8080/", "https://news.example:8443/"),
    *("http://127.0.0.1:1/", "http://127.0.0.1:65535/", "http://[::1]:6379/", "http://news.example:0/"),
)
NO_PORTS = (
    *("http://news.example:99999/", "http://news.example:-1/", "http://news.example:80:80/"),
    *("http://news.example:http/", "http://news.example:8 0/"),
)
USERS = (
    *("http://root@127.0.0.1/", "http://root:secret@127.0.0.1/", "http://news.example@127.0.0.1/"),
    *(
        "http://:@127.0.0.1/",
        "http://news.example:80@127.0.0.1/",
        "http://%40:x@127.0.0.1/",
        "http://a@b@127.0.0.1/",
    ),
)


@pytest.mark.parametrize("address", SPELLINGS)
def test_an_odd_spelling_leads_nowhere(door: Fetcher, net: Trap, address: str) -> None:
    assert re.search(SPELLINGS[address], refusal(door, net, address))


@pytest.mark.parametrize("address", SCHEMES)
def test_only_the_web_is_asked(door: Fetcher, net: Trap, address: str) -> None:
    assert re.search("only http and https", refusal(door, net, address))


@pytest.mark.parametrize("address", HOSTLESS)
def test_an_address_has_to_have_a_host(door: Fetcher, net: Trap, address: str) -> None:
    assert re.search("no host in the address", refusal(door, net, address))


@pytest.mark.parametrize("address", PORTS)
def test_only_the_ports_of_the_web_are_asked(door: Fetcher, net: Trap, address: str) -> None:
    reason = r'only ports 80 and 443 are asked, .* under \[fetch\]: allow = \["'
    assert re.search(reason, refusal(door, net, address))


@pytest.mark.parametrize("address", NO_PORTS)
def test_a_port_that_is_none_is_refused(door: Fetcher, net: Trap, address: str) -> None:
    assert re.search(f"{UNREADABLE}|only ports 80 and 443", refusal(door, net, address))


@pytest.mark.parametrize("address", USERS)
def test_nobody_is_named_in_an_address(door: Fetcher, net: Trap, address: str) -> None:
    assert re.search(r"user name in the address|cannot be read", refusal(door, net, address))


def test_the_trap_is_reached_by_what_is_allowed_and_by_nothing_else() -> None:
    with serving(sent_on) as site, serving(good) as trap:
        net = Trap(site, trap)
        network = Network(net.look_up, net.transport)
        allow = ["10.0.0.1", "Archive.intern:8080", "[fd00::1]:9000", "127.0.0.1:8123"]
        with Fetcher(allow=allow, pause_seconds=0, _network=network) as door:
            open_now = (
                *("http://10.0.0.1/", "https://10.0.0.1/", "http://archive.INTERN:8080/"),
                *("http://[fd00:0::1]:9000/", "http://127.0.0.1:8123/"),
            )
            for number, address in enumerate(open_now, start=1):
                assert door.fetch(address) is not None
                assert trap.connections == 2 * number
            closed = (
                *(
                    "http://10.0.0.1:8080/",
                    "http://10.0.0.2/",
                    "http://archive.intern/",
                    "http://intern:8080/",
                ),
                *(
                    "http://a.archive.intern:8080/",
                    "http://[fd00::1]/",
                    "http://127.0.0.1:8124/",
                    "http://127.0.0.1/",
                ),
            )
            for address in closed:
                with pytest.raises(FetchError, match=r"open internet|only ports"):
                    door.fetch(address)
            assert trap.connections == 2 * len(open_now)


PARTS = st.sampled_from(
    [
        *"/:@[]%?#\\.;&= \t\x00",
        "http:",
        "https://",
        "127.0.0.1",
        "::1",
        "fe80::1%1",
        "0x7f",
        "②",
        "。",
        "\ud800",
        "xn--",
    ]
)


@given(st.lists(PARTS | st.text(max_size=5), max_size=12).map("".join), st.booleans())
def test_whatever_is_written_is_a_public_place_or_has_a_reason(text: str, relative: bool) -> None:
    base = EXCHANGE.place("https://news.example/a/b") if relative else None
    try:
        place = EXCHANGE.place(text, base)
    except FetchError:
        return
    assert place.url.scheme in {"http", "https"}
    assert place.port in {80, 443}
    assert not place.url.userinfo
    assert EXCHANGE.place(place.address) == place


def test_there_are_as_many_cases_as_were_promised() -> None:
    assert len(INTERNAL) >= 40
    assert len(set(INTERNAL)) == len(INTERNAL)
    odd = (SPELLINGS, SCHEMES, HOSTLESS, PORTS, NO_PORTS, USERS)
    assert 4 * len(INTERNAL) + sum(map(len, odd)) >= 192
