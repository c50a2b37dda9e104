"""The lesson on experiments: an idea alone, for what is tried there are sweeps, and no run that a check could judge."""

from rl.lessons.lesson import Lesson

LESSON = Lesson(
    slug="experiments",
    title="Experiments",
    teaches="How to find out which algorithm and which settings are better, and how sure one can be.",
    minutes=20,
    idea="One [[seed]] proves nothing. Choose algorithms, worlds and settings, and let many seeds decide: a "
         "[[learning curve]] with its [[confidence band]], a [[sensitivity curve]] for each setting, and the chance "
         "that one is better than the other. Every point leads to the [[runs]] behind it.",
    tasks=(),
)
