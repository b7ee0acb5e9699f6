"""An address without what only tells how a reader came to it, so that one article has one address."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit, urlunsplit

# Of Google Analytics, Facebook, Google, Microsoft, Yandex, TikTok and X ads, Instagram, Mailchimp, HubSpot,
# AT Internet, Comscore, Adobe, Omeda and Matomo: written into links by programs, read by no article's page.
_NAMES = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid ttclid twclid igsh igshid mc_cid mc_eid "
    "_hsenc _hsmi xtor ns_mchannel ns_source ns_campaign ns_linkname ns_fee s_cid wt.mc_id oly_anon_id "
    "oly_enc_id mkt_tok cmpid ocid _ga _gl".split()
)
_STARTS = ("utm_", "at_", "pk_", "mtm_", "__twitter_")
_BY_VALUE = frozenset("ref source src partner emc cmp feedtype feed from".split())  # else part of the address
_VALUES = ("rss", "atom", "feed")
_PLAIN = re.compile(r"https?://[a-z0-9.-]+/[^?#]*")


def untracked(address: str) -> str:
    """Take the tracking parameters and the fragment out of an http or https address.

    What is left stands as it was written, but for the scheme and the host in small letters. A fragment is
    never sent to the server, but where it begins with an exclamation mark the page is made by it.

    >>> untracked("https://News.example/bridge?id=7&utm_source=rss&fbclid=x#comments")
    'https://news.example/bridge?id=7'
    >>> untracked("https://news.example/?p=12&from=harbour"), untracked("https://news.example/a?ref=rss")
    ('https://news.example/?p=12&from=harbour', 'https://news.example/a')
    """
    if _PLAIN.fullmatch(address):  # most are, and a sitemap has fifty thousand
        return address
    scheme, host, path, query, fragment = urlsplit(address)
    kept = "&".join(part for part in query.split("&") if not _tracks(part)) if query else ""
    return urlunsplit((scheme, host.lower(), path, kept, fragment if fragment.startswith("!") else ""))


def _tracks(parameter: str) -> bool:
    name, _, value = (unquote(part).lower() for part in parameter.partition("="))
    return name in _NAMES or name.startswith(_STARTS) or (name in _BY_VALUE and value.startswith(_VALUES))
