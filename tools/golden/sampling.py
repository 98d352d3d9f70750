"""Golden logits for the stages of the sampler, from the logits processors and warpers of Hugging Face `transformers`.

    pip install transformers==5.24.0 torch==2.15.0
    python tools/golden/sampling.py > packages/sampling/test/fixtures/transformers.json

Every case names stages in order; `after` holds the logits after all of them (null for -Infinity), `stages` what each one did, worked out
here in float64 from the reference's own output. Logits that fall exactly on a line of top-p or min-p are chosen so that float32 holds them exactly.
"""

import json
import sys

import torch
import transformers
from transformers import (
    EpsilonLogitsWarper,
    EtaLogitsWarper,
    MinPLogitsWarper,
    NoRepeatNGramLogitsProcessor,
    RepetitionPenaltyLogitsProcessor,
    SequenceBiasLogitsProcessor,
    TemperatureLogitsWarper,
    TopHLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
    TypicalLogitsWarper,
)

INF = float("inf")
REFERENCE = {
    "repetition_penalty": lambda value: RepetitionPenaltyLogitsProcessor(penalty=float(value)),
    "temperature": lambda value: TemperatureLogitsWarper(float(value)),
    "top_k": lambda value: TopKLogitsWarper(value, min_tokens_to_keep=1),
    "top_p": lambda value: TopPLogitsWarper(float(value), min_tokens_to_keep=1),
    "min_p": lambda value: MinPLogitsWarper(float(value), min_tokens_to_keep=1),
    "typical_p": lambda value: TypicalLogitsWarper(float(value), min_tokens_to_keep=1),
    "epsilon_cutoff": lambda value: EpsilonLogitsWarper(float(value), min_tokens_to_keep=1),
    "eta_cutoff": lambda value: EtaLogitsWarper(float(value), min_tokens_to_keep=1),
    "top_h": lambda value: TopHLogitsWarper(float(value)),
    "no_repeat_ngram": lambda value: NoRepeatNGramLogitsProcessor(value),
    "logit_bias": lambda value: SequenceBiasLogitsProcessor({(int(token),): float(bias) for token, bias in value.items()}),
}


def noise(n, seed, spread=4.0):
    return (torch.randn(n, generator=torch.Generator().manual_seed(seed)) * spread - 2).tolist()


INPUTS = {
    "random": noise(40, 1),
    "wide": noise(150, 2, 6.0),
    "flat": noise(150, 3, 0.05),
    "equal": [1.5] * 8,
    "equal-512": [0.25] * 512,
    "ties": [2.0, 1.0, 2.0, 1.0, 0.0, 1.0, -1.0, 2.0, 1.0],
    "impossible": [1.0, -INF, 0.5, -INF, 3.0, -0.25, -INF, 2.0],
    "one-left": [-INF, -INF, 0.75, -INF],
    "one-token": [-3.0],
    "steep": [40.0, 0.0, -40.0, 39.0, -200.0, 10.0],
    "negative": [-1.0, -2.0, -0.5, -8.0, -3.0, -0.125],
    "zero": [0.0, -0.0, 1.0, -1.0],
    "huge": [1e30, 1e29, -1e30, 5e29],
}
HISTORY = {"random": [3, 7, 7, 39, 0, 12, 3], "wide": list(range(0, 150, 7)), "flat": [1, 2, 3], "ties": [0, 3, 8], "impossible": [1, 4, 4],
           "one-left": [2], "steep": [0, 4], "negative": [2, 2, 5], "zero": [0, 1, 2, 3], "equal": [5], "equal-512": [500], "one-token": [0], "huge": [0]}
