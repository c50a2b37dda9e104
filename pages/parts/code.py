"""The loop that runs, from its own source, and in what it differs from its relatives'."""

import inspect
from collections.abc import Callable, Collection

import streamlit as st

from rl.agents.base import Agent
from rl.code_difference import difference
from rl.jit import source_function


def code(agent: type[Agent], kinds: Collection[type[Agent]] = ()) -> None:
    """Shows the loop that is running, and, where there are relatives, the lines in which it differs from one."""
    loop, update = source_function(agent.loop), source_function(agent.update)
    others = [kind for kind in kinds if kind is not agent]
    if others:
        _difference(agent, others)
    st.markdown(f"The very lines that run on this page, from `{_file(loop)}`. {agent.source}.")
    st.code(inspect.getsource(loop), language="python")
    st.markdown(f"The update it calls, from `{_file(update)}`:")
    st.code(inspect.getsource(update), language="python")


def _difference(agent: type[Agent], others: Collection[type[Agent]]) -> None:
    titles = {kind.slug: kind for kind in others}
    chosen = titles[st.selectbox("what changes from", list(titles), format_func=lambda slug: titles[slug].title,
                                 key=f"code.{agent.slug}", help="Which loop to hold this one against, line by line.")]
    lines = difference(source_function(agent.loop), source_function(chosen.loop))
    n = sum(mark == "+" for mark, _ in lines)
    st.markdown(f"From **{chosen.title}** to **{agent.title}**: {n} line{'' if n == 1 else 's'} of "
                f"{sum(mark != '-' for mark, _ in lines)} new, and the update itself.")
    st.code("\n".join(f"{mark} {line}" for mark, line in lines), language="diff")


def _file(function: Callable[..., object]) -> str:
    return f"{function.__module__.replace('.', '/')}.py"
