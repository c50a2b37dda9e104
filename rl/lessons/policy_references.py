"""Where policies learned by their gradient come from, and the networks that hold them."""

from rl.lessons.reference import Reference

POLICIES = (
    Reference("amari_1998", "S. Amari", 1998, "Natural gradient works efficiently in learning", "Neural Computation 10",
              "https://doi.org/10.1162/089976698300017746", "the natural gradient"),
    Reference("glorot_2010", "X. Glorot, Y. Bengio", 2010, "Understanding the difficulty of training deep feedforward "
              "neural networks", "AISTATS 13", None, "why the first weights of a network are as large as they are"),
    Reference("greensmith_2004", "E. Greensmith, P. L. Bartlett, J. Baxter", 2004, "Variance reduction techniques for "
              "gradient estimates in reinforcement learning", "Journal of Machine Learning Research 5",
              "https://www.jmlr.org/papers/v5/greensmith04a.html", "what baselines do to the variance"),
    Reference("he_2015", "K. He, X. Zhang, S. Ren, J. Sun", 2015, "Delving deep into rectifiers: surpassing "
              "human-level performance on ImageNet classification", "ICCV", "https://arxiv.org/abs/1502.01852",
              "the first weights of layers with ReLU"),
    Reference("henderson_2018", "P. Henderson, R. Islam, P. Bachman, J. Pineau, D. Precup, D. Meger", 2018,
              "Deep reinforcement learning that matters", "AAAI 32", "https://arxiv.org/abs/1709.06560",
              "how much the seed decides"),
    Reference("kakade_2001", "S. Kakade", 2001, "A natural policy gradient", "NeurIPS 14", None,
              "the natural gradient of a policy"),
    Reference("kingma_2015", "D. P. Kingma, J. Ba", 2015, "Adam: a method for stochastic optimization", "ICLR 3",
              "https://arxiv.org/abs/1412.6980", "Adam, its recurrence number by number"),
    Reference("lecun_1998", "Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller", 1998, "Efficient BackProp",
              "Neural networks: tricks of the trade", None, "the first weights of a network"),
    Reference("mnih_2016", "V. Mnih et al.", 2016, "Asynchronous methods for deep reinforcement learning", "ICML 33",
              "https://arxiv.org/abs/1602.01783", "the actor-critic on networks"),
    Reference("moore_1990", "A. W. Moore", 1990, "Efficient memory-based learning for robot control",
              "PhD thesis, University of Cambridge", "https://www.cl.cam.ac.uk/techreports/UCAM-CL-TR-209.pdf",
              "the car in the valley"),
    Reference("neu_2017", "G. Neu, A. Jonsson, V. Gómez", 2017, "A unified view of entropy-regularized Markov decision "
              "processes", "arXiv", "https://arxiv.org/abs/1705.07798", "the objective with an entropy bonus"),
    Reference("nota_2020", "C. Nota, P. S. Thomas", 2020, "Is the policy gradient a gradient?", "AAMAS 19",
              "https://arxiv.org/abs/1906.07073", "what is lost where γᵗ is left out, as it is with networks"),
    Reference("pascanu_2013", "R. Pascanu, T. Mikolov, Y. Bengio", 2013,
              "On the difficulty of training recurrent neural networks", "ICML 30", "https://arxiv.org/abs/1211.5063",
              "cutting long gradients"),
    Reference("robbins_monro_1951", "H. Robbins, S. Monro", 1951, "A stochastic approximation method",
              "Annals of Mathematical Statistics 22", "https://doi.org/10.1214/aoms/1177729586",
              "following a gradient that is right only on average"),
    Reference("rumelhart_1986", "D. E. Rumelhart, G. E. Hinton, R. J. Williams", 1986,
              "Learning representations by back-propagating errors", "Nature 323",
              "https://doi.org/10.1038/323533a0", "the way back through a network"),
    Reference("schulman_2016", "J. Schulman, P. Moritz, S. Levine, M. I. Jordan, P. Abbeel", 2016, "High-dimensional "
              "continuous control using generalized advantage estimation", "ICLR 4",
              "https://arxiv.org/abs/1506.02438", "how far an advantage looks"),
    Reference("schulman_2017", "J. Schulman, F. Wolski, P. Dhariwal, A. Radford, O. Klimov", 2017,
              "Proximal policy optimization algorithms", "arXiv", "https://arxiv.org/abs/1707.06347", "PPO"),
    Reference("sutton_1996", "R. S. Sutton", 1996, "Generalization in reinforcement learning: successful examples "
              "using sparse coarse coding", "NeurIPS 8", None, "the acrobot"),
    Reference("sutton_2000", "R. S. Sutton, D. McAllester, S. Singh, Y. Mansour", 2000, "Policy gradient methods for "
              "reinforcement learning with function approximation", "NeurIPS 12", None, "the policy gradient theorem"),
    Reference("williams_1991", "R. J. Williams, J. Peng", 1991, "Function optimization using connectionist "
              "reinforcement learning algorithms", "Connection Science 3", "https://doi.org/10.1080/09540099108946587",
              "the entropy bonus"),
)
