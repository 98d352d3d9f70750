"""How good a Unigram vocabulary of ours is beside SentencePiece's of the same size, on text that neither was trained on.

    pip install sentencepiece==0.2.3 tokenizers==0.23.3
    cutaway tokens train TRAIN.txt --type unigram --vocab-size 16000 --out unigram.json
    python tools/golden/unigram-quality.py unigram.json TRAIN.txt HELD-OUT.txt

SentencePiece is trained here on the same file, cutting at white space only as we do. Each tokenizer is run by its reference: Hugging Face and SentencePiece.
"""

import json
import re
import sys
import tempfile
import unicodedata

import sentencepiece
from tokenizers import Tokenizer

path, train, held_out = sys.argv[1:4]
ours = Tokenizer.from_file(path)
vocab = json.loads(open(path, encoding="utf-8").read())["model"]["vocab"]
folder = tempfile.mkdtemp()
sentencepiece.SentencePieceTrainer.train(
    input=train, model_prefix=f"{folder}/spm", vocab_size=len(vocab), character_coverage=1.0, split_by_unicode_script=False, split_by_number=False,
    max_sentence_length=1 << 20, num_threads=2, minloglevel=2)
theirs = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/spm.model")

size = 0
tokens, nats = {"ours": 0, "theirs": 0}, {"ours": 0.0, "theirs": 0.0}
# An unknown character weighs the same for both.
unknown = min(score for _, score in vocab) - 10
for line in open(held_out, encoding="utf-8", newline="\n"):
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", line)).strip()
    size += len(text.encode())
    for name, ids, score, unk in (
        ("ours", ours.encode(text, add_special_tokens=False).ids, lambda id: vocab[id][1], 0),
        ("theirs", theirs.encode(text), theirs.get_score, theirs.unk_id()),
    ):
        tokens[name] += len(ids)
        nats[name] -= sum(unknown if id == unk else score(id) for id in ids)
for name in tokens:
    print(f"{name:7} {len(vocab)} pieces  {size / tokens[name]:.4f} bytes a token  {nats[name] / size:.4f} nats a byte")
