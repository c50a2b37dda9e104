"""What stands below the loop: a person's returns beside others', predictions beside what came out, or the curve."""

import numpy as np
import streamlit as st

from pages.parts.charts import CURVES, curve
from pages.parts.loop.player import PLAY, PREDICT, LoopPlayer
from pages.parts.plot.plot import plot
from rl.figures.loop import calibration_figure, rivals_figure
from rl.guesses import Guess, score, values_of
from rl.mdp import Floats
from rl.phases import number
from rl.rivals import rivals

LATEST = 4


def beside(me: LoopPlayer) -> None:
    """Draws what belongs to what the learner does."""
    {PLAY: _rivals, PREDICT: _predictions}.get(me.mode, _curve)(me)


def _curve(me: LoopPlayer) -> None:
    chart = curve("Return", me.timeline, me.t, me.end)
    if chart is not None:
        plot(chart, "loop.Return", CURVES["Return"])
    st.caption(CURVES["Return"])


def _rivals(me: LoopPlayer) -> None:
    mine = me.timeline.episodes(me.t).ret
    st.markdown("**Your return, beside others' on the same seed**")
    if not len(mine):
        st.caption("It appears when your first episode is over. What you have learned so far is in the map: each "
                   "update is the one an agent would make.")
        return
    others = rivals(me.env, me.agent.discount, me.timeline.seed, len(mine))
    words = ", ".join(f"{name} {number(x.mean())}{_of(x, mine)}" for name, x in others if len(x))
    says = (f"Mean return over {len(mine)} episode{'s' if len(mine) > 1 else ''}: you {number(np.mean(mine))}; "
            f"{words}. Who does far worse leaves the chart below.")
    plot(rivals_figure(mine, others), "loop.rivals", says)
    st.caption(says)


def _of(returns: Floats, mine: Floats) -> str:
    """Says where somebody ran out of patience before as many episodes were over."""
    return "" if len(returns) == len(mine) else f" (over {len(returns)} only)"


def _predictions(me: LoopPlayer) -> None:
    right, all_ = score(me.guesses)
    st.markdown(f"**Your predictions: {right} of {all_} right**" if all_ else "**Your predictions**")
    if not all_:
        st.caption("Go on phase by phase: before each update you are asked what it will be. Right means within a "
                   "twentieth of the value, or to two decimals.")
        return
    chart, words = st.columns([3, 2])
    with chart:
        if len(values_of(me.guesses)[0]):
            plot(calibration_figure(me.guesses), "loop.calibration", f"{right} of {all_} predictions right")
    with words:
        for guess in me.guesses[: -LATEST - 1 : -1]:
            st.markdown(_line(guess))


def _line(guess: Guess) -> str:
    icon = ":green[:material/check:]" if guess.right else ":orange[:material/close:]"
    return f"{icon} step {guess.t:,}: {guess.says}"
