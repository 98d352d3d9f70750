"""Golden ids, offsets and decoded texts for WordPiece, from Hugging Face's `tokenizers`.

    pip install tokenizers==0.23.3
    python tools/golden/wordpiece.py > packages/tokenizer/test/fixtures/wordpiece.json
    python tools/golden/wordpiece.py --fuzz 2000 --seed 7 > fuzz.json      # the same shape, random texts, not committed

One vocabulary is trained on the text below; the variants put each form of BERT's normaliser and pre-tokenizer, and others, around it.
The test assembles `{...shell, model, ...variant.patch}`.
"""

import argparse
import json
import random
import sys

import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

CORPUS = [
    "The tokenizer doesn't see bytes; it sees words, and it'll find the longest pieces it knows at the front of each of them.",
    "Playing, played, player, players and playgrounds: unbelievable retokenizations, unaffordable reaffirmations.",
    "Der schnelle braune Fuchs springt über den faulen Hund; naïve café, coöperate, Ångström, façade, São Paulo.",
    "Быстрая коричневая лиса прыгает через ленивую собаку. Ещё йогурт.", "敏捷的棕色狐狸跳过懒狗。すばやい茶色の狐がのろまな犬を飛び越える。",
    "빠른 갈색 여우가 게으른 개를 뛰어넘는다.", "الثعلب البني السريع يقفز فوق الكلب الكسول", "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है",
    "https://example.com/a/b?c=d&e=f#g {\"role\": \"user\", \"content\": null} 1984 2024 42 U.S.C. § 1983 10% $5 = 4€",
]

TEXTS = [
    "", " ", "\n", "a", " a ", "Hello, world!", "The players' playgrounds were unbelievable.", "UNAFFABLE retokenizations", "don't DON'T Don’t", "do not . ' n't",
    "naïve nai\u0308ve CAFÉ cafe\u0301 \u0301abc A\u0301B \u0301\u0301", "Ångström Å Å ﬁ ﬀ ² ①", "中文テスト한국어 mixed 中a文b", "中\u0301文", "각 \u1100\u1161\u11a8 \uac00\u11a8",
    "Быстрая Й й ё Ё", "तेज़ भूरी लोमड़ी", "الثعلب البني", "a\u0085b \u0085 c \ufeff d \u00a0\u2003\u2028e\u3000\u200bf\u00adg", "\ufeffbom", "tab\tsep\t\tx\r\ny\u000bz\u000c", "\u0000a\u0001b\u007f\ufffdc",
    "!!! ... ?!/ --- /// a/b//c", "#hash ##hash ## ###", "x=1;y+=2;\n\tz `~^$<>|+", "«quoted» „text“ – — … ¿¡ § ¶ ·", "; ` ≠ Ω K ΑΣ", "İstanbul ΣΑΣ ẞ ß ǅ Ⅷ Ⓐ 𐐀 𝐀", "😀 👨‍👩‍👧 🇫🇷 👍🏽", "\U00020000 \U0002f800 \uf900",
    "a" * 99, "a" * 100, "a" * 101, "é" * 100, "é" * 101, "e\u0301" * 100, "中" * 120, "the" * 40, "[CLS] a [SEP]", "a[MASK]b [MASK] c", "[UNK][PAD]", "[cls] [unused1]", "mask [MASK", "ADDED added  Added x", "\u302f\u302e a\u302f\u302eb \U0001D16D\U0001D165",
    "a\u0323\u0301\u0327b", "\u0344 \u1fc1", "x\U0001D15Ey", "_a __b__ _", "१२३४ 一二三 ٣٤٥", "\u1e9b\u0323", "ਖ਼ \u0a59 \u0f43", "\U000e0001tag", "\ud7a3\u11a7",
]

SHELL = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None}
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
BERT = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
PRE = {"type": "BertPreTokenizer"}
TEMPLATE = {
    "type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}, "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}},
}


def added(id, content, **flags):
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True, **flags}


def train(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=900, special_tokens=SPECIALS, show_progress=False))
    return json.loads(tokenizer.to_str())["model"]


