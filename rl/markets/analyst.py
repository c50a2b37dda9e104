"""An analyst made of rules: a few words that are good or bad, and what turns them round. It is no language model.

Whoever wrote its words had read the shipped headlines, those of the test days too: that it reads them well says little.
"""

import re

GOOD_WORDS = """
accelerate accelerates approves beat beats best boosts breakthrough buyback celebrates climb delight delights double
doubles exceed exceeds gain gains grow grows growth high higher jump jumps lift lifts outperforms profit profits raise
raises record rise rises rose secures soar soars speeds strong strongest strongly surge surges top tops triples up
upgrade upgrades widen widens win wins
"""
BAD_WORDS = """
admits collapse collapses cut cuts damage damaged damages decline declines default defaults deficit delayed
disappoints doubts down downgrade downgrades drop drops fail fails fall falls faults fears fell fine fire fraud halves
hit junk lawsuit lays lose loses loss losses low lower lowers miss misses plunges probe recalls rejects risk shortage
shrink shrinks shuts sinks slashes slide slides slump slumps struggles sued suffers suspends tumble tumbles warning
warns weak weaker worse worst
"""
TURNS = frozenset(("no", "not", "never", "without", "avoids", "escapes", "denies",
                   "ends", "drops", "fewer", "less", "smaller", "narrow", "narrows"))
"""The nearest good or bad word behind one of these, at most three words on, counts the other way."""
REACH = 3
SHARPLY = "sharply"
GOOD, BAD = frozenset(GOOD_WORDS.split()), frozenset(BAD_WORDS.split())


def score(text: str) -> float:
    """Returns (good - bad) / (good + bad) over the words of a text, each turned round where it should be; 0 for none.

    What rose sharply counts twice, as what fell sharply does.
    """
    words = re.findall(r"[a-z]+", text.lower())
    total, weight, turned = 0.0, 0.0, -1
    for i, word in enumerate(words):
        value = (word in GOOD) - (word in BAD)
        if value:
            size = 2.0 if SHARPLY in words[i + 1 : i + 2] else 1.0
            total += size * (-value if i <= turned else value)
            weight += size
            turned = -1 if i <= turned else turned
        if word in TURNS:
            turned = i + REACH
    return total / weight if weight else 0.0
