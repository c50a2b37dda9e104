/* The loop of rl/agents/q_learning.py as a C programmer would write it, to measure ours against.
 *
 * Same tables, same counter-based random numbers, same tie-breaks, same order of every floating-point operation, and the
 * same log of returns and lengths, so the results must agree bit for bit (tests/bench/test_bench.py). What is left out
 * is what only the page needs: the log of single steps, and rates that fall.
 */
#include <stdint.h>

enum { WORLD = 1, EXPLORE, ACTION, TIE, START };

typedef struct {
    int64_t states, actions, outcomes, horizon;
    const double *cdf, *reward, *start_cdf;
    const int64_t *next_state;
    const uint8_t *terminal;
} Mdp;

typedef struct { int64_t step, state, episode, k; double ret; } Clock;

static inline uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline double uniform(uint64_t seed, uint64_t t, uint64_t stream) {
    uint64_t place = seed * 0xD1342543DE82EF95u + t * 0x9E3779B97F4A7C15u;
    return (double)(int64_t)(mix(place + stream * 0xC2B2AE3D27D4EB4Fu) >> 11) * 0x1p-53;
}

static inline int64_t greedy(const double *q, int64_t actions, uint64_t seed, uint64_t t) {
    double best = q[0];
    int64_t action = 0, ties = 1;
    for (int64_t a = 1; a < actions; a++) {
        if (q[a] > best) {
            best = q[a], action = a, ties = 1;
        } else if (q[a] == best) {
            ties++;
        }
    }
    if (ties == 1) return action;
    int64_t n = (int64_t)(uniform(seed, t, TIE) * (double)ties);
    for (action = 0; q[action] != best || n-- > 0; action++) {}
    return action;
}

static inline int64_t start_state(const Mdp *mdp, double luck) {
    int64_t low = 0, high = mdp->states - 1;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (luck < mdp->start_cdf[middle]) high = middle; else low = middle + 1;
    }
    return low;
}

void q_learning_loop(const Mdp *mdp, uint64_t seed, double *q, int64_t *visits, Clock *clock, int64_t stop_step,
                     double alpha, double gamma, double epsilon, double *returns, int64_t *lengths, int64_t rows) {
    const int64_t actions = mdp->actions, outcomes = mdp->outcomes, horizon = mdp->horizon;
    int64_t s = clock->state, episode = clock->episode, k = clock->k, t = clock->step;
    double ret = clock->ret;
    for (; t < stop_step; t++) {
        int64_t a = uniform(seed, t, EXPLORE) < epsilon
            ? (int64_t)(uniform(seed, t, ACTION) * (double)actions) : greedy(q + s * actions, actions, seed, t);
        double luck = uniform(seed, t, WORLD);
        int64_t i = (s * actions + a) * outcomes;
        while (luck >= mdp->cdf[i]) i++;
        double r = mdp->reward[i];
        int64_t next = mdp->next_state[i];
        const double *ahead = q + next * actions;
        double best = ahead[0];
        for (int64_t b = 1; b < actions; b++)
            if (ahead[b] > best) best = ahead[b];
        double discount = mdp->terminal[i] ? 0.0 : gamma;
        q[s * actions + a] += alpha * (r + discount * best - q[s * actions + a]);
        visits[s * actions + a]++;
        ret += r;
        if (mdp->terminal[i] || (0 < horizon && horizon <= k + 1)) {
            if (episode < rows) returns[episode] = ret, lengths[episode] = k + 1;
            episode++, k = 0, ret = 0.0;
            s = start_state(mdp, uniform(seed, episode, START));
        } else {
            s = next, k++;
        }
    }
    *clock = (Clock){t, s, episode, k, ret};
}
