"""Terms of the family of rules that learn values from experience."""

from rl.lessons.glossary.term import Term

CLIFF = "v=1&env=cliff&agent={},epsilon:0.1,alpha:0.5,gamma:1&seed=4&t=6000"
MAZE = "v=1&env=maze&agent={},epsilon:0.1,alpha:0.1,gamma:0.95&seed=4&t=1500"
WALK = "v=1&env=walk&agent={},initial:0.5&seed=1&t={}"
LONG_WALK = "v=1&env=walk,states:19,left_reward:-1&agent={},alpha:0.4&seed=1&t=400"
BIAS = "v=1&env=bias&agent={},epsilon:0.1,alpha:0.1,gamma:1&seed=2&t=200"

TERMS = (
    Term("temporal-difference learning", "Learning an estimate from the next estimate, step by step, without waiting "
         "for the end of the episode.", "prediction", "TD", ("TD learning", "temporal difference", "TD"),
         ("TD error", "bootstrapping", "Monte Carlo"), "sutton_1988", WALK.format("td", 300)),
    Term("bootstrapping", "Learning one estimate from another estimate: quick, and sometimes misled by it.",
         "prediction", "", ("bootstraps", "bootstrap target"), ("target", "Monte Carlo", "truncation"), None,
         WALK.format("td", 3)),
    Term("prediction", "Learning what a policy is worth, without changing it.", "prediction", "vπ", ("predict",),
         ("control", "state value", "policy evaluation"), "sutton_barto_2018", WALK.format("td", 300)),
    Term("control", "Learning to act: a policy is made better while it is being valued.", "q_learning", "",
         (), ("prediction", "Q-learning", "generalised policy iteration"), "sutton_barto_2018"),
    Term("TD(0)", "Moves the value of a state towards the reward plus the discounted value of the next state, after "
         "every step.", "prediction", "V(S)", ("one-step TD",), ("TD(λ)", "n-step", "TD error"), "sutton_1988",
         WALK.format("td", 300)),
    Term("Monte Carlo", "Learning from whole returns, once the episode is over, without looking at other estimates.",
         "prediction", "G", ("Monte Carlo method", "Monte Carlo methods", "MC"),
         ("return", "bootstrapping", "exploring starts", "first visit"), "sutton_barto_2018", WALK.format("mcp", 300)),
    Term("first visit", "Whether a state met twice in an episode counts once, from its first visit, or every time.",
         "prediction", "", ("first visits", "first-visit", "every visit", "every-visit", "visit"), ("Monte Carlo",),
         "sutton_barto_2018", WALK.format("mcp,visit:every", 300)),
    Term("exploring starts", "Beginning each episode with any state and any action, so that all of them are tried.",
         "q_learning", "", ("starts", "exploring start"), ("Monte Carlo", "exploration"), "sutton_barto_2018",
         "v=1&env=blackjack&agent=mc,epsilon:0,gamma:1,starts:exploring%20starts&seed=1&t=20000"),
    Term("random walk", "States in a row with an end on either side: every step goes left or right by a coin.",
         "prediction", "", ("left_reward", "right_reward"), ("prediction", "TD(0)"), "sutton_barto_2018",
         WALK.format("td", 300)),
    Term("Q-learning", "Learns the best action values by taking, in the target, the best value ahead whatever is done "
         "next.", "q_learning", "", ("Q-learner",), ("off-policy", "SARSA", "target"), "watkins_1989",
         CLIFF.format("q")),
    Term("SARSA", "Learns the value of what it really does: its target takes the action that is tried next, exploring "
         "included.", "q_learning", "", (), ("on-policy", "Q-learning", "expected SARSA"), "rummery_1994",
         CLIFF.format("sarsa")),
    Term("expected SARSA", "SARSA with the average over the next actions in its target, instead of the one that is "
         "taken.", "q_learning", "", (), ("SARSA", "variance"), "van_seijen_2009", CLIFF.format("esarsa")),
    Term("double Q-learning", "Keeps two tables, one to choose the best action ahead and one to value it, so that luck "
         "is not taken for value.", "q_learning", "Q₁, Q₂", ("double learning", "double Q"),
         ("maximisation bias", "Q-learning"), "van_hasselt_2010", BIAS.format("doubleq")),
    Term("maximisation bias", "The best of several noisy estimates tends to be too high, and a target that takes the "
         "best inherits that.", "q_learning", "", ("maximization bias", "actions_in_b"),
         ("double Q-learning", "bias"), "van_hasselt_2010", BIAS.format("q")),
    Term("off-policy", "Learning about one policy while acting by another.", "q_learning", "", ("off policy",),
         ("on-policy", "Q-learning"), None, CLIFF.format("q")),
    Term("on-policy", "Learning about the very policy one acts by, exploration included.", "q_learning", "",
         ("on policy",), ("off-policy", "SARSA"), None, CLIFF.format("sarsa")),
    Term("n-step", "Counts n rewards before the estimate of the rest: one is TD(0), all of them Monte Carlo.",
         "prediction", "n", ("n-step TD", "n-step SARSA", "n-step return", "n steps", "n"), ("TD(0)", "Monte Carlo"),
         "sutton_barto_2018", LONG_WALK.format("ntd,n:3")),
    Term("tree backup", "An n-step rule that also counts what the actions not taken are believed to be worth.",
         "q_learning", "", (), ("n-step", "expected SARSA", "off-policy"), "precup_2000", CLIFF.format("tree")),
    Term("eligibility trace", "A fading memory of the states just visited, so that one surprise corrects all of them.",
         "q_learning", "z", ("eligibility traces", "trace", "traces", "accumulating trace", "replacing trace"),
         ("lambda", "credit assignment", "SARSA(λ)"), "singh_1996", MAZE.format("sarsal")),
    Term("lambda", "How much of a trace is left after each step, besides the discount: 0 credits the last step only, 1 "
         "the whole episode.", "q_learning", "λ", ("λ", "lam", "trace decay"), ("eligibility trace", "n-step"),
         "sutton_1988", MAZE.format("sarsal")),
    Term("TD(λ)", "Shares every TD error with the states that led to it, by their traces.", "prediction", "",
         ("TD lambda",), ("eligibility trace", "TD(0)"), "sutton_1988", LONG_WALK.format("tdl,lam:0.4")),
    Term("SARSA(λ)", "SARSA with traces: each error corrects all actions that led to it.", "q_learning", "",
         ("SARSA lambda",), ("SARSA", "eligibility trace"), "rummery_1994", MAZE.format("sarsal")),
    Term("Q(λ)", "Watkins's Q-learning with traces, which are cut whenever an action explores.", "q_learning", "",
         ("Q lambda", "Watkins's Q(λ)"), ("Q-learning", "eligibility trace", "off-policy"), "watkins_1989",
         MAZE.format("ql")),
    Term("Dyna", "Learns a model from experience and also from steps imagined with that model.", "q_learning", "",
         ("Dyna-Q", "planning steps", "layout"), ("model", "planning", "Dyna-Q+", "replay memory"), "sutton_1991",
         MAZE.format("dyna")),
    Term("Dyna-Q+", "Dyna-Q with a bonus, in its imagined steps, for what was not tried for long: it notices when the "
         "world has changed.", "q_learning", "κ √τ", ("kappa", "curiosity"), ("Dyna", "exploration", "nonstationary"),
         "sutton_1990", "v=1&env=maze,layout:shortcut:%20closed&agent=dynaplus,epsilon:0.1,alpha:0.5,gamma:0.95"
         "&seed=0&edits=3000,env.layout:shortcut:%20open&t=4000"),
    Term("prioritised sweeping", "Plans first where a value would change the most, and then in the states that lead "
         "there.", "q_learning", "", ("prioritized sweeping", "priority", "theta"), ("Dyna", "planning", "sweep"),
         "moore_1993", MAZE.format("sweep")),
)