SINGLE = {
    "repetition_penalty": [1.3, 0.7, 5, 1e-3],
    "temperature": [0.1, 0.7, 1.5, 100],
    "top_k": [2, 3, 39, 5000],
    "top_p": [0.001, 0.1, 0.5, 0.9, 0.999],
    "min_p": [0.001, 0.05, 0.5, 1],
    "typical_p": [0.1, 0.5, 0.9, 0.99],
    "epsilon_cutoff": [0.0003, 0.02, 0.3],
    "eta_cutoff": [0.0003, 0.02, 0.3],
    "top_h": [0.1, 0.4, 0.9],
    "no_repeat_ngram": [1, 2, 3],
    "logit_bias": [{"0": 2.5}, {"0": -100}],
}
BIAS = {"0": 3.0, "3": -1.5, "5": -100, "7": 0.25}
PIPELINES = [
    [("repetition_penalty", 1.2), ("temperature", 0.8), ("top_k", 20), ("top_p", 0.9), ("min_p", 0.02)],
    [("min_p", 0.02), ("top_p", 0.9), ("top_k", 20), ("temperature", 0.8), ("repetition_penalty", 1.2)],
    [("top_p", 0.95), ("temperature", 2), ("repetition_penalty", 1.5)],
    [("temperature", 1.7), ("min_p", 0.1), ("top_k", 3)],
    [("top_k", 4), ("repetition_penalty", 0.5), ("top_p", 0.6)],
    [("repetition_penalty", 1.1), ("no_repeat_ngram", 2), ("temperature", 1.3), ("top_h", 0.7), ("top_k", 30), ("top_p", 0.97), ("min_p", 0.01),
     ("typical_p", 0.9), ("epsilon_cutoff", 0.001), ("eta_cutoff", 0.001)],
    [("typical_p", 0.6), ("temperature", 0.7), ("eta_cutoff", 0.01), ("top_p", 0.9)],
]


def number(value):
    """Nine digits give a float32 back exactly."""
    return None if value == -INF else float(f"{value:.9g}")


def log_probs(logits):
    return torch.log_softmax(logits.double(), dim=-1)[0]


def entropy(logits):
    lp = log_probs(logits)
    return -(lp.exp() * lp).nan_to_num(nan=0.0).sum().item()


def kl(after, before):
    p, q = log_probs(after), log_probs(before)
    return (p.exp() * (p - q)).nan_to_num(nan=0.0).sum().item()


def case(name, steps):
    scores = torch.tensor([INPUTS[name]], dtype=torch.float32)
    history = torch.tensor([HISTORY[name]], dtype=torch.int64)
    stages = []
    for stage, value in steps:
        before = scores
        scores = REFERENCE[stage](value)(history, before)
        gone = (scores == -INF) & (before != -INF)
        stages.append({
            "stage": stage,
            "setting": value,
            "kept": int((scores != -INF).sum()),
            "removedMass": log_probs(before).exp()[gone[0]].sum().item(),
            "entropyBefore": entropy(before),
            "entropyAfter": entropy(scores),
            "kl": kl(scores, before),
        })
    return {"input": name, "stages": stages, "after": [number(v) for v in scores[0].tolist()]}


def is_decided(name, stage, value):
    """Equal tokens at a line that keeps a number of them, or none left at all: chance and an error, no vectors."""
    if stage == "top_h" and name in ("equal", "equal-512", "ties", "zero"):
        return False
    return not (stage == "no_repeat_ngram" and value == 1 and name in ("one-left", "one-token", "zero"))


cases = [case(name, [(stage, value)]) for name in INPUTS for stage, values in SINGLE.items() for value in values if is_decided(name, stage, value)]
cases += [case(name, [("logit_bias", BIAS), ("top_k", 5)]) for name in ("random", "wide", "flat", "ties", "impossible")]
cases += [case(name, steps) for name in INPUTS for steps in PIPELINES
          if name != "equal-512" and all(is_decided(name, stage, value) for stage, value in steps)]

json.dump(
    {
        "origin": f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}, float32 on CPU",
        "command": "python tools/golden/sampling.py",
        "inputs": {name: {"logits": [number(v) for v in torch.tensor(values, dtype=torch.float32).tolist()], "history": HISTORY[name]} for name, values in INPUTS.items()},
        "cases": cases,
    },
    sys.stdout,
    separators=(",", ":"),
)
