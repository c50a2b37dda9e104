"""The settings of an experiment, as widgets."""

from functools import partial
from typing import Any

import streamlit as st

from pages.parts.escape import plain
from pages.parts.experiments.lab import LEARNERS, PLAYABLE, SHARED, Lab
from pages.parts.knobs import LABELS, knob_widgets, show
from rl.experiments.config import MOST_EPISODES, MOST_FIRST_SEED, MOST_SEEDS, MOST_THRESHOLD
from rl.experiments.measures import MEASURES
from rl.experiments.values import HOW, parse_values, spell_values
from rl.knob import knobs

LONGEST_LIST = 4000
OFFERED = ("online", "greedy", "steps_to", "episodes_to", "area", "seconds", "updates")
WHOLE = {
    "seeds": (1, MOST_SEEDS, "How many seeds each condition is run from: 0, 1, 2, … One lucky seed is no proof."),
    "episodes": (1, MOST_EPISODES, "How long each run is."),
    "last": (1, MOST_EPISODES, "Over how many episodes the online return is averaged, the last ones of a run."),
    "first_seed": (0, MOST_FIRST_SEED, "The first of the seeds."),
}


def form(lab: Lab) -> None:
    """Draws all there is to choose, and the button that runs it."""
    _several(lab, "agents", "algorithms", {slug: kind.title for slug, kind in LEARNERS.items()},
             "What is compared. Their own settings are under “More”.")
    _several(lab, "worlds", "environments", {slug: kind.title for slug, kind in PLAYABLE.items()},
             "Where. A pair that does not fit is left out, and said so.")
    _in_row([partial(_shared, lab, name) for name in SHARED])
    for number in range(len(lab.swept)):
        _swept(lab, number)
    for number in range(len(lab.edits)):
        _edit(lab, number)
    _in_row([partial(_whole, lab, name) for name in ("seeds", "episodes", "last")])
    _in_row([partial(_measure, lab), partial(_threshold, lab), partial(_more, lab)])


def _in_row(widgets: list[Any]) -> None:
    for column, draw in zip(st.columns(len(widgets), vertical_alignment="bottom"), widgets, strict=True):
        with column:
            draw()


def _several(lab: Lab, part: str, label: str, titles: dict[str, str], says: str) -> None:
    key, now = f"lab.{part}", list(getattr(lab, part))
    show(key, now)
    st.multiselect(label, list(titles), now, key=key, format_func=lambda slug: titles[slug], help=says,
                   on_change=lambda: lab.choose(part, st.session_state[key]))


def _shared(lab: Lab, name: str) -> None:
    key, now = f"lab.shared.{name}", lab.shared[name]
    show(key, now)
    st.slider(LABELS[name], 0.0, 1.0, now, 0.01, key=key, help="For all algorithms, unless it is swept.",
              on_change=lambda: lab.share(name, st.session_state[key]))


def _swept(lab: Lab, number: int) -> None:
    name, values = lab.swept[number]
    options = ["", *dict.fromkeys([*lab.sweepable, *([name] if name else [])])]
    which, what = st.columns([2, 3])
    key = f"lab.swept.{number}"
    with which:
        show(key, name)
        st.selectbox("sweep" if number == 0 else "and sweep", options, options.index(name), key=key,
                     format_func=lambda option: _setting(option) if option else "nothing",
                     help="A setting that takes several values; with two, each of one meets each of the other.",
                     on_change=lambda: lab.sweep_over(number, st.session_state[key]))
    with what:
        (_words if lab.options(name) else _numbers)(lab, number, name, values)


def _numbers(lab: Lab, number: int, name: str, values: str) -> None:
    key = f"lab.values.{number}"
    show(key, values)
    st.text_input("over", values, LONGEST_LIST, key=key, help=HOW, disabled=not name,
                  on_change=lambda: _sweep(lab, number, name, st.session_state[key]))


def _words(lab: Lab, number: int, name: str, values: str) -> None:
    key, words = f"lab.words.{number}.{name}", lab.options(name)
    now = _chosen(values, words)
    show(key, now)
    st.multiselect("over", words, now, key=key, help="The values it takes, one after the other.",
                   on_change=lambda: _sweep(lab, number, name, spell_values(tuple(st.session_state[key]))))


def _chosen(values: str, words: tuple[str, ...]) -> list[str]:
    try:
        return [str(value) for value in parse_values(values) if value in words]
    except ValueError:
        return []


def _edit(lab: Lab, number: int) -> None:
    step, _, changes = lab.edits[number].partition(",")
    words, button = st.columns([4, 1], vertical_alignment="center")
    words.markdown(f"From step {plain(step)} on: {plain(changes)}")
    button.button("", key=f"lab.edit.{number}", icon=":material/delete:", on_click=lab.drop_edit, args=(number,),
                  width="stretch", help="Takes this change in mid-run away.")


def _new_edit(lab: Lab) -> None:
    key = "lab.edit.new"

    def added() -> None:
        text, st.session_state[key] = st.session_state[key], ""
        if text.strip():
            lab.add_edit(text)

    st.text_input("a change in mid-run", key=key, max_chars=LONGEST_LIST, on_change=added,
                  placeholder="1000,epsilon:0", help="From which step on, and what is set then, as in links; settings "
                  "of the world begin with env., as in 1000,env.slippery:yes.")


def _setting(name: str) -> str:
    return LABELS.get(name, name.removeprefix("env.").replace("_", " ") + (" (world)" if "." in name else ""))


def _sweep(lab: Lab, number: int, name: str, values: str) -> None:
    lab.swept[number] = name, values


def _whole(lab: Lab, name: str) -> None:
    key, (low, high, says) = f"lab.{name}", WHOLE[name]
    show(key, getattr(lab, name))
    st.number_input(name.replace("_", " ") if name != "last" else "averaged over", low, high, getattr(lab, name),
                    key=key, help=says, on_change=lambda: setattr(lab, name, st.session_state[key] or low))


def _measure(lab: Lab) -> None:
    key = "lab.measure"
    show(key, lab.measure)
    options = list(dict.fromkeys([*OFFERED, lab.measure]))
    st.selectbox("measure", options, options.index(lab.measure), key=key, format_func=lambda m: MEASURES[m].title,
                 help=MEASURES[lab.measure].help, on_change=lambda: setattr(lab, "measure", st.session_state[key]))


def _threshold(lab: Lab) -> None:
    key = "lab.threshold"
    show(key, lab.threshold)
    st.number_input("threshold", -MOST_THRESHOLD, MOST_THRESHOLD, lab.threshold, key=key, format="%g",
                    help="The mean return of the last episodes that counts as “learned”, for the steps to threshold.",
                    on_change=lambda: setattr(lab, "threshold", float(st.session_state[key] or 0.0)))


def _more(lab: Lab) -> None:
    with st.popover("More", icon=":material/tune:", width="stretch", help="The settings of each algorithm and world"):
        _whole(lab, "first_seed")
        _new_edit(lab)
        for part in ("agents", "worlds"):
            for slug, thing in getattr(lab, part).items():
                names = [name for name in knobs(thing) if name not in SHARED or _is_own(lab, name)]
                if names:
                    st.markdown(f"**{thing.title}**")
                    knob_widgets(f"lab.{slug}", thing, names, partial(lab.turn, part, slug))


def _is_own(lab: Lab, name: str) -> bool:
    """Tells whether the algorithms differ in a setting that is offered for all."""
    return len({getattr(agent, name) for agent in lab.agents.values()}) > 1
