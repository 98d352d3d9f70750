"""Golden ids for tokenizer.json files, from Hugging Face's `tokenizers`.

    pip install tokenizers==0.23.3
    python tools/golden/tokenizer-json.py > packages/tokenizer/test/fixtures/tokenizer-json.json
    python tools/golden/tokenizer-json.py --fuzz 2000 --seed 7 > fuzz.json      # the same shape, random texts, not committed

One byte-level BPE is trained on the text below; the variants put each published pre-tokenizer, normaliser and kind of added token
around it. The test assembles `{...shell, model, ...variant.patch}` and compares ids and spans.
"""

import argparse
import json
import random
import sys

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+{CONTRACTION}|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*{CONTRACTION}"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CL100K_POSSESSIVE = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
DEEPSEEK = (
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BLOOM = r" ?[^(\s|[.,!?…。，、।۔،])]+"

BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
BYTE_LEVEL_WORDS = {**BYTE_LEVEL, "use_regex": True}


def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


def sequence(*steps):
    return {"type": "Sequence", "pretokenizers": [*steps]}


def added(id, content, **flags):
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True, **flags}


CORPUS = [
    "The tokenizer doesn't see words; it sees bytes, and it'll merge the pairs it has seen most often.",
    "We've 12 answers, they've 345, I'm sure you'd count 67890 of them. DON'T SHOUT, we're here.",
    "def main(argv):\n    for i in range(10):\n        print(f\"{i}: {argv[i]}\")\n    return {'a': 1, \"b\": [2, 3]}\n",
    "Der schnelle braune Fuchs springt über den faulen Hund; naïve café, coöperate, Ångström.",
    "Быстрая коричневая лиса прыгает через ленивую собаку.", "敏捷的棕色狐狸跳过懒狗。すばやい茶色の狐がのろまな犬を飛び越える。",
    "빠른 갈색 여우가 게으른 개를 뛰어넘는다.", "الثعلب البني السريع يقفز فوق الكلب الكسول", "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है",
    "https://example.com/a/b?c=d&e=f#g  {\"role\": \"user\", \"content\": null}\r\n\r\n\t<p class=\"x\">...</p>",
]

TEXTS = [
    "", " ", "  ", "\n", " \n", "\n ", "  \n  ", "a", " a", "a ", "  a", "a  b", "a\n\nb", "a \n b", "\r\n\r\n", "\t\tx = 1\n\n\n", "x   ",
    "Hello, world!", "don't DON'T Don’t we'LL I'Ve it'ſ o'K 'sX's", "1 12 123 1234 12345 ½ Ⅷ ٣٤٥٦ 1a2b", "a1b22c333", "HTTPServer iPhone McDonald ÀÉ éÀ ǅ ʰ ª",
    "naïve nai\u0308ve \u0301abc A\u0301B \u0301\u0301", "中文テスト한국어 mixed 中a文b", "ﬁ ﬀ Å Å ℌ ① ² ㎏ ﷺ", "각 \u1100\u1161\u11a8 \uac00\u11a8",
    "שלום عليكم हिन्दी ไทย ქართული አማርኛ ᠮᠣᠩᠭᠣᠯ", "😀 👨‍👩‍👧 🇫🇷 👍🏽", "a\u0085b \u0085 c \ufeff d \u00a0\u2003\u2028e\u3000", "\ufeffbom", "\u200b\u200dzw",
    "!!! ... ?!/ --- /// a/b//c", "((a)) [b] {c} <d> \"e\" `f` 'g'", "...\n\n/\n", "x=1;y+=2;\n\tz", "aaaaaaaaaaaaaaaa", "________", "=====\n=====", "\u0000\u0001\u007f",
    "<|end|>", "a<|end|>b", "a <|end|> b", "  <|strip|>  x", "<|strip|><|strip|>", "word wordy keyword word. (word) _word word_", "<added> x<added>y", "ADDED Added added caFE\u0301 Cafe\u0301 café",
    "<|end", "<|en<|end|>|>", "<|end|>|>", " <pad>  <pad> ", "dGhlIHF1aWNrIGJyb3duIGZveA==", "{\"a\":[1,2,{\"b\":null}],\"c\":\"\\u00e9\"}",
    "The quick brown fox", "the the the", "I'll've", "''s", "' s", "\n\n  \n\n", "a\r\nb\rc", "tab\tsep\t\tx", "१२३४ 一二三", "\U00020000\U0001f600\U000e0001", "İstanbul ΣΑΣ ẞ", "_a _1 __init__",
]

