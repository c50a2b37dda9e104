"""One request to an endpoint, and all that can go wrong with it, each told in a sentence."""

import email.utils
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from rl.llm.evaluation import FAILED
from rl.llm.key import Key

AGAIN = {408, 409, 429, 500, 502, 503, 504}
"""Answers after which it is worth asking again: too slow, in conflict, too often, or broken at their end."""
MOST_BYTES = 1_000_000
TRIES = 4
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PIECE = 65_536


class NoAnswer(Exception):
    """A request came to nothing. ``status`` says how, the text is one sentence, ``code`` is HTTP's where it is one."""

    def __init__(self, sentence: str, status: str = FAILED, code: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.code = status, code


@dataclass
class Transport:
    """An endpoint, its key, and how patient to be. Raises ValueError for an address that is none."""

    base: str
    key: Key = field(default_factory=Key)
    deadline: float = 30.0  # seconds for one question, tries and pauses included
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self.base = checked(self.base)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Posts JSON and returns the JSON object that comes back. Raises NoAnswer with a sentence."""
        end = self.clock() + self.deadline
        for tried in range(1, TRIES + 1):
            try:
                return self._once(path, body, end)
            except _Wait as wait:
                pause = min(2.0 ** tried / 4, 8.0) if wait.seconds is None else wait.seconds
                if tried == TRIES or self.clock() + pause >= end:
                    raise NoAnswer(self.key.hide(f"{wait} (asked {tried} times)."), code=wait.code) from None
                self.sleep(pause)
        raise NoAnswer("The endpoint gave no answer.")

    def _once(self, path: str, body: dict[str, Any], end: float) -> dict[str, Any]:
        left = end - self.clock()
        if left <= 0:
            raise NoAnswer("The endpoint took too long: try again, or allow more time.")
        try:
            with requests.Session() as session:
                session.trust_env = not is_loopback(self.base)
                session.auth = _NoPasswords()
                with session.post(f"{self.base}/{path}", json=body, headers=self.key.header(), stream=True,
                                  timeout=(min(5.0, left), left), allow_redirects=False) as answer:
                    return _object(answer.status_code, answer.headers, self._read(answer, end), self.key)
        except requests.Timeout:
            raise _Wait("The endpoint took too long") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as wrong:
            raise _Wait(f"The endpoint cannot be reached ({type(wrong).__name__}): is it running, and is the "
                        "address right?") from None

    def _read(self, answer: requests.Response, end: float) -> bytes:
        """Reads an answer piece by piece, so that neither a huge nor a dripping one holds anything up."""
        whole = bytearray()
        while piece := answer.raw.read1(PIECE, decode_content=True):  # what is there, not until a piece is full
            whole += piece
            if len(whole) > MOST_BYTES:
                raise NoAnswer("The answer is larger than a megabyte: this is no chat endpoint.")
            if self.clock() > end:
                raise NoAnswer("The endpoint took too long: try again, or allow more time.")
        return bytes(whole)


class _Wait(Exception):
    """Something that may pass: ask again, after so many seconds where the endpoint says so."""

    def __init__(self, sentence: str, code: int = 0, seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.code, self.seconds = code, seconds


class _NoPasswords(requests.auth.AuthBase):
    """Keeps requests from adding what it finds in somebody's .netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _object(code: int, headers: Any, content: bytes, key: Key) -> dict[str, Any]:
    """Reads an answer. Raises _Wait where it is worth asking again, NoAnswer where not."""
    if code in AGAIN:
        raise _Wait(f"The endpoint answers {code}{_SAYS.get(code, '')}", code, _retry_after(headers))
    if 300 <= code < 400:
        raise NoAnswer(f"The endpoint points elsewhere ({code}): give the address it really has.", code=code)
    if code in (401, 403):
        raise NoAnswer(f"The endpoint refuses the key ({code}): check it, and whether it may use this model.",
                       code=code)
    if code == 404:
        raise NoAnswer("The endpoint has no such address or model (404): it usually ends in /v1.", code=code)
    if code != 200:
        said = key.hide(content[:200].decode("utf-8", "replace"))
        raise NoAnswer(f"The endpoint answers {code}: {said}", code=code)
    try:
        found = json.loads(content)
    except ValueError:
        raise NoAnswer("The endpoint answers with something that is no JSON: is this the address of an API?") from None
    if not isinstance(found, dict):
        raise NoAnswer("The endpoint answers with JSON that is no object: is this the address of an API?")
    return found


_SAYS = {429: ", too many questions", 500: ", it is broken", 503: ", it is busy"}


def _retry_after(headers: Any) -> float | None:
    """Reads Retry-After: seconds or a date (RFC 9110, section 10.2.3)."""
    said = headers.get("Retry-After", "")
    if said.strip().isdigit():
        return float(said)
    try:
        then = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, then.timestamp() - time.time())


def checked(base: str) -> str:
    """Returns an address without the slash at its end. Raises ValueError with a sentence where it is none."""
    base = base.strip().rstrip("/")
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("The address of an endpoint begins with http:// or https://, as in http://127.0.0.1:8642/v1.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("Leave names, passwords and ?… out of the address; the key has a field of its own.")
    return base


def is_loopback(base: str) -> bool:
    """Tells whether an endpoint is on this machine."""
    return urlsplit(base).hostname in LOOPBACK


def warning_for(base: str) -> str:
    """Says what is unsafe about an address; nothing where nothing is."""
    if urlsplit(base).scheme == "http" and not is_loopback(base):
        return "This address is plain http to another machine: the key and all you ask can be read on the way."
    return ""