def variants(model, cased):
    n = len(model["vocab"])
    specials = [added(id, content) for id, content in enumerate(SPECIALS)]
    decoder = {"type": "WordPiece", "prefix": "##", "cleanup": True}
    bert = {"normalizer": BERT, "pre_tokenizer": PRE, "added_tokens": specials, "decoder": decoder}
    yield "uncased", {**bert, "post_processor": TEMPLATE}
    yield "cased", {**bert, "model": cased, "normalizer": {**BERT, "lowercase": False}, "decoder": {**decoder, "cleanup": False}, "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}}
    yield "cased-no-accents", {**bert, "normalizer": {**BERT, "lowercase": False, "strip_accents": True}}
    yield "lower-with-accents", {**bert, "model": cased, "normalizer": {**BERT, "strip_accents": False}}
    yield "not-cleaned", {**bert, "normalizer": {**BERT, "clean_text": False}}
    yield "ideographs-together", {**bert, "normalizer": {**BERT, "handle_chinese_chars": False}}
    yield "no-normaliser", {**bert, "normalizer": None, "decoder": None}
    yield "added", {**bert, "added_tokens": [*specials[:4], added(4, "[MASK]", lstrip=True), added(n, "ADDED", special=False, normalized=True), added(n + 1, "##", special=False)]}
    yield "short-words", {**bert, "model": {**model, "max_input_chars_per_word": 6}}
    yield "another-prefix", {**bert, "model": {**model, "continuing_subword_prefix": "", "vocab": {piece.removeprefix("##") if piece.removeprefix("##") not in model["vocab"] else piece: id for piece, id in model["vocab"].items()}}}
    yield "white-space", {**bert, "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}]}, "pre_tokenizer": {"type": "Whitespace"}, "decoder": {**decoder, "cleanup": False}}
    yield "white-space-split", {**bert, "pre_tokenizer": {"type": "WhitespaceSplit"}}
    yield "no-pre-tokenizer", {**bert, "normalizer": {"type": "Lowercase"}, "pre_tokenizer": None}
    yield "digits-and-punctuation", {**bert, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "MergedWithPrevious"}, {"type": "Digits", "individual_digits": True}]}}
    yield "scripts", {**bert, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "UnicodeScripts"}, PRE]}}
    yield "nmt", {**bert, "normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"}, BERT]}}
    roberta = {"type": "RobertaProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2], "trim_offsets": False, "add_prefix_space": False}
    twice = {**TEMPLATE, "single": [TEMPLATE["single"][0], TEMPLATE["single"][0], TEMPLATE["single"][1], {"SpecialToken": {"id": "two", "type_id": 1}}], "special_tokens": {**TEMPLATE["special_tokens"], "two": {"id": "two", "ids": [3, 4], "tokens": ["[SEP]", "[MASK]"]}}}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    yield "around-by-roberta", {**bert, "post_processor": roberta}
    yield "around-in-a-sequence", {**bert, "post_processor": {"type": "Sequence", "processors": [byte_level, twice]}}
    yield "bert-then-lower", {**bert, "normalizer": {"type": "Sequence", "normalizers": [{**BERT, "lowercase": False}, {"type": "Lowercase"}]}}


PIECES = [*"   \t\n\u0085\u00a0\u2028\ufeff\u3000'’.,!?#[]-_/$=`~;·«abcdeABCDE09éÅßİǅΣЙёबािज़中日か한\uac00\u11a8\u0301\u0308\u0323\u0327\u302e\u302f\u093c\u0345½Ⅷ٣😀\u0000\u200b\u200d\ufffd\ufb01\u2260\u1fef\u037e\u212a",
          "[CLS]", "[MASK]", "ADDED", "##", "the", "play", "ing", "tokenizer", "unbelievable", "don't", "\U0001D15E", "\U0001D165", "\U0001D16D", "\U0001E001", "\U00011938", "\U00020000", "aaaaaaaaaaaaaaaa"]


def random_texts(count, seed):
    draw = random.Random(seed)
    for _ in range(count):
        yield "".join(draw.choice(PIECES) if draw.random() > 0.08 else chr(draw.choice([*range(0x20, 0xD800), *range(0xE000, 0x1FFFF)])) for _ in range(draw.randint(1, 24)))


def utf16(text, at):
    return len(text[:at].encode("utf-16-le")) // 2


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--fuzz", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    texts = list(random_texts(chosen.fuzz, chosen.seed)) if chosen.fuzz else TEXTS
    model, cased = train(True), train(False)
    cases = []
    for name, patch in variants(model, cased):
        tokenizer = Tokenizer.from_str(json.dumps({**SHELL, "model": model, **patch}))
        encodings = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
        cases.append({
            "name": name,
            "patch": patch,
            "ids": [" ".join(map(str, encoding.ids)) for encoding in encodings],
            "spans": [" ".join(f"{utf16(text, a)}-{utf16(text, b)}" for a, b in encoding.offsets) for text, encoding in zip(texts, encodings)],
            "decoded": [tokenizer.decode(encoding.ids, skip_special_tokens=False) for encoding in encodings],
            "around": tokenizer.encode("").ids,
        })
    fixture = {
        "origin": "Hugging Face tokenizers, WordPiece vocabularies trained on the corpus in tools/golden/wordpiece.py",
        "version": f"tokenizers {tokenizers.__version__}",
        "command": "python tools/golden/wordpiece.py > packages/tokenizer/test/fixtures/wordpiece.json",
        "shell": SHELL,
        "model": model,
        "texts": texts,
        "variants": cases,
    }
    json.dump(fixture, sys.stdout, ensure_ascii=True, separators=(",", ":"))
    print()


main()