SHELL = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}}


def train():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(CORPUS * 4, trainers.BpeTrainer(vocab_size=620, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return json.loads(tokenizer.to_str())["model"]


def variants(model):
    n = len(model["vocab"])
    holes = {token: id for token, id in model["vocab"].items() if token not in ("q", "Z", "Ã", "7")}
    holes_merges = [merge for merge in model["merges"] if all(part in holes for part in (*merge, "".join(merge)))]
    holes_model = {**model, "vocab": holes, "merges": holes_merges}
    unk_model = {**holes_model, "vocab": {**holes, "<unk>": n}, "unk_token": "<unk>"}
    llama3 = sequence(split(LLAMA3), BYTE_LEVEL)
    kinds = [
        added(n, "<|end|>"), added(n + 1, "<|strip|>", lstrip=True, rstrip=True), added(n + 2, "word", single_word=True, special=False),
        added(n + 3, "<added>", special=False, rstrip=True), added(n + 4, "<|end|>|>", special=False), added(n + 5, " <pad>", special=False), added(n + 6, "<|en", special=False, lstrip=True),
    ]
    lower = {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]}
    normalized = [added(n, "<|end|>"), added(n + 1, "ADDED", special=False, normalized=True), added(n + 2, "Café", special=False, normalized=True, lstrip=True)]
    yield "gpt2", {"pre_tokenizer": BYTE_LEVEL_WORDS}
    yield "gpt2-prefix-space", {"pre_tokenizer": {**BYTE_LEVEL_WORDS, "add_prefix_space": True}, "added_tokens": kinds}
    yield "llama3", {"pre_tokenizer": llama3}
    yield "llama3-ignore-merges", {"pre_tokenizer": llama3, "model": {**model, "ignore_merges": True, "merges": model["merges"][:150]}}
    yield "qwen2-nfc", {"pre_tokenizer": sequence(split(QWEN2), BYTE_LEVEL), "normalizer": {"type": "NFC"}}
    yield "o200k", {"pre_tokenizer": sequence(split(O200K), BYTE_LEVEL)}
    yield "gpt4-removed-inverted", {"pre_tokenizer": sequence(split(LLAMA3, "Removed", True), BYTE_LEVEL)}
    yield "cl100k-possessive", {"pre_tokenizer": sequence(split(CL100K_POSSESSIVE), BYTE_LEVEL)}
    yield "deepseek", {"pre_tokenizer": sequence(split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK), BYTE_LEVEL)}
    yield "bloom", {"pre_tokenizer": sequence(split(BLOOM), BYTE_LEVEL)}
    yield "digits-then-words", {"pre_tokenizer": sequence({"type": "Digits", "individual_digits": True}, BYTE_LEVEL_WORDS)}
    yield "digits-together", {"pre_tokenizer": sequence({"type": "Digits", "individual_digits": False}, BYTE_LEVEL_WORDS)}
    yield "punctuation", {"pre_tokenizer": sequence({"type": "Punctuation", "behavior": "Contiguous"}, BYTE_LEVEL)}
    yield "white-space-split", {"pre_tokenizer": sequence({"type": "WhitespaceSplit"}, BYTE_LEVEL)}
    yield "words-and-symbols", {"pre_tokenizer": sequence({"type": "Whitespace"}, BYTE_LEVEL)}
    yield "delimiter", {"pre_tokenizer": sequence({"type": "CharDelimiterSplit", "delimiter": "/"}, BYTE_LEVEL)}
    for behavior in ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"]:
        yield f"split-{behavior}", {"pre_tokenizer": sequence(split(" ", behavior, False, "String"), BYTE_LEVEL)}
        yield f"split-{behavior}-inverted", {"pre_tokenizer": sequence(split(r"[a-z]|\s", behavior, True), BYTE_LEVEL)}
    yield "empty-matches", {"pre_tokenizer": sequence(split(r"\s*"), BYTE_LEVEL)}
    yield "anchors-and-words", {"pre_tokenizer": sequence(split(r"^\w+$|\b\d+\b|(?<=a)b|\h{2,4}+|[[:alpha:]&&[^a-m]]+|(?>x|xy)z"), BYTE_LEVEL)}
    yield "whole-text", {"pre_tokenizer": BYTE_LEVEL}
    yield "nfkc", {"pre_tokenizer": llama3, "normalizer": {"type": "NFKC"}}
    yield "nfd-no-accents", {"pre_tokenizer": llama3, "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}]}}
    yield "lower-added", {"pre_tokenizer": llama3, "normalizer": lower, "added_tokens": normalized}
    yield "replace-strip-prepend", {"pre_tokenizer": llama3, "normalizer": {"type": "Sequence", "normalizers": [{"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}, {"type": "Replace", "pattern": {"String": "a"}, "content": "[A]"}, {"type": "Prepend", "prepend": ">>"}]}}
    yield "added", {"pre_tokenizer": llama3, "added_tokens": kinds}
    yield "missing-bytes", {"pre_tokenizer": llama3, "model": holes_model}
    yield "missing-bytes-unk", {"pre_tokenizer": llama3, "model": unk_model}
    yield "missing-bytes-fused-unk", {"pre_tokenizer": llama3, "model": {**unk_model, "fuse_unk": True}}


PIECES = [*"   \t\n\r\u0085\u00a0\u2028\ufeff\u3000'’sStTrReEvVmMlLdDſK09a bcABCqZÃ7Àéǅʰªאبगि中日한가\u11a8\u0301\u0300\u20dd½Ⅷ٣_-/.,!?<|>{}\"\\@#😀🇫🇷\u0000\ufb01Å",
          "<|end|>", "<|strip|>", "word", "<added>", "ADDED", "café", "the", " it", "in", "Hello", "  ", "\n\n", "👨‍👩‍👧"]


def random_texts(count, seed):
    draw = random.Random(seed)
    for _ in range(count):
        text = "".join(draw.choice(PIECES) if draw.random() > 0.06 else chr(draw.choice([*range(0x20, 0xD800), *range(0xE000, 0x11000)])) for _ in range(draw.randint(1, 24)))
        yield text


def utf16(text, at):
    return len(text[:at].encode("utf-16-le")) // 2


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--fuzz", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    texts = list(random_texts(chosen.fuzz, chosen.seed)) if chosen.fuzz else TEXTS
    model = train()
    cases = []
    for name, patch in variants(model):
        tokenizer = Tokenizer.from_str(json.dumps({**SHELL, "model": model, **patch}))
        encodings = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
        # Spans are compared only where nothing rewrites the text: there offsets mean the same in both.
        plain = "normalizer" not in patch and "prefix" not in name
        cases.append({
            "name": name,
            "patch": patch,
            "ids": [" ".join(map(str, encoding.ids)) for encoding in encodings],
            **({"spans": [" ".join(f"{utf16(text, a)}-{utf16(text, b)}" for a, b in encoding.offsets) for text, encoding in zip(texts, encodings)]} if plain and name in ("gpt2", "added", "deepseek", "missing-bytes-unk") else {}),
        })
    fixture = {
        "origin": "Hugging Face tokenizers, a byte-level BPE trained on the corpus in tools/golden/tokenizer-json.py",
        "version": f"tokenizers {tokenizers.__version__}",
        "command": "python tools/golden/tokenizer-json.py > packages/tokenizer/test/fixtures/tokenizer-json.json",
        "shell": SHELL,
        "model": model,
        "texts": texts,
        "variants": cases,
    }
    json.dump(fixture, sys.stdout, ensure_ascii=True, separators=(",", ":"))
    print()


main()
