"""Terms of planning: what can be worked out when the world is known."""

from rl.lessons.glossary.term import Term

FIELD = "v=1&env=grid,slip:0.2&agent={}&t=300"
CORNERS = "v=1&env=grid,map:GSSS/SSSS/SSSS/SSSG,step_reward:-1,goal_reward:0&agent=pe,gamma:1&t=42"
HAND = "v=1&env=grid,map:S.../..../...G,step_reward:0&agent=vi,backups:in%20place,sequence:{}&t=0"

TERMS = (
    Term("planning", "Working out what to do from a model of the world, without acting in it.", "planning", "",
         ("plan", "plans"), ("model", "dynamic programming", "Dyna"), None, FIELD.format("vi")),
    Term("model", "What says how the world answers: the chances of next states, and the rewards.", "planning", "p",
         ("models", "model-based", "model-free", "fog"), ("planning", "transition probability", "Dyna"), None,
         FIELD.format("vi")),
    Term("dynamic programming", "Solving a known world exactly by working values back from state to state.",
         "planning", "DP", (), ("value iteration", "policy iteration", "Bellman equation"), "bellman_1957",
         FIELD.format("vi")),
    Term("backup", "One look ahead from a state, and what it finds written down as the value of that state.",
         "planning", "", ("backups", "expected update"), ("sweep", "Bellman equation", "synchronous"),
         "sutton_barto_2018", FIELD.format("vi")),
    Term("sweep", "One backup of every state, one after the other.", "planning", "", ("sweeps", "sweeping"),
         ("backup", "synchronous", "in place"), "sutton_barto_2018", FIELD.format("vi")),
    Term("synchronous", "Every backup of a sweep sees the values as the sweep before left them.", "planning", "vₖ",
         ("synchronously", "synchronous backups"), ("in place", "asynchronous", "contraction"), None,
         FIELD.format("vi")),
    Term("in place", "Each backup sees what this sweep has found already, so that the order of states matters.",
         "planning", "", ("in-place", "order of states", "sequence"), ("synchronous", "asynchronous"), None,
         FIELD.format("vi,backups:in%20place,sequence:backwards")),
    Term("asynchronous", "Backing up states in any order, some often and some never, as long as none that matters is "
         "left out for ever.", "planning", "", ("asynchronous dynamic programming", "by hand", "clicks"),
         ("in place", "prioritised sweeping"), "bertsekas_1982", HAND.format("by%20hand")),
    Term("policy evaluation", "Working out what a policy is worth in every state, sweep by sweep.", "planning", "vπ",
         ("evaluate", "evaluates"), ("policy improvement", "policy iteration", "prediction"), "sutton_barto_2018",
         CORNERS),
    Term("policy improvement", "Making a policy greedy on its own values: the new one is better everywhere, or as "
         "good.", "planning", "π′ ≥ π", ("improvement", "improvements", "policy improvement theorem"),
         ("policy evaluation", "policy iteration", "greedy"), "howard_1960", CORNERS),
    Term("policy iteration", "Values a policy, makes it greedy on those values, and repeats until it no longer "
         "changes.", "planning", "", ("first policy", "first", "modified policy iteration"),
         ("policy evaluation", "policy improvement", "value iteration"), "howard_1960",
         "v=1&env=cars&agent=pi,first:5&t=1323"),
    Term("generalised policy iteration", "Letting evaluation and improvement take turns, however coarsely: what all "
         "learning of values does.", "planning", "GPI", ("generalized policy iteration",),
         ("policy iteration", "control"), "sutton_barto_2018", FIELD.format("pi")),
    Term("value iteration", "Sweeps over all states, setting each value to the best one ahead, until nothing changes.",
         "planning", "", (), ("policy iteration", "Bellman equation", "contraction"), "puterman_1994",
         FIELD.format("vi")),
    Term("Bellman equation", "Says that a value is the reward to be expected next plus the discounted value of where "
         "that leads.", "planning", "v(s) = E[R + γ v(S′)]", ("Bellman equations", "Bellman"),
         ("state value", "value iteration"), "bellman_1957", FIELD.format("vi")),
    Term("contraction", "A step that brings any two guesses closer: each sweep multiplies the largest error by γ at "
         "the most.", "planning", "γᵏ", ("contracts", "contraction mapping"), ("discount", "convergence", "sweep"),
         "puterman_1994", "v=1&env=five&agent=vi&t=500"),
)
