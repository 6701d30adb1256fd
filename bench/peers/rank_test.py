"""Whether two samples could be of one law."""

import functools
import math


@functools.cache
def arrangements(m, n, u):
    """In how many orders of m and n values u pairs have that of the m first."""
    if u < 0:
        return 0
    if m == 0 or n == 0:
        return u == 0
    return arrangements(m - 1, n, u - n) + arrangements(m, n - 1, u)


def rank_test(a, b):
    """How probable it is that two samples of one law differ so much in rank (Mann and Whitney, exact, both sides)."""
    u = sum((x > y) + (x == y) / 2 for x in a for y in b)
    u = math.floor(min(u, len(a) * len(b) - u))
    below = sum(arrangements(len(a), len(b), i) for i in range(u + 1))
    return min(1.0, 2 * below / math.comb(len(a) + len(b), len(a)))
