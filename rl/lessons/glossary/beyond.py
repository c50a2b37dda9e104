"""Terms of what lies beyond tables: functions in their place, language models."""

from rl.lessons.glossary.term import Term

TERMS = (
    Term("function approximation", "Storing values in a formula with few numbers instead of a table, so that similar "
         "states share what is learned.", "loop", "q(s, a, w)", ("function approximator",),
         ("Q-table", "neural network", "binning")),
    Term("binning", "Cutting a continuous observation into a few boxes so that a table can be used.", "loop", "",
         ("bins", "binned", "discretisation"), ("function approximation", "observation"), "barto_1983"),
    Term("continuous", "Taking any value in a range, such as an angle, so that no table can list all states.", "loop",
         "", ("continuous state", "continuous observation"), ("binning", "function approximation")),
    Term("large language model", "A neural network trained to continue text; by being prompted alone it learns "
         "nothing, since no weight changes.", None, "LLM", ("large language models", "LLM", "language model"),
         ("RLHF", "neural network")),
    Term("RLHF", "Reinforcement learning from human feedback: the reward is itself learned from which of two answers "
         "people prefer.", None, "", ("reinforcement learning from human feedback",),
         ("reward model", "large language model"), "christiano_2017"),
    Term("reward model", "A network that predicts which answer people would prefer, and stands in for the reward.",
         None, "", ("reward models",), ("RLHF", "reward hacking"), "christiano_2017"),
)
