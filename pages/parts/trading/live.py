"""A live model in this session: where it is, what it may cost, and its key, which stays in the session's memory."""

import os
from dataclasses import dataclass, field

import streamlit as st

from rl.llm.budget import Budget
from rl.llm.cache import Cache
from rl.llm.client import LiveModel
from rl.llm.evaluation import Evaluation
from rl.llm.key import ENVIRONMENT, Key, key_from_environment
from rl.llm.local_model import NAME, PORT
from rl.llm.readers import NextWord
from rl.llm.transport import Transport, checked, warning_for
from rl.markets import readers

BASE = os.environ.get("STEPWISE_LLM_BASE", "https://api.openai.com/v1")
"""The one address that a key of this server's own is sent to, whoever types another."""
ANSWERS = "STEPWISE_LLM_CACHE"
"""The environment variable that names an SQLite file for answers; without it they live as long as the session."""
WRITES, NEXT_WORD = WAYS = ("writes a score", "next word")


@dataclass
class Live:
    """What a session has set up. Nothing here goes into a link."""

    base: str = f"http://127.0.0.1:{PORT}/v1"
    model: str = NAME
    way: str = NEXT_WORD
    own: Key = field(default_factory=Key)  # typed in this session
    server: Key = field(default_factory=Key)  # of whoever runs the server
    budget: Budget = field(default_factory=Budget)
    cache: Cache | None = None
    answers: dict[str, Evaluation] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """The key that is sent to the address as it stands: the server's own goes to its own endpoint alone."""
        return self.own if self.own or self.base.strip().rstrip("/") != BASE else self.server

    def reader(self, anonymous: bool) -> LiveModel | NextWord:
        """Returns who is asked. Raises ValueError with a sentence where the address is none."""
        transport = Transport(self.base, self.key)
        if self.way == NEXT_WORD:
            bias = readers.recording(readers.RECORDED[readers.MODEL])["bias"] if self.model == NAME else 0.0
            return NextWord(transport, self.model, bias, self.budget, anonymous)
        if self.cache is None:
            file = os.environ.get(ANSWERS, "")
            self.cache = Cache(f"sqlite:///{file}") if file else Cache()
        return LiveModel(transport, self.model, self.budget, self.cache, anonymous)


def live() -> Live:
    """Returns this session's."""
    if "trading.live" not in st.session_state:
        st.session_state["trading.live"] = Live(server=_secret() or key_from_environment())
    found: Live = st.session_state["trading.live"]
    return found


def _secret() -> Key | None:
    """Returns the key among Streamlit's secrets, if there is one."""
    try:
        return Key(str(st.secrets[ENVIRONMENT])) if ENVIRONMENT in st.secrets else None
    except (FileNotFoundError, KeyError, ValueError):
        return None


def settings(me: Live) -> None:
    """Draws where the model is, its key, and its budget."""
    base, model, way = st.columns([4, 3, 3], vertical_alignment="bottom")
    me.base = base.text_input("address", me.base, key="live.base", help="Of an endpoint that speaks the OpenAI "
                              "protocol: OpenAI, Ollama, vLLM, llama.cpp, LM Studio. `make llm` starts a small one on "
                              "this machine.")
    me.model = model.text_input("model", me.model, key="live.model", help="As the endpoint calls it.")
    me.way = way.selectbox("asked for", WAYS, WAYS.index(me.way), key="live.way", help="A score in JSON; or, where a "
                           "model is too small to write one, how much likelier “ up” is than “ down” as its next word.")
    secret, calls, money = st.columns([4, 3, 3], vertical_alignment="bottom")
    typed = secret.text_input("key", type="password", key="live.key", autocomplete="off",
                              placeholder="set" if me.key else "none needed on this machine",
                              help="Kept in this session's memory, sent to this address alone.")
    me.budget.most_calls = calls.number_input("calls at most", 0, 10_000, me.budget.most_calls, key="live.calls",
                                              help="Asking stops here.")
    me.budget.most_money = money.number_input("dollars at most", 0.0, 100.0, me.budget.most_money, key="live.money",
                                              help="Counted by the prices below.")
    _prices(me)
    try:
        me.own = Key(typed)
        if warning := warning_for(checked(me.base)):
            st.warning(warning, icon=":material/lock_open:")
    except ValueError as wrong:
        st.warning(str(wrong))


def _prices(me: Live) -> None:
    told, said, tokens = st.columns([4, 3, 3], vertical_alignment="bottom")
    me.budget.price_in = told.number_input("dollars per million tokens in", 0.0, 1000.0, me.budget.price_in,
                                           key="live.price_in", help="0 for a model on your own machine.")
    me.budget.price_out = said.number_input("… and out", 0.0, 1000.0, me.budget.price_out, key="live.price_out",
                                            help="0 for a model on your own machine.")
    me.budget.most_tokens = tokens.number_input("tokens at most", 0, 10_000_000, me.budget.most_tokens,
                                                key="live.tokens", help="In and out together.")
    st.caption(f"Used so far: {me.budget.calls:,} calls, {me.budget.tokens:,} tokens, ${me.budget.money:.4f}.")
