"""Terms of learning a policy itself, by its gradient, in a table or in a network."""

from rl.lessons.glossary.term import Term

PAGE = "policy_gradient"
ARMS = "v=1&env=arms3&agent=ascent,alpha:0.5{}&seed=1&t=6"
HIGH = "v=1&env=arms3,mean_1:8.5,mean_2:9,mean_3:8&agent=ascent,alpha:0.5,follows:a%20sample{}&seed=4&t=0"
EDGE = "v=1&env=arms3,mean_1:0,mean_2:1,mean_3:0.5&agent=ascent,alpha:0.1,preference:4{}&seed=1&t=50"
FIELD = "v=1&env=grid,map:S.../..../...G,step_reward:-1,goal_reward:0&agent={},alpha:0.1&seed=1&t=1000"
CART = "v=1&env=cart&agent=ppo{}&seed=1&t=6000"
SWING = "v=1&env=acrobot&agent={}&seed=1&t=6000"
VALLEY = "v=1&env=mountaincar&agent=ppo&seed=5&t=12000"

TERMS = (
    Term("policy gradient", "Changes the chances of actions directly, in the direction in which the expected return "
         "grows.", PAGE, "∇J", ("policy gradients", "gradient ascent"), ("gradient", "REINFORCE", "gradient bandit"),
         "sutton_2000", ARMS.format("")),
    Term("objective", "What is to be made as large as possible: what a policy is truly worth from the start.", PAGE,
         "J(π)", ("objectives", "J", "true objective"), ("value", "gradient"), "sutton_2000", ARMS.format("")),
    Term("gradient", "The direction in which the objective rises most steeply: how much each preference or weight "
         "should change.", PAGE, "∇", ("gradients", "true gradient", "slope", "follows"),
         ("policy gradient", "natural gradient", "gradient variance"), None, ARMS.format("")),
    Term("preference", "How much an action is preferred: only differences count, and softmax turns them into chances.",
         PAGE, "θ(s, a), H(a)", ("preferences",), ("softmax policy", "gradient bandit"), "sutton_barto_2018",
         FIELD.format("ac")),
    Term("softmax policy", "A policy whose chances are the softmax of preferences, so that no action is ever quite "
         "ruled out.", PAGE, "π(a|s)", ("softmax policies",), ("softmax", "preference", "entropy"),
         "sutton_barto_2018", FIELD.format("ac")),
    Term("short corridor", "Three cells, in the second of which left and right are swapped: one who sees nothing must "
         "roll dice.", PAGE, "", ("sees", "sees nothing", "blind"), ("partial observability", "softmax policy"),
         "sutton_barto_2018", "v=1&env=corridor&agent=ascent,alpha:0.03,sees:nothing,preference:3&seed=1&t=4"),
    Term("REINFORCE", "The simplest policy gradient: makes each action taken likelier in proportion to the return that "
         "followed.", PAGE, "α γᵗ G ∇ ln π", ("REINFORCE with baseline",),
         ("policy gradient", "Monte Carlo", "baseline"), "williams_1992", FIELD.format("baseline")),
    Term("score function", "Which way the preferences must move to make an action likelier: the gradient of the "
         "logarithm of its chance.", PAGE, "∇ ln π(a|s)", ("score", "∇ ln π", "log-probability"),
         ("REINFORCE", "Fisher information"), "williams_1992", FIELD.format("reinforce")),
    Term("advantage", "How much better an action is than what the policy does on average in that state.", PAGE,
         "A(s, a) = q − v", ("advantages",), ("baseline", "generalised advantage estimation", "TD error"),
         "sutton_2000", CART.format("")),
    Term("actor-critic", "A policy that is learned together with values that judge it.", PAGE, "",
         ("actor-critics",), ("actor", "critic", "policy gradient"), "barto_1983", FIELD.format("ac")),
    Term("actor", "The part of an actor-critic that acts: its policy.", PAGE, "π", ("actors",),
         ("critic", "actor-critic"), "barto_1983", FIELD.format("ac")),
    Term("critic", "The part of an actor-critic that judges: learned values that say what was to be expected.", PAGE,
         "V", ("critics",), ("actor", "actor-critic", "baseline"), "barto_1983", FIELD.format("ac")),
    Term("gradient variance", "How widely sampled gradients scatter about the true one.", PAGE, "tr Cov(g)",
         ("cloud", "sampled gradient"), ("variance", "baseline", "batch"), "greensmith_2004", HIGH.format("")),
    Term("batch", "The episodes or steps that one gradient is the average of.", PAGE, "",
         ("batches", "batch size"), ("gradient variance", "epoch"), None,
         HIGH.format(",batch:10")),
    Term("natural gradient", "The steepest way up when steps are measured by how much the policy changes, not its "
         "preferences.", PAGE, "F⁻¹ ∇J", ("natural gradients",), ("gradient", "Fisher information", "plateau"),
         "kakade_2001", EDGE.format(",follows:the%20natural%20gradient")),
    Term("Fisher information", "How fast a policy changes with its preferences; near a corner, hardly at all.", PAGE,
         "F", ("Fisher",), ("natural gradient", "score function"), "amari_1998",
         EDGE.format(",follows:the%20natural%20gradient")),
    Term("plateau", "A stretch on which the objective hardly changes, so that its gradient is tiny, however good or "
         "bad it is there.", PAGE, "", ("plateaus",), ("gradient", "natural gradient"), None, EDGE.format("")),
    Term("entropy", "How undecided a policy is: 0 when one action is certain, largest when all are equally likely.",
         PAGE, "H(π)", ("entropies", "nat", "nats"), ("entropy bonus", "exploration"), "williams_1991",
         CART.format("")),
    Term("entropy bonus", "A small reward for being undecided, so that a policy does not become certain too soon.",
         PAGE, "β", ("entropy regularisation", "entropy regularization"), ("entropy", "exploration"), "williams_1991",
         EDGE.format(",entropy:0.2")),
    Term("PPO", "Proximal policy optimisation: learns several times from the same steps, and stops where the policy "
         "has moved too far.", PAGE, "", ("proximal policy optimisation", "proximal policy optimization"),
         ("ratio", "clip", "actor-critic"), "schulman_2017", CART.format("")),
    Term("ratio", "How much likelier an action is now than when it was taken.", PAGE, "π(A|S) / π_old(A|S)",
         ("ratios", "probability ratio"), ("clip", "PPO"), "schulman_2017", CART.format("")),
    Term("clip", "Cuts the gradient off where an action's ratio has moved far enough from 1, so that no update goes "
         "too far.", PAGE, "1 ± ε", ("clips", "clipped", "clipping", "clip range"), ("ratio", "PPO"), "schulman_2017",
         CART.format(",clip:0.1")),
    Term("epoch", "One pass over all the steps that were collected, in small batches.", PAGE, "", ("epochs",),
         ("batch", "PPO"), "schulman_2017", CART.format(",epochs:4")),
    Term("generalised advantage estimation", "Mixes advantages that look one step ahead with those that look further, "
         "by λ: from biased and calm to true and noisy.", PAGE, "GAE(λ)",
         ("GAE", "generalized advantage estimation"), ("advantage", "lambda", "bias"), "schulman_2016",
         CART.format(",lam:0.9")),
    Term("neural network", "A formula with many adjustable weights, in layers, that can be fitted to almost anything.",
         PAGE, "", ("neural networks", "network", "networks", "multilayer perceptron", "MLP", "hidden layers", "layers",
         "hidden units", "width", "activation"), ("function approximation", "backpropagation", "DQN"), None,
         CART.format("")),
    Term("backpropagation", "Works out how much each weight of a network is to blame, from the last layer back to the "
         "first.", PAGE, "", (), ("neural network", "gradient"), "rumelhart_1986", CART.format("")),
    Term("Adam", "A way to follow a noisy gradient that gives each weight a step size of its own, from what its slopes "
         "have been like.", PAGE, "", ("Adam optimiser",), ("gradient", "step size"), "kingma_2015",
         CART.format("")),
    Term("gradient clipping", "Shortens a gradient that is too long, so that no single update can ruin a network.",
         PAGE, "", ("longest", "longest gradient"), ("gradient", "Adam"), "pascanu_2013",
         CART.format(",longest:0.2")),
    Term("CartPole", "A pole on a cart, to be kept upright by pushing the cart left or right; every step pays 1.", PAGE,
         "", ("cart",), ("Acrobot", "continuous"), "barto_1983", CART.format("")),
    Term("Acrobot", "Two links that hang from a nail, to be swung up by a motor in the joint between them; every step "
         "costs 1.", PAGE, "", (), ("CartPole", "delayed reward"), "sutton_1996", SWING.format("netac")),
    Term("MountainCar", "A car in a valley, too weak to climb straight to its flag: it must first go away from it, and "
         "every step costs 1.", PAGE, "", ("mountain car",), ("Acrobot", "delayed reward"), "moore_1990", VALLEY),
)
