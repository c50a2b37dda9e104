"""Where the algorithms, the worlds and the numbers come from, and the software they were held against."""

from typing import NamedTuple

from rl.lessons.dqn_references import DEEP
from rl.lessons.policy_references import POLICIES
from rl.lessons.reference import Reference
from rl.lessons.trading_references import TRADING


class Software(NamedTuple):
    """A program that this one is built with or was compared with."""

    name: str
    package: str
    used: str
    url: str


VALUES = (
    Reference("agarwal_2021", "R. Agarwal, M. Schwarzer, P. S. Castro, A. Courville, M. G. Bellemare", 2021,
              "Deep reinforcement learning at the edge of the statistical precipice", "NeurIPS 34",
              "https://arxiv.org/abs/2108.13264", "the interquartile mean over seeds"),
    Reference("agresti_1998", "A. Agresti, B. A. Coull", 1998, "Approximate is better than “exact” for interval "
              "estimation of binomial proportions", "The American Statistician 52",
              "https://doi.org/10.1080/00031305.1998.10480550", "the interval of an arm that pays 0 or 1"),
    Reference("amodei_2016", "D. Amodei, C. Olah, J. Steinhardt, P. Christiano, J. Schulman, D. Mané", 2016,
              "Concrete problems in AI safety", "arXiv", "https://arxiv.org/abs/1606.06565", "reward hacking"),
    Reference("auer_2002", "P. Auer, N. Cesa-Bianchi, P. Fischer", 2002,
              "Finite-time analysis of the multiarmed bandit problem", "Machine Learning 47",
              "https://doi.org/10.1023/A:1013689704352", "UCB1"),
    Reference("barto_1983", "A. G. Barto, R. S. Sutton, C. W. Anderson", 1983, "Neuronlike adaptive elements that can "
              "solve difficult learning control problems", "IEEE Transactions on Systems, Man, and Cybernetics 13",
              "https://doi.org/10.1109/TSMC.1983.6313077",
              "the pole on a cart, its cutting into boxes, and the first actor-critic"),
    Reference("bellman_1957", "R. Bellman", 1957, "A Markovian decision process",
              "Journal of Mathematics and Mechanics 6", "https://doi.org/10.1512/iumj.1957.6.56038",
              "the Bellman equation"),
    Reference("bertsekas_1982", "D. P. Bertsekas", 1982, "Distributed dynamic programming",
              "IEEE Transactions on Automatic Control 27", "https://doi.org/10.1109/TAC.1982.1102980",
              "backing up states in any order"),
    Reference("christiano_2017", "P. Christiano, J. Leike, T. Brown, M. Martic, S. Legg, D. Amodei", 2017,
              "Deep reinforcement learning from human preferences", "NeurIPS 30", "https://arxiv.org/abs/1706.03741",
              "learning a reward from preferences"),
    Reference("dietterich_2000", "T. G. Dietterich", 2000, "Hierarchical reinforcement learning with the MAXQ value "
              "function decomposition", "Journal of Artificial Intelligence Research 13",
              "https://doi.org/10.1613/jair.639", "the taxi world"),
    Reference("efron_1979", "B. Efron", 1979, "Bootstrap methods: another look at the jackknife",
              "Annals of Statistics 7", "https://doi.org/10.1214/aos/1176344552", "the bands around curves"),
    Reference("howard_1960", "R. A. Howard", 1960, "Dynamic programming and Markov processes", "MIT Press", None,
              "policy iteration"),
    Reference("lai_robbins_1985", "T. L. Lai, H. Robbins", 1985, "Asymptotically efficient adaptive allocation rules",
              "Advances in Applied Mathematics 6", "https://doi.org/10.1016/0196-8858(85)90002-8",
              "the lower bound on regret"),
    Reference("lin_1992", "L.-J. Lin", 1992, "Self-improving reactive agents based on reinforcement learning, planning "
              "and teaching", "Machine Learning 8", "https://doi.org/10.1007/BF00992699", "experience replay"),
    Reference("luce_1959", "R. D. Luce", 1959, "Individual choice behavior: a theoretical analysis", "Wiley", None,
              "choosing in proportion to worth, as softmax does"),
    Reference("mann_whitney_1947", "H. B. Mann, D. R. Whitney", 1947, "On a test of whether one of two random "
              "variables is stochastically larger than the other", "Annals of Mathematical Statistics 18",
              "https://doi.org/10.1214/aoms/1177730491", "the probability of improvement"),
    Reference("michie_1968", "D. Michie, R. A. Chambers", 1968, "BOXES: an experiment in adaptive control",
              "Machine Intelligence 2", None, "a table over boxes of the observation"),
    Reference("minsky_1961", "M. Minsky", 1961, "Steps toward artificial intelligence", "Proceedings of the IRE 49",
              "https://doi.org/10.1109/JRPROC.1961.287775", "the question of credit assignment"),
    Reference("mnih_2015", "V. Mnih et al.", 2015, "Human-level control through deep reinforcement learning",
              "Nature 518", "https://doi.org/10.1038/nature14236", "DQN"),
    Reference("moore_1993", "A. W. Moore, C. G. Atkeson", 1993, "Prioritized sweeping: reinforcement learning with "
              "less data and less time", "Machine Learning 13", "https://doi.org/10.1007/BF00993104",
              "prioritised sweeping"),
    Reference("okabe_ito_2008", "M. Okabe, K. Ito", 2008, "Color universal design: how to make figures and "
              "presentations that are friendly to colorblind people", "University of Tokyo",
              "https://jfly.uni-koeln.de/color/", "colours that all can tell apart"),
    Reference("pardo_2018", "F. Pardo, A. Tavakoli, V. Levdik, P. Kormushev", 2018,
              "Time limits in reinforcement learning", "ICML 35", "https://arxiv.org/abs/1712.00378",
              "truncation is not termination"),
    Reference("peng_1993", "J. Peng, R. J. Williams", 1993, "Efficient learning and planning within the Dyna framework",
              "Adaptive Behavior 1", "https://doi.org/10.1177/105971239300100403", "prioritised sweeping in Dyna"),
    Reference("precup_2000", "D. Precup, R. S. Sutton, S. Singh", 2000,
              "Eligibility traces for off-policy policy evaluation", "ICML 17", None, "tree backup"),
    Reference("puterman_1978", "M. L. Puterman, M. C. Shin", 1978, "Modified policy iteration algorithms for "
              "discounted Markov decision problems", "Management Science 24", "https://doi.org/10.1287/mnsc.24.11.1127",
              "policy iteration with a few sweeps of evaluation"),
    Reference("puterman_1994", "M. L. Puterman", 1994, "Markov decision processes: discrete stochastic dynamic "
              "programming", "Wiley", "https://doi.org/10.1002/9780470316887",
              "the exact solutions, those without a discount too"),
    Reference("robbins_1952", "H. Robbins", 1952, "Some aspects of the sequential design of experiments",
              "Bulletin of the American Mathematical Society 58", "https://doi.org/10.1090/S0002-9904-1952-09620-8",
              "the bandit problem"),
    Reference("rummery_1994", "G. A. Rummery, M. Niranjan", 1994, "On-line Q-learning using connectionist systems",
              "Cambridge University, report CUED/F-INFENG/TR 166", None, "SARSA"),
    Reference("russo_2018", "D. Russo, B. Van Roy, A. Kazerouni, I. Osband, Z. Wen", 2018,
              "A tutorial on Thompson sampling", "Foundations and Trends in Machine Learning 11",
              "https://arxiv.org/abs/1707.02038", "Thompson sampling with Gaussian rewards"),
    Reference("salmon_2011", "J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw", 2011,
              "Parallel random numbers: as easy as 1, 2, 3", "SC '11", "https://doi.org/10.1145/2063384.2063405",
              "random numbers from a counter"),
    Reference("silver_2021", "D. Silver, S. Singh, D. Precup, R. S. Sutton", 2021, "Reward is enough",
              "Artificial Intelligence 299", "https://doi.org/10.1016/j.artint.2021.103535", "the reward hypothesis"),
    Reference("singh_1996", "S. P. Singh, R. S. Sutton", 1996, "Reinforcement learning with replacing eligibility "
              "traces", "Machine Learning 22", "https://doi.org/10.1007/BF00114726", "replacing traces"),
    Reference("steele_2014", "G. L. Steele, D. Lea, C. H. Flood", 2014,
              "Fast splittable pseudorandom number generators", "OOPSLA '14", "https://doi.org/10.1145/2660193.2660195",
              "the dice of every run"),
    Reference("sutton_1988", "R. S. Sutton", 1988, "Learning to predict by the methods of temporal differences",
              "Machine Learning 3", "https://doi.org/10.1007/BF00115009", "temporal-difference learning"),
    Reference("sutton_1990", "R. S. Sutton", 1990, "Integrated architectures for learning, planning, and reacting "
              "based on approximating dynamic programming", "ICML 7", "https://doi.org/10.1016/B978-1-55860-141-3.50030-4",
              "Dyna-Q and Dyna-Q+"),
    Reference("sutton_1991", "R. S. Sutton", 1991, "Dyna, an integrated architecture for learning, planning, and "
              "reacting", "ACM SIGART Bulletin 2", "https://doi.org/10.1145/122344.122377", "Dyna"),
    Reference("sutton_barto_1998", "R. S. Sutton, A. G. Barto", 1998, "Reinforcement learning: an introduction",
              "MIT Press, 1st edition", None, "softmax over estimates"),
    Reference("sutton_barto_2018", "R. S. Sutton, A. G. Barto", 2018, "Reinforcement learning: an introduction",
              "MIT Press, 2nd edition", "https://mitpress.mit.edu/9780262039246/reinforcement-learning/",
              "terms, symbols, algorithms, and most of the curves that the tests repeat"),
    Reference("thompson_1933", "W. R. Thompson", 1933, "On the likelihood that one unknown probability exceeds another "
              "in view of the evidence of two samples", "Biometrika 25", "https://doi.org/10.1093/biomet/25.3-4.285",
              "Thompson sampling"),
    Reference("towers_2024", "M. Towers et al.", 2024, "Gymnasium: a standard interface for reinforcement learning "
              "environments", "arXiv", "https://arxiv.org/abs/2407.17032",
              "FrozenLake, CliffWalking, Taxi, Blackjack, CartPole, Acrobot, MountainCar"),
    Reference("van_hasselt_2010", "H. van Hasselt", 2010, "Double Q-learning", "NeurIPS 23", None,
              "the maximisation bias"),
    Reference("van_seijen_2009", "H. van Seijen, H. van Hasselt, S. Whiteson, M. Wiering", 2009,
              "A theoretical and empirical analysis of expected Sarsa", "IEEE ADPRL",
              "https://doi.org/10.1109/ADPRL.2009.4927542", "expected SARSA"),
    Reference("wichura_1988", "M. J. Wichura", 1988, "Algorithm AS 241: the percentage points of the normal "
              "distribution", "Applied Statistics 37", "https://doi.org/10.2307/2347330", "normal random numbers"),
    Reference("watkins_1989", "C. J. C. H. Watkins", 1989, "Learning from delayed rewards",
              "PhD thesis, King's College, Cambridge", None, "Q-learning"),
    Reference("watkins_1992", "C. J. C. H. Watkins, P. Dayan", 1992, "Q-learning", "Machine Learning 8",
              "https://doi.org/10.1007/BF00992698", "the proof that Q-learning converges"),
    Reference("williams_1992", "R. J. Williams", 1992, "Simple statistical gradient-following algorithms for "
              "connectionist reinforcement learning", "Machine Learning 8", "https://doi.org/10.1007/BF00992696",
              "REINFORCE, its baseline, and the gradient bandit"),
)

