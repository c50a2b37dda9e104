"""Terms of values and how they are learned."""

from rl.lessons.glossary.term import Term

TERMS = (
    Term("policy", "A rule that says which action to take in each state, or with which chances.", "q_learning", "π",
         ("policies",), ("greedy", "optimal policy", "value")),
    Term("optimal policy", "A policy than which none does better from any state; there may be several, and all have "
         "the same value.", "q_learning", "π*", ("optimal policies", "optimal", "optimum"),
         ("policy", "tie", "greedy")),
    Term("value", "The return to be expected: what is still to come, not what was just paid.", "q_learning", "v, q",
         ("values", "value function"), ("state value", "action value", "return")),
    Term("state value", "The return to be expected from a state when a policy is followed.", "q_learning", "V(s), v(s)",
         ("state values",), ("action value", "Bellman equation")),
    Term("action value", "The return to be expected after taking an action in a state and following a policy from then "
         "on.", "q_learning", "Q(s, a), q(s, a)", ("action values", "Q-value", "Q-values", "Q"),
         ("Q-table", "state value")),
    Term("Q-table", "A table with one entry for every action in every state: the agent's estimates of the action "
         "values.", "q_learning", "Q", ("Q-tables", "table"), ("action value", "function approximation")),
    Term("initial value", "What the table holds before anything was tried; it is a guess, and the true value is not "
         "known.", "q_learning", "Q₀", ("initial values", "initial", "unvisited"), ("optimistic initial values",)),
    Term("discount", "How much less a reward counts for each step it lies further off: 0 sees only the next reward, "
         "near 1 sees far.", "q_learning", "γ", ("discounts", "discounted", "discounting", "gamma", "γ"),
         ("return", "horizon")),
    Term("step size", "How far each update moves an estimate towards its target: a larger one is quicker to change its "
         "mind and never settles.", "q_learning", "α", ("step sizes", "learning rate", "alpha", "α"),
         ("target", "sample average", "nonstationary")),
    Term("target", "What an update moves an estimate towards: the reward just received plus the discounted value seen "
         "ahead.", "q_learning", "R + γ max Q(S′, a)", ("targets", "update", "updates"),
         ("TD error", "bootstrapping", "target network")),
    Term("TD error", "The difference between the target and the old estimate: how surprised the agent is.",
         "q_learning", "δ", ("TD errors", "temporal-difference error"),
         ("target", "step size", "temporal-difference learning")),
    Term("convergence", "Settling down: with more experience the estimates come, and stay, as close to the truth as "
         "one likes.", "q_learning", "", ("converge", "converges", "converged"), ("step size", "optimal policy"),
         "watkins_1992"),
    Term("tie", "Two or more actions that look equally good: all of them are greedy, and one is picked at random.",
         "q_learning", "", ("ties",), ("greedy", "optimal policy")),
)
