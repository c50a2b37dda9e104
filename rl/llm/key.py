"""A key that cannot be shown by accident."""

import os

ENVIRONMENT = "STEPWISE_LLM_KEY"
HIDDEN = "[key]"


class Key:
    """A secret for an endpoint. It prints as [key]; only `header` spells it out, for the one request that needs it."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str = "") -> None:
        secret = secret.strip()
        if any(not 33 <= ord(letter) <= 126 for letter in secret):
            raise ValueError("A key is letters, digits and signs without spaces: copy it again.")
        self._secret = secret

    def __bool__(self) -> bool:
        return bool(self._secret)

    def __repr__(self) -> str:
        return HIDDEN if self._secret else "[no key]"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __reduce__(self) -> str:
        raise TypeError("A key is not to be stored.")

    def header(self) -> dict[str, str]:
        """Returns the header of a request."""
        return {"Authorization": f"Bearer {self._secret}"} if self._secret else {}

    def hide(self, text: str) -> str:
        """Takes the secret out of a text, whoever put it there."""
        return text.replace(self._secret, HIDDEN) if self._secret else text


def key_from_environment() -> Key:
    """Returns the key of ``STEPWISE_LLM_KEY``, or none."""
    return Key(os.environ.get(ENVIRONMENT, ""))
