"""The tree of branches: go to one, name it, compare it with the run shown, throw it away."""

from collections.abc import Collection
from functools import partial

import streamlit as st

from pages.parts.branching.player import BranchingPlayer
from pages.parts.knobs import show
from rl.agents.base import Agent
from rl.branches import LONGEST_NAME, Branch, agents_of, spell

HELP = "Runs kept beside this one. Moving a knob back in time keeps what came after as a branch of its own."


def panel(me: BranchingPlayer, kinds: Collection[type[Agent]]) -> None:
    """Draws the button that opens the tree, and the choice of what stands beside the run."""
    n = len(me.tree.branches)
    with st.popover(f"Branches ({n})" if n else "Branches", icon=":material/account_tree:", width="stretch", help=HELP):
        _compare(me, kinds)
        _tree(me)


def _tree(me: BranchingPlayer) -> None:
    if not me.tree.branches:
        st.caption("Nothing is kept yet. Keep this run, then change what you like: both stay, and can be compared.")
    for depth, branch in me.tree.in_order():
        _branch(me, depth, branch)
    if me.tree.branches and not spell(me.tree):
        st.caption(":orange[:material/info:] These branches are too long for a link: they stay in this tab alone.")
    st.button("Keep this run", key="branch.keep", icon=":material/bookmark_add:", on_click=partial(_keep, me),
              help="Remembers the run shown as a branch, as far as it has come.", disabled=me.here is not None)


def _keep(me: BranchingPlayer) -> None:
    try:
        me.keep()
    except ValueError as error:
        me.note = str(error)


def _branch(me: BranchingPlayer, depth: int, branch: Branch) -> None:
    widths = [0.3 + 0.3 * depth, 4, 1, 1, 1]
    indent, name, go, beside, away = st.columns(widths, vertical_alignment="center", gap="small")
    indent.markdown("└" if depth else "●")
    with name:
        _name(me, branch)
    go.button("", key=f"branch.go.{branch.key}", icon=":material/visibility:", help="Show this run",
              disabled=branch.key == me.here, on_click=partial(me.go_to, branch.key))
    shown = branch.key == me.other
    beside.button("", key=f"branch.beside.{branch.key}", icon=":material/compare:" if not shown else ":material/close:",
                  help="Show it beside the run on the stage" if not shown else "Put it away",
                  disabled=branch.key == me.here, on_click=partial(me.compare, None if shown else branch.key))
    away.button("", key=f"branch.away.{branch.key}", icon=":material/delete:", help="Throw this branch away",
                on_click=partial(me.throw_away, branch.key))
    st.caption(_about(branch))


def _name(me: BranchingPlayer, branch: Branch) -> None:
    key = f"branch.name.{branch.key}"
    show(key, branch.name)
    st.text_input("name", branch.name, LONGEST_NAME, key=key, label_visibility="collapsed", help="Name of the branch",
                  on_change=lambda: me.rename(branch.key, st.session_state[key]))


def _about(branch: Branch) -> str:
    where = f"left its run at step {branch.at:,}; " if branch.parent is not None else ""
    titles = " → ".join(dict.fromkeys(agent.title for agent in agents_of(branch.view)))
    return f"{where}{titles}, seed {branch.view.timeline.seed}, {branch.view.end:,} steps"


def _compare(me: BranchingPlayer, kinds: Collection[type[Agent]]) -> None:
    """Offers what may stand beside the run: nothing, a branch, or another algorithm."""
    branches = {f"{b.key}": f"{b.name} ({b.key})" for b in me.tree.branches if b.key != me.here}
    others = {kind.slug: f"the same with {kind.title}" for kind in kinds if kind is not type(me.agent)}
    options, key = {"": "nothing", **branches, **others}, "compare.with"
    now = f"{me.other}" if me.rival else ""
    show(key, now)
    st.selectbox("beside it", list(options), list(options).index(now), key=key, format_func=lambda o: options[o],
                 help="A second run on the same dice and playhead. The first step in which they differ is marked.",
                 on_change=lambda: _chosen(me, st.session_state[key]))
    if me.rival:
        st.caption(_parting(me))


def _chosen(me: BranchingPlayer, option: str) -> None:
    if option.isdigit() or not option:
        me.compare(int(option) if option else None)
    else:
        me.compare_with(option)


def _parting(me: BranchingPlayer) -> str:
    learned, happened = me.difference
    if learned is None and happened is None:
        return "No difference so far."
    first = f"They learn something else first in step {learned + 1:,}" if learned is not None else "They learn the same"
    return f"{first}, and {'never yet do' if happened is None else f'in step {happened + 1:,} they do'} something else."
