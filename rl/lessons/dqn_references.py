"""Where deep Q-networks come from, what was added to them, and who showed how they fail."""

from rl.lessons.reference import Reference

DEEP = (
    Reference("baird_1995", "L. Baird", 1995, "Residual algorithms: reinforcement learning with function approximation",
              "ICML 12", None, "values that grow without end under bootstrapping, off-policy, with a function for a "
              "table"),
    Reference("bellemare_2016", "M. G. Bellemare, G. Ostrovski, A. Guez, P. S. Thomas, R. Munos", 2016,
              "Increasing the action gap: new operators for reinforcement learning", "AAAI 30",
              "https://arxiv.org/abs/1512.04860", "the action gap"),
    Reference("fedus_2020", "W. Fedus, P. Ramachandran, R. Agarwal, Y. Bengio, H. Larochelle, M. Rowland, W. Dabney",
              2020, "Revisiting fundamentals of experience replay", "ICML 37", "https://arxiv.org/abs/2007.06700",
              "the replay ratio, and what the capacity of a memory does"),
    Reference("hessel_2018", "M. Hessel et al.", 2018, "Rainbow: combining improvements in deep reinforcement learning",
              "AAAI 32", "https://arxiv.org/abs/1710.02298", "n steps in a DQN, and what each addition is worth"),
    Reference("huber_1964", "P. J. Huber", 1964, "Robust estimation of a location parameter",
              "Annals of Mathematical Statistics 35", "https://doi.org/10.1214/aoms/1177703732", "Huber's loss"),
    Reference("lillicrap_2016", "T. P. Lillicrap et al.", 2016, "Continuous control with deep reinforcement learning",
              "ICLR 4", "https://arxiv.org/abs/1509.02971", "a target network that is a running average"),
    Reference("mccloskey_1989", "M. McCloskey, N. J. Cohen", 1989, "Catastrophic interference in connectionist "
              "networks: the sequential learning problem", "Psychology of Learning and Motivation 24",
              "https://doi.org/10.1016/S0079-7421(08)60536-8", "forgetting by learning something else"),
    Reference("schaul_2016", "T. Schaul, J. Quan, I. Antonoglou, D. Silver", 2016, "Prioritized experience replay",
              "ICLR 4", "https://arxiv.org/abs/1511.05952", "prioritised replay and its importance weights"),
    Reference("thrun_1993", "S. Thrun, A. Schwartz", 1993, "Issues in using function approximation for reinforcement "
              "learning", "Connectionist Models Summer School", None, "how max turns errors into over-estimates"),
    Reference("van_hasselt_2016", "H. van Hasselt, A. Guez, D. Silver", 2016,
              "Deep reinforcement learning with double Q-learning", "AAAI 30", "https://arxiv.org/abs/1509.06461",
              "Double DQN, and over-estimation in a DQN"),
    Reference("van_hasselt_2018", "H. van Hasselt, Y. Doron, F. Strub, M. Hessel, N. Sonnerat, J. Modayil", 2018,
              "Deep reinforcement learning and the deadly triad", "arXiv", "https://arxiv.org/abs/1812.02648",
              "values beyond what is possible, which often come back"),
    Reference("wang_2016", "Z. Wang, T. Schaul, M. Hessel, H. van Hasselt, M. Lanctot, N. de Freitas", 2016,
              "Dueling network architectures for deep reinforcement learning", "ICML 33",
              "https://arxiv.org/abs/1511.06581", "dueling heads"),
)
