"""Logits of a GGUF model whose weights are dequantised to float32, by Hugging Face transformers on the CPU.

The judge of `npm run bench -- quality`: how far an engine's quantised arithmetic is from the weights it was given.

    pip install torch transformers gguf accelerate
    python tools/golden/reference_logits.py MODEL.gguf OUT.bin [--window 384] [TEXT...]

Made with torch 2.15.0, transformers 5.23.0, gguf 0.19.0. The file is too large to commit (about 0.3 GB); it is made anew where it is needed.

OUT.bin: a line of JSON { "vocab", "windows": [[ids…]…], "text_sha256", "versions" }, then for each window its logits,
float32 little-endian, [len(window), vocab], row i being the distribution after token i.
"""

import argparse
import hashlib
import json
import pathlib

import gguf
import numpy
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXTS = ["LICENSE", "docs/costs.md", "packages/core/src/fold-call.ts", "docs/proxy.md"]

parser = argparse.ArgumentParser()
parser.add_argument("model", type=pathlib.Path)
parser.add_argument("out", type=pathlib.Path)
parser.add_argument("text", nargs="*", type=pathlib.Path, default=[ROOT / name for name in TEXTS])
parser.add_argument("--window", type=int, default=384)
arguments = parser.parse_args()

model = transformers.AutoModelForCausalLM.from_pretrained(arguments.model.parent, gguf_file=arguments.model.name, dtype=torch.float32)
tokenizer = transformers.AutoTokenizer.from_pretrained(arguments.model.parent, gguf_file=arguments.model.name)
model.eval()

texts = [path.read_text(encoding="utf-8") for path in arguments.text]
windows = [tokenizer(text, add_special_tokens=False)["input_ids"][: arguments.window] for text in texts]
header = {
    "vocab": model.config.vocab_size,
    "windows": windows,
    "text_sha256": hashlib.sha256("".join(texts).encode()).hexdigest(),
    "versions": {"torch": torch.__version__, "transformers": transformers.__version__, "gguf": gguf.__dict__.get("__version__", "0.19.0")},
}
with arguments.out.open("wb") as out:
    out.write(json.dumps(header).encode() + b"\n")
    for window in windows:
        with torch.no_grad():
            logits = model(torch.tensor([window])).logits[0].float().numpy()
        out.write(numpy.ascontiguousarray(logits, dtype="<f4").tobytes())
print(f"{sum(map(len, windows))} positions in {len(windows)} windows")
