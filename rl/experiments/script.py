"""Write a whole experiment out as one Python script, made of the very lines that run here."""

from rl.experiments.config import Experiment
from rl.experiments.work import Task
from rl.standalone import Parts

MAIN = '''

def main():
    """Runs it all, one run after the other, and saves a row for each; compiled code and more cores are left out."""
    with open("results.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\\n")
        writer.writerow(["condition", "seed", *EXACT])
        for number, condition in enumerate(CONDITIONS, 1):
            rows = [one_run(condition, seed) for seed in SEEDS]
            writer.writerows(rows)
            middle = np.median([row[2 + EXACT.index(MEASURE)] for row in rows])
            print(f"{number} of {len(CONDITIONS)}: {condition.label}: median {MEASURE} {middle:.6g}", flush=True)


def one_run(condition, seed):
    """Returns the row of one seed."""
    run, curves = play(condition, seed, TASK.episodes, min(TASK.patience, last_step(condition)))
    numbers = numbers_of(run, curves, TASK)
    return [condition.label, seed, *(numbers[name] for name in EXACT)]


def last_step(condition):
    """Returns the step at which a run is cut by rule."""
    env, agent = condition.edits[-1][1:] if condition.edits else (condition.env, condition.agent)
    return min(env.last_step, agent.last_step, TASK.patience)


if __name__ == "__main__":
    main()
'''
CONDITION = '''


class Condition(NamedTuple):
    """The settings of some runs, and those that replace them in mid-run."""

    label: str
    env: World
    agent: Agent
    edits: tuple[Edit, ...] = ()

'''


def script(experiment: Experiment) -> str:
    """Returns the source of a script that makes every run of an experiment and saves what was measured."""
    e, parts = experiment, Parts()
    timelines = [condition.timeline for condition in e.plan.conditions]
    stages = [stage for run in timelines for stage in ((run.env, run.agent), *(edit[1:] for edit in run.edits))]
    for kind in dict.fromkeys(type(thing) for stage in stages for thing in stage):
        parts.add(kind.__name__, kind.__module__)
    for name, module in (("Edit", "rl.timeline"), ("play", "rl.trials"), ("EXACT", "rl.experiments.measures"),
                         ("Task", "rl.experiments.work"), ("numbers_of", "rl.experiments.work")):
        parts.add(name, module)
    parts.imports |= {"import csv", "from typing import NamedTuple"}
    return parts.program("An experiment", "its table of results") + CONDITION + _settings(e) + MAIN


def _settings(e: Experiment) -> str:
    task = Task(e.episodes, e.patience, e.threshold, e.last)
    measure = "steps" if e.measure == "seconds" else e.measure  # how long it takes here says nothing of there
    rows = "\n".join(f"    Condition({c.label!r}, {c.timeline.env!r}, {c.timeline.agent!r}, {c.timeline.edits!r}),"
                     for c in e.plan.conditions)
    seeds = f"range({e.first_seed}, {e.first_seed + e.seeds})"
    return f"\nSEEDS = {seeds}\nTASK = {task!r}\nMEASURE = {measure!r}\nCONDITIONS = [\n{rows}\n]\n"
