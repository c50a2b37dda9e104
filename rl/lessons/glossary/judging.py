"""Terms of judging what was learned, and of luck."""

from rl.lessons.glossary.term import Term

TERMS = (
    Term("seed", "A number from which all the luck of a run follows: the same seed and settings give the same run.",
         "q_learning", "", ("seeds",), ("run", "random number generator")),
    Term("run", "One agent learning under one seed from the beginning; here any moment of it can be visited again.",
         "q_learning", "", ("runs",), ("seed", "episode")),
    Term("random number generator", "A rule that makes numbers that look like chance; here they depend only on seed, "
         "step and purpose.", "loop", "", ("dice", "die", "random numbers"), ("seed",), "salmon_2011"),
    Term("learning curve", "Return or another measure of success, drawn over the episodes or steps of learning.",
         "q_learning", "", ("learning curves", "curve", "curves"), ("training return", "confidence interval")),
    Term("training return", "The return an agent gets while it learns, its exploring included: not the quality of the "
         "policy it has learned.", "q_learning", "", ("training returns", "online return"),
         ("return", "greedy", "exploration")),
    Term("mean", "The average: the sum divided by how many there are.", "q_learning", "", ("average", "averages"),
         ("median", "interquartile mean")),
    Term("median", "The middle one when all are put in order.", "q_learning", "", ("medians",),
         ("mean", "interquartile mean")),
    Term("interquartile mean", "The average of the middle half of the runs: the best and the worst quarter are left "
         "out.", "experiments", "IQM", ("IQM",), ("mean", "bootstrap interval"), "agarwal_2021"),
    Term("expectation", "The average over all that may happen, each outcome weighted by its chance.", "bandits", "E",
         ("expectations", "expected value"), ("mean", "variance")),
    Term("variance", "How widely a number is scattered about its average from one time to the next.", "bandits", "σ²",
         ("variances", "standard deviation"), ("bias", "baseline")),
    Term("bias", "How far an estimate is off on average, however often it is repeated.", "bandits", "",
         ("biased", "unbiased"), ("variance", "maximisation bias")),
    Term("confidence interval", "A range made so that it holds the true number in most repetitions, such as 95 of 100.",
         "q_learning", "", ("confidence intervals", "confidence band", "band"), ("bootstrap interval", "UCB")),
    Term("bootstrap interval", "A confidence interval found by drawing again and again from the runs one has; not to "
         "be confused with bootstrapping.", "experiments", "", ("bootstrap", "bootstrap intervals",
         "stratified bootstrap"), ("confidence interval", "bootstrapping"), "efron_1979"),
    Term("calibration", "Whether what is said with a certain confidence comes true that often.", "loop", "",
         ("calibrated",), ("confidence interval",)),
    Term("performance profile", "For every level of success, the share of runs that reach it: higher everywhere is "
         "better.", "experiments", "", ("performance profiles",), ("interquartile mean", "probability of improvement"),
         "agarwal_2021"),
    Term("probability of improvement", "How likely a run of one algorithm is to beat a run of another, in the same "
         "world.", "experiments", "P(X > Y)", (), ("performance profile", "confidence interval"), "agarwal_2021"),
    Term("sensitivity curve", "Success over the values of one setting: often a hill or a U, too little on one side and "
         "too much on the other.", "experiments", "", ("sensitivity curves", "sensitivity"),
         ("parameter study", "hyperparameter")),
    Term("area under the curve", "A learning curve's height, averaged over its length: rewards learning early, too.",
         "experiments", "AUC", (), ("learning curve",)),
)
