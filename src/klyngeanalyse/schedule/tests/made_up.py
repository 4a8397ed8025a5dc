"""Made-up seminars: a few are wished by many, everybody ranks their wishes."""

import numpy as np


def made_up(n, wished, seed, two_sides=False):
    """`wished` wishes a person of weight 4, 3, 3, 2, ... 1, after a heavy-tailed popularity."""
    chance = np.random.default_rng(seed)
    popular = chance.pareto(2.0, n) + 0.3
    rows = []
    for me in range(n):
        odds = popular.copy()
        odds[me] = 0
        if two_sides:
            odds[me % 2 :: 2] = 0
        chosen = chance.choice(n, min(wished, int((odds > 0).sum())), replace=False, p=odds / odds.sum())
        rows += [
            (f"p{me:04d}", f"p{you:04d}", (4, 3, 3, 2, 2, 2, 2, 2)[k] if k < 8 else 1) for k, you in enumerate(chosen)
        ]
    return rows


def away(n, slots, share, seed):
    """Everybody is there in about `share` of the slots."""
    gone = np.random.default_rng(seed).random((n, slots)) >= share
    return {f"p{me:04d}": [str(s + 1) for s in np.flatnonzero(gone[me])] for me in range(n)}
