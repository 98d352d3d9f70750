"""Golden vocabularies and ids of trained tokenizers, from Hugging Face's trainers and its reading of our files.

    pip install tokenizers==0.23.3
    mkdir trained && node --conditions=@cutaway/source tools/golden/trained-tokenizers.ts trained
    python tools/golden/trained-tokenizers.py trained > packages/tokenizer/test/fixtures/trained-tokenizers.json

BPE and WordPiece are trained here on the same texts with the same settings. Hugging Face orders the tokens that continue a word (##) at random, so that
of WordPiece the order that this run gave stands in the fixture. Every tokenizer.json that we wrote is loaded, and encodes the texts.
"""

import json
import pathlib
import sys

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

folder = pathlib.Path(sys.argv[1])
given = json.loads((folder / "cases.json").read_text())


def lines(text):
    return text.splitlines(keepends=True) if "\r" not in text else [line + "\n" for line in text.split("\n")[:-1]] + [text.split("\n")[-1]]


def between_kept(texts, keep):
    """The texts without the phrases: what stands on either side is a text of its own."""
    if not keep:
        return texts
    splitter = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    splitter.add_tokens([AddedToken(form, normalized=True) for phrase in keep for form in (" " + phrase, phrase)])
    parts = []
    for text in texts:
        at = 0
        encoding = splitter.encode(text)
        for id, (start, end) in zip(encoding.ids, encoding.offsets):
            if id == 0:
                continue
            parts.append(text[at:start])
            at = end
        parts.append(text[at:])
    return [part for part in parts if part]


def byte_level(file):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = Tokenizer.from_file(str(file)).pre_tokenizer
    return tokenizer


def train(case):
    options = case["options"]
    kept = options.get("keep", [])
    common = {"show_progress": False, "min_frequency": options.get("minFrequency", 0)}
    if case["type"] == "bpe":
        tokenizer = byte_level(folder / f"{case['name']}.json")
        trainer = trainers.BpeTrainer(
            vocab_size=options["vocabSize"] - 2 * len(kept), special_tokens=options.get("specialTokens", []), max_token_length=options.get("maxTokenLength"),
            initial_alphabet=options.get("initialAlphabet", sorted(pre_tokenizers.ByteLevel.alphabet())), **common)
    else:
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=options.get("lowercase", True))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(
            vocab_size=options["vocabSize"] - len(kept), special_tokens=options.get("specialTokens", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]), **common)
    texts = [line for text in given["texts"] for line in lines(text)] if options.get("lines") else given["texts"]
    tokenizer.train_from_iterator(between_kept(texts, kept), trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return {"vocab": sorted(model["vocab"], key=model["vocab"].get), "merges": [" ".join(merge) for merge in model.get("merges", [])]}


golden = []
for case in given["cases"]:
    loaded = Tokenizer.from_file(str(folder / f"{case['name']}.json"))
    encoded = [loaded.encode(text, add_special_tokens=False) for text in given["encode"]]
    entry = {"name": case["name"], "ids": [" ".join(map(str, encoding.ids)) for encoding in encoded], "decoded": [loaded.decode(encoding.ids) for encoding in encoded]}
    if case["type"] != "unigram":
        entry["trained"] = train(case)
    golden.append(entry)

json.dump({
    "origin": "Hugging Face tokenizers: BpeTrainer and WordPieceTrainer on the texts of packages/tokenizer/test/training/cases.ts; ids of the files that Cutaway trained",
    "version": f"tokenizers {tokenizers.__version__}",
    "command": "tools/golden/trained-tokenizers.py",
    "cases": golden,
}, sys.stdout, ensure_ascii=False, indent=1)
print()
