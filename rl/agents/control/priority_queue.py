"""A queue whose most urgent entry comes out first: a binary heap in arrays, of which nothing is ever made anew.

Entries are numbers i; ``priority`` has one each, 0 for what is not in the queue. ``heap`` lists the ``n`` that are, and
``place`` says where each of them is. Among equally urgent ones the smallest comes first.
"""

from rl.jit import jit


@jit
def comes_before(priority, i, j):
    """Tells whether entry ``i`` is to come out before ``j``."""
    return priority[i] > priority[j] or (priority[i] == priority[j] and i < j)


@jit
def push(heap, place, priority, n, i, urgency):
    """Puts an entry in, or makes one that is in more urgent, never less. Returns how many are in."""
    if priority[i] == 0.0:
        heap[n], place[i] = i, n
        n += 1
    if urgency > priority[i]:
        priority[i] = urgency
        rise(heap, place, priority, place[i])
    return n


@jit
def pop(heap, place, priority, n):
    """Takes the most urgent of ``n`` entries out, and returns it; one fewer is left."""
    first, last = heap[0], heap[n - 1]
    priority[first] = 0.0
    if n > 1:
        sink(heap, place, priority, n - 1, last)
    return first


@jit
def rise(heap, place, priority, k):
    """Moves the entry at ``k`` up as far as it is more urgent than what is above it."""
    i = heap[k]
    while k > 0 and comes_before(priority, i, heap[(k - 1) // 2]):
        heap[k] = heap[(k - 1) // 2]
        place[heap[k]] = k
        k = (k - 1) // 2
    heap[k], place[i] = i, k


@jit
def sink(heap, place, priority, n, i):
    """Puts entry ``i`` at the top of ``n`` entries, and moves it down as far as something below is more urgent."""
    k = 0
    while 2 * k + 1 < n:
        below = 2 * k + 1
        if below + 1 < n and comes_before(priority, heap[below + 1], heap[below]):
            below += 1
        if comes_before(priority, i, heap[below]):
            break
        heap[k] = heap[below]
        place[heap[k]] = k
        k = below
    heap[k], place[i] = i, k
