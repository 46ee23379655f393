"""Test vectors for absolute URLs, and their authority and target as signed. The expected results are written
by hand and follow the URL standard (url.spec.whatwg.org). A test of the Node.js package compares them with
Node's URL parser."""

ABOUT = "Absolute URLs, with the scheme, authority and target that are signed. They are the same as those that fetch sends."
# The URLs of each group, with their authority and target as signed.
NORMAL = {
    "nothing to change": [
        ("https://a.test/x%2Fy?z=1", "a.test", "/x%2Fy?z=1"),
        ("https://a.test//a//b", "a.test", "//a//b"),
        ("https://a.test/a;v=1,2:@!$&*()+~_-", "a.test", "/a;v=1,2:@!$&*()+~_-"),
        ("https://a.test/%zz%", "a.test", "/%zz%"),
        ("https://a.test/a|b[c]", "a.test", "/a|b[c]"),
        ("https://a.test/?a?b/../c", "a.test", "/?a?b/../c"),
    ],
    "scheme and host in lower case": [
        ("HTTPS://API.Test/A?B", "api.test", "/A?B"),
        ("https://XN--CAF-DMA.test/", "xn--caf-dma.test", "/"),
        ("https://under_score.test/", "under_score.test", "/"),
    ],
    "the path is / at least": [
        ("https://h", "h", "/"),
        ("https://h?q", "h", "/?q"),
        ("https://h#f", "h", "/"),
        ("https://h?#f", "h", "/"),
    ],
    "an empty query is dropped": [("https://h/x?", "h", "/x"), ("https://h/x?#f", "h", "/x")],
    "the fragment is dropped": [("https://h/a#f", "h", "/a"), ("https://h/a?b#c?d#e", "h", "/a?b")],
    "dot segments": [
        ("https://h/a/../b", "h", "/b"),
        ("https://h/a/./b", "h", "/a/b"),
        ("https://h/..", "h", "/"),
        ("https://h/../../a", "h", "/a"),
        ("https://h/a/b/..", "h", "/a/"),
        ("https://h/a/.", "h", "/a/"),
        ("https://h/a//../b", "h", "/a/b"),
        ("https://h/...", "h", "/..."),
        ("https://h/a/..;b", "h", "/a/..;b"),
    ],
    "dots as percent codes": [
        ("https://h/a/%2e%2e/b", "h", "/b"),
        ("https://h/a/.%2E/b", "h", "/b"),
        ("https://h/a/%2e/b", "h", "/a/b"),
        ("https://h/a%2e", "h", "/a%2e"),
    ],
    "a backslash is a slash, except in the query": [
        ("https:\\\\h\\a\\..\\b?\\", "h", "/b?\\"),
        ("https://h\\x", "h", "/x"),
    ],
    "characters are percent-encoded": [
        ("https://h/a b?c d", "h", "/a%20b?c%20d"),
        ("https://h/O'Brien?name=O'Brien", "h", "/O'Brien?name=O%27Brien"),
        ('https://h/"<>`{}?"<>`{}', "h", "/%22%3C%3E%60%7B%7D?%22%3C%3E`{}"),
        ("https://h/\u00e9?\u00e9", "h", "/%C3%A9?%C3%A9"),
        ("https://h/\u20ac\U0001f600", "h", "/%E2%82%AC%F0%9F%98%80"),
        ("https://h/\u0001\u007f", "h", "/%01%7F"),
    ],
    "spaces around the URL": [("  https://h/a ", "h", "/a")],
    "ports": [
        ("https://h:443/", "h", "/"),
        ("https://h:80/", "h:80", "/"),
        ("http://h:80/", "h", "/"),
        ("http://h:443/", "h:443", "/"),
        ("https://h:/a", "h", "/a"),
        ("https://h:008443/", "h:8443", "/"),
        ("https://h:65535/", "h:65535", "/"),
    ],
    "addresses": [
        ("https://127.0.0.1:8443/", "127.0.0.1:8443", "/"),
        ("http://[::1]:80/", "[::1]", "/"),
        ("http://[0:0:0:0:0:0:0:1]:9/", "[::1]:9", "/"),
        ("http://[2001:DB8:0:0:1:0:0:1]", "[2001:db8::1:0:0:1]", "/"),
        ("http://[1:0:2:0:0:0:3:0]", "[1:0:2::3:0]", "/"),
        ("http://[1:2:3:0:0:0:0:0]", "[1:2:3::]", "/"),
        ("http://[::]", "[::]", "/"),
        ("http://[1:0:2:3:4:5:6:7]", "[1:0:2:3:4:5:6:7]", "/"),
        ("http://[::ffff:1.2.3.4]", "[::ffff:102:304]", "/"),
    ],
}
REFUSED = {
    "not an absolute http URL": [
        "h/a",
        "?q",
        "ftp://h/",
        "mailto:a@b",
        "file:///a",
        "http:/h",
        "http:h",
        "https",
    ],
    "an empty host": ["http://", "http:///a", "https://:80/", "http://?q"],
    "a user name or password": ["http://u@h/", "http://u:p@h/", "http://@h/", "http://good.test@evil.test/"],
    "an invalid address": [
        "http://[::1",
        "http://[::1]x/",
        "http://[]/",
        "http://[::1%25eth0]/",
        "http://::1/",
        "http://]/",
    ],
    "an invalid port": ["http://h:abc/", "http://h:65536/", "http://h:-1/", "http://h:+1/", "http://h:1:2/"],
    "an invalid host": ["http://a b/", "http://a%2eb/", "http://a<b/", "http://a^b/", "http://1.2.3.256/"],
    "an IPv4 address that parsers rewrite": [
        "http://127.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://01.2.3.4/",
    ],
    "a host that is not ASCII": ["http://caf\u00e9.test/"],
    "a tab or a line break": ["http://h/a\tb", "http://h/a\nb", "ht\rtp://h/", "http://h/\n"],
}


def cases():
    for group, urls in NORMAL.items():
        for number, (url, authority, target) in enumerate(urls, 1):
            scheme = url.strip().partition(":")[0].lower()
            parts = {"scheme": scheme, "authority": authority, "target": target}
            yield case(group, number, url, {"url": parts})
    for group, urls in REFUSED.items():
        for number, url in enumerate(urls, 1):
            yield case(group, number, url, {"error": "sign"})


def case(group, number, url, expect):
    words = "".join(letter if letter.isalnum() else " " for letter in group.lower()).split()
    return {"name": f"url-{'-'.join(words)}-{number}", "why": group, "url": url, "expect": expect}