REFERENCES = tuple(sorted((*VALUES, *POLICIES, *DEEP, *TRADING), key=lambda reference: reference.key))

SOFTWARE = (
    Software("Gymnasium", "gymnasium", "its toy texts, outcome by outcome, against our transition tables",
             "https://gymnasium.farama.org"),
    Software("NumPy", "numpy", "arrays; statistics and linear algebra to check ours with", "https://numpy.org"),
    Software("Numba", "numba", "compiles the loops; every run is the same, bit for bit, without it",
             "https://numba.pydata.org"),
    Software("Streamlit", "streamlit", "the pages", "https://streamlit.io"),
    Software("Plotly", "plotly", "the curves", "https://plotly.com/python/"),
    Software("joblib", "joblib", "spreads an experiment over threads, or over a cluster", "https://joblib.readthedocs.io"),
    Software("Apache Arrow", "pyarrow", "writes results as Parquet", "https://arrow.apache.org/docs/python/"),
    Software("Requests", "requests", "asks a language model, where you name one", "https://requests.readthedocs.io"),
    Software("urllib3", "urllib3", "what Requests stands on: an answer is read piece by piece", "https://urllib3.readthedocs.io"),
    Software("SQLAlchemy", "sqlalchemy", "keeps a language model's answers", "https://www.sqlalchemy.org"),
    Software("pygame-ce", "pygame", "Gymnasium's own pictures of CartPole", "https://pyga.me"),
    Software("Pillow", "pillow", "packs those pictures for the browser", "https://python-pillow.github.io"),
)


def by_key(key: str) -> Reference:
    """Returns a reference. Raises KeyError when there is none."""
    return {reference.key: reference for reference in REFERENCES}[key]
