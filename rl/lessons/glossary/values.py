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
    Term("temporal-difference learning", "Learning an estimate from the next estimate, step by step, without waiting "
         "for the end of the episode.", "q_learning", "TD", ("TD learning", "temporal difference", "TD"),
         ("TD error", "bootstrapping", "Monte Carlo"), "sutton_1988"),
    Term("bootstrapping", "Learning one estimate from another estimate: quick, and sometimes misled by it.",
         "q_learning", "", ("bootstraps", "bootstrap target"), ("target", "Monte Carlo", "truncation")),
    Term("Monte Carlo", "Learning from whole returns, once the episode is over, without looking at other estimates.",
         None, "", ("Monte Carlo method", "Monte Carlo methods"), ("return", "bootstrapping", "variance"),
         "sutton_barto_2018"),
    Term("Q-learning", "Learns the best action values by taking, in the target, the best value ahead whatever is done "
         "next.", "q_learning", "", ("Q-learner",), ("off-policy", "SARSA", "target"), "watkins_1989"),
    Term("SARSA", "Learns the value of what it really does: its target takes the action that is tried next, exploring "
         "included.", None, "", (), ("on-policy", "Q-learning", "expected SARSA"), "rummery_1994"),
    Term("expected SARSA", "SARSA with the average over the next actions in its target, instead of the one that is "
         "taken.", None, "", (), ("SARSA", "variance"), "van_seijen_2009"),
    Term("double Q-learning", "Keeps two tables, one to choose the best action ahead and one to value it, so that luck "
         "is not taken for value.", None, "", ("double learning",), ("maximisation bias", "Q-learning"),
         "van_hasselt_2010"),
    Term("maximisation bias", "The best of several noisy estimates tends to be too high, and a target that takes the "
         "best inherits that.", "bandits", "", ("maximization bias", "overestimation"), ("double Q-learning", "bias"),
         "van_hasselt_2010"),
    Term("off-policy", "Learning about one policy while acting by another.", "q_learning", "", ("off policy",),
         ("on-policy", "Q-learning")),
    Term("on-policy", "Learning about the very policy one acts by, exploration included.", "q_learning", "",
         ("on policy",), ("off-policy", "SARSA")),
    Term("eligibility trace", "A fading memory of the states just visited, so that one surprise corrects all of them.",
         None, "z, λ", ("eligibility traces",), ("credit assignment", "temporal-difference learning"), "sutton_1988"),
    Term("convergence", "Settling down: with more experience the estimates come, and stay, as close to the truth as "
         "one likes.", "q_learning", "", ("converge", "converges", "converged"), ("step size", "optimal policy"),
         "watkins_1992"),
    Term("planning", "Working out what to do from a model of the world, without acting in it.", "q_learning", "",
         ("plan", "plans"), ("model", "dynamic programming", "Dyna")),
    Term("model", "What says how the world answers: the chances of next states, and the rewards.", "q_learning", "",
         ("models", "model-based", "model-free", "fog"), ("planning", "transition probability", "Dyna")),
    Term("dynamic programming", "Solving a known world exactly by working values back from state to state.",
         "q_learning", "", (), ("value iteration", "policy iteration", "Bellman equation"), "bellman_1957"),
    Term("value iteration", "Sweeps over all states, setting each value to the best one ahead, until nothing changes.",
         "q_learning", "", (), ("policy iteration", "Bellman equation"), "puterman_1994"),
    Term("policy iteration", "Values a policy exactly, makes it greedy on those values, and repeats until it no longer "
         "changes.", "q_learning", "", ("policy evaluation", "policy improvement"), ("value iteration", "greedy"),
         "howard_1960"),
    Term("Bellman equation", "Says that a value is the reward to be expected next plus the discounted value of where "
         "that leads.", "q_learning", "v(s) = E[R + γ v(S′)]", ("Bellman equations", "Bellman"),
         ("state value", "value iteration"), "bellman_1957"),
    Term("Dyna", "Learns a model from experience and also from steps imagined with that model.", None, "", ("Dyna-Q",),
         ("model", "planning", "replay memory"), "sutton_1991"),
    Term("tie", "Two or more actions that look equally good: all of them are greedy, and one is picked at random.",
         "q_learning", "", ("ties",), ("greedy", "optimal policy")),
)
