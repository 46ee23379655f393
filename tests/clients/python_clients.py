"""Sends the requests of all test cases with each Python client library. README.md describes the output."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import sys
import tempfile
from pathlib import Path

import aiohttp
import httpx
import httpx2
import requests
import sealwire.aiohttp
import sealwire.httpx
import sealwire.httpx2
import sealwire.requests
from cases import CASES, SCHEMES, keys
from sealwire import SignError
from urllib3.util.retry import Retry

FILE = b"a file's content\n" * 5000
FIELDS = {"a": "b c", "d": "é"}
POSTED = {"json": {"a": [1, "é"]}}


def options(scheme: str, origin: str) -> dict:
    """Returns the settings of a signing client."""
    name = "billing-service" if scheme == "client" else "agent"
    user = {} if scheme == "client" else {"user_id": "user-7"}
    return {
        "name": name,
        "receiver": "practices",
        "keys": keys(scheme),
        "schemes": [scheme],
        "origins": [origin],
    } | user


def judged(status: int, shown: dict, case: str, method: str) -> str:
    """Returns `ok` if the service received the request as in the test case, otherwise a description of the
    difference."""
    if status != 200:
        return f"status {status}"
    wanted = {
        "method": "GET" if case in ("query", "see other", "http2") else method,
        "target": CASES["query"] if case == "query" else "/echo?",
    }
    if case == "retry":
        wanted["target"] = "/flaky?"
    for name, value in wanted.items():
        if shown[name] != value:
            return f"{name} is {shown[name]}"
    if case == "retry" and shown["digest"] != hashlib.sha256(FILE).hexdigest():
        return "another body"
    if case == "http2" and shown["http"] != "2":
        return f"HTTP/{shown['http']}"
    return "ok"


def of_httpx(module, integration, services: dict, scheme: str, case: str, path: Path) -> str:
    """Sends the request of a test case with a synchronous client of httpx or httpx2."""
    is_http2 = case == "http2"
    url = services["http2" if is_http2 else "services"][scheme]
    settings = options(scheme, url)
    del settings["origins"]  # the default is the origin of the base URL
    client = module.Client(
        base_url=url, follow_redirects=True, http2=is_http2, http1=not is_http2, trust_env=False
    )
    with integration.signed(client, **settings) as client, path.open("rb") as file:
        target = CASES[case]
        if case == "retry":
            request = client.build_request("POST", target, content=FILE)
            first = client.send(request)
            if first.status_code != 503:
                return f"status {first.status_code} before the retry"
            answer = client.send(request)
        else:
            answer = {
                "query": lambda: client.get(target),
                "http2": lambda: client.get(target),
                "json": lambda: client.post(target, **POSTED),
                "form": lambda: client.post(target, data=FIELDS),
                "upload": lambda: client.post(target, files={"f": b"abc", "g": file}),
                "redirect": lambda: client.post(target, content=FILE),
                "see other": lambda: client.post(target, content=FILE),
                "other origin": lambda: client.post(target, content=FILE),
            }[case]()
        return judged(answer.status_code, answer.json(), case, "POST")


async def of_httpx_async(module, integration, services: dict, scheme: str, case: str, path: Path) -> str:
    """Sends the request of a test case with an asynchronous client of httpx or httpx2."""
    is_http2 = case == "http2"
    url = services["http2" if is_http2 else "services"][scheme]
    settings = options(scheme, url)
    client = module.AsyncClient(
        base_url=url, follow_redirects=True, http2=is_http2, http1=not is_http2, trust_env=False
    )
    async with integration.signed(client, **settings) as client:
        target = CASES[case]
        if case in ("query", "http2"):
            answer = await client.get(target)
        elif case == "retry":
            request = client.build_request("POST", target, content=FILE)
            await client.send(request)
            answer = await client.send(request)
        else:
            sent = {
                "json": POSTED,
                "form": {"data": FIELDS},
                "upload": {"files": {"f": b"abc", "g": io.BytesIO(FILE)}},
            }.get(case, {"content": FILE})
            answer = await client.post(target, **sent)
        return judged(answer.status_code, answer.json(), case, "POST")


def of_requests(services: dict, scheme: str, case: str, path: Path) -> str:
    """Sends the request of a test case with the requests library, which uses the retries of urllib3."""
    if case == "http2":
        return "-"
    url = services["services"][scheme]
    retries = Retry(3, status_forcelist=[503], allowed_methods=None, backoff_factor=0)
    adapter = sealwire.requests.HMACAdapter(max_retries=retries, **options(scheme, url))
    with requests.Session() as session, path.open("rb") as file:
        session.trust_env = False
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        target = url + CASES[case]
        if case == "query":
            answer = session.get(target, timeout=20)
        else:
            sent = {"json": POSTED, "form": {"data": FIELDS}, "upload": {"files": {"f": b"abc", "g": file}}}
            answer = session.post(target, timeout=20, **sent.get(case, {"data": file}))
        return judged(answer.status_code, answer.json(), case, "POST")


async def retrying(request, handler):
    """Repeats a request after a 503 response, like the retry middleware in the aiohttp documentation."""
    response = await handler(request)
    return await handler(request) if response.status == 503 else response


async def of_aiohttp(services: dict, scheme: str, case: str, path: Path) -> str:
    """Sends the request of a test case with aiohttp and a retry middleware."""
    if case == "http2":
        return "-"
    url = services["services"][scheme]
    sign = sealwire.aiohttp.HMACAuth(**options(scheme, url))
    form = aiohttp.FormData()
    with path.open("rb") as file:
        form.add_field("f", b"abc", filename="f")
        form.add_field("g", file)
        async with aiohttp.ClientSession(middlewares=[retrying, sign]) as session:
            sent = {"query": {}, "json": POSTED, "form": {"data": FIELDS}, "upload": {"data": form}}
            sent = sent.get(case, {"data": io.BytesIO(FILE)})
            method = "GET" if case == "query" else "POST"
            from yarl import URL

            async with session.request(method, URL(url + CASES[case], encoded=True), **sent) as answer:
                return judged(answer.status, await answer.json(), case, "POST")


CLIENTS = {
    "requests": of_requests,
    "httpx": lambda *sent: of_httpx(httpx, sealwire.httpx, *sent),
    "httpx async": lambda *sent: of_httpx_async(httpx, sealwire.httpx, *sent),
    "httpx2": lambda *sent: of_httpx(httpx2, sealwire.httpx2, *sent),
    "httpx2 async": lambda *sent: of_httpx_async(httpx2, sealwire.httpx2, *sent),
    "aiohttp": of_aiohttp,
}


def cell(client: str, *sent) -> str:
    """Runs one test case and returns its result for the table."""
    try:
        result = CLIENTS[client](*sent)
        return asyncio.run(result) if asyncio.iscoroutine(result) else result
    except SignError:
        return "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main() -> None:
    """Runs all test cases and prints a line of JSON for each result."""
    services = json.loads(Path(sys.argv[1]).read_text())
    with tempfile.NamedTemporaryFile() as file:
        file.write(FILE)
        file.flush()
        for client in CLIENTS:
            for scheme in SCHEMES:
                for case in CASES:
                    result = cell(client, services, scheme, case, Path(file.name))
                    shown = {"client": client, "scheme": scheme, "case": case, "cell": result}
                    print(json.dumps(shown), flush=True)


if __name__ == "__main__":
    main()
