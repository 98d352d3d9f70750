"""Writes packages/metrics/test/fixtures/statistics.json: tests and intervals of two counts, computed by SciPy and statsmodels.

    pip install scipy==1.17.1 statsmodels==0.15.0
    python tools/golden/count-statistics.py

Fisher's exact test: scipy.stats.fisher_exact. Wilson interval: statsmodels proportion_confint(method="wilson").
Newcombe interval of a difference: statsmodels confint_proportions_2indep(method="newcomb", compare="diff").
"""

import json
import pathlib
import random

import scipy
import statsmodels
from scipy.stats import fisher_exact, norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

assert (scipy.__version__, statsmodels.__version__) == ("1.17.1", "0.15.0")

LEVELS = [0.5, 0.8, 0.84, 0.86, 0.9, 0.95, 0.99, 0.999, 0.999999]


def pairs():
    small = [(x, n) for n in (1, 2, 3, 5, 8, 12) for x in sorted({0, 1, n // 2, n - 1, n})]
    yield from (((3, 3), (0, 3)), ((5, 5), (1, 5)), ((2, 3), (1, 3)), ((137, 164), (90, 160)), ((9000, 10000), (8900, 10000)), ((0, 40), (40, 40)))
    chance = random.Random(20261122)
    for _ in range(60):
        yield chance.choice(small), chance.choice(small)
    for _ in range(30):
        n, m = chance.randint(1, 400), chance.randint(1, 400)
        yield (chance.randint(0, n), n), (chance.randint(0, m), m)


def compared(a, b):
    table = [[a[0], a[1] - a[0]], [b[0], b[1] - b[0]]]
    p = {name: float(fisher_exact(table, alternative=name)[1]) for name in ("greater", "less", "two-sided")}
    low, high = confint_proportions_2indep(*a, *b, method="newcomb", compare="diff", alpha=0.05)
    return {"a": a, "b": b, "p": p, "newcombe": [float(low), float(high)]}


def wilson(hits, runs, level):
    low, high = proportion_confint(hits, runs, alpha=1 - level, method="wilson")
    return {"count": [hits, runs], "level": level, "interval": [float(low), float(high)]}


golden = {
    "origin": f"tools/golden/count-statistics.py; scipy {scipy.__version__}, statsmodels {statsmodels.__version__}",
    "z": [[level, float(norm.isf((1 - level) / 2))] for level in LEVELS],
    "wilson": [wilson(*count, level) for count in ((7, 10), (0, 30), (137, 164), (1, 313), (3, 3), (0, 1)) for level in (0.9, 0.95, 0.99)],
    "compared": [compared(a, b) for a, b in pairs()],
}
path = pathlib.Path(__file__).parents[2] / "packages/metrics/test/fixtures/statistics.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(golden, indent=1) + "\n")
