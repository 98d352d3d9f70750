"""Writes packages/metrics/test/fixtures/text-measures.json: BLEU and self-BLEU of sentences of units, by NLTK.

    pip install nltk==3.10.4
    python tools/golden/text-measures.py

sentence_bleu with SmoothingFunction().method1 and even weights over the orders that the text has: NLTK itself takes runs that are longer than the text for missing.
"""

import json
import pathlib
import random

import nltk
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

source = random.Random(7)
smooth = SmoothingFunction().method1


def units(length):
    return [source.choice("abcdefgh") for _ in range(length)]


def bleu(text, references, order):
    orders = min(order, len(text))
    return sentence_bleu(references, text, weights=[1 / orders] * orders, smoothing_function=smooth)


cases = []
for _ in range(60):
    references = [units(source.randint(1, 14)) for _ in range(source.randint(1, 4))]
    text = list(references[0]) if source.random() < 0.3 else units(source.randint(1, 14))
    order = source.randint(1, 4)
    cases.append({"text": text, "references": references, "order": order, "bleu": bleu(text, references, order)})
groups = []
for _ in range(10):
    texts = [units(source.randint(4, 12)) for _ in range(source.randint(2, 5))]
    groups.append({"texts": texts, "selfBleu": sum(bleu(t, texts[:i] + texts[i + 1 :], 4) for i, t in enumerate(texts)) / len(texts)})

path = pathlib.Path(__file__).parents[2] / "packages/metrics/test/fixtures/text-measures.json"
path.write_text(json.dumps({"origin": f"tools/golden/text-measures.py; nltk {nltk.__version__}", "cases": cases, "groups": groups}))
