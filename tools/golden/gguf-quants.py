"""Golden values of quantised blocks, and a file, from the `gguf` package of llama.cpp.

    pip install gguf==0.19.0 numpy
    python tools/golden/gguf-quants.py packages/formats/test/fixtures

Writes `gguf-quants.json`: for each type the bytes of some blocks, drawn at random (scales are kept finite), and the numbers they stand for as the bits of
float32, hex. Writes `python.gguf`: a file with every kind of metadata value, as gguf's writer makes it; the test says what must be read from it.
Checks, if given a file as a second argument, that gguf's reader takes it: `writeGguf` is judged that way by hand.
"""

import importlib.metadata
import json
import pathlib
import sys

import gguf
import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as T

# Where in a block the half-precision numbers stand.
HALVES = {
    T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0],
    T.Q2_K: [80, 82], T.Q3_K: [108], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208], T.F16: [0], T.BF16: [], T.IQ4_NL: [0],
}


def blocks(type, count, draw):
    _, size = GGML_QUANT_SIZES[type]
    raw = draw.integers(0, 256, (count, size), dtype=np.uint8)
    for at in HALVES[type]:
        raw[:, at:at + 2] = draw.normal(0, 0.01, count).astype(np.float16).view(np.uint8).reshape(count, 2)
    if type == T.BF16:
        raw = draw.normal(0, 1, count).astype(np.float32).view(np.uint32).__rshift__(16).astype(np.uint16).view(np.uint8).reshape(count, 2)
    return raw


def quants():
    draw = np.random.default_rng(20250801)
    for type in HALVES:
        raw = blocks(type, 64 if GGML_QUANT_SIZES[type][0] == 1 else 3, draw)
        values = gguf.quants.dequantize(raw, type).astype("<f4")
        yield type.name, {"bytes": raw.tobytes().hex(), "values": values.tobytes().hex()}


def sample(path):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_uint8("a.uint8", 200)
    writer.add_int8("a.int8", -100)
    writer.add_uint16("a.uint16", 60000)
    writer.add_int16("a.int16", -30000)
    writer.add_uint32("a.uint32", 4000000000)
    writer.add_int32("a.int32", -2000000000)
    writer.add_uint64("a.uint64", 2**53 - 1)
    writer.add_uint64("a.uint64.large", 2**63 + 1)
    writer.add_int64("a.int64", -(2**63))
    writer.add_float32("a.float32", 0.1)
    writer.add_float64("a.float64", 0.1)
    writer.add_bool("a.bool", True)
    writer.add_string("a.string", "naïve 😀")
    writer.add_array("a.strings", ["", "Ġthe", "日本", "\ufeffx", "😀"])
    writer.add_array("a.int32s", [1, -2, 3])
    writer.add_array("a.float32s", [0.5, -1.5])
    writer.add_array("a.bools", [True, False])
    writer.add_tensor("matrix", np.arange(6, dtype=np.float32).reshape(2, 3))
    writer.add_tensor("halves", np.array([1, 0.5, -2], dtype=np.float16))
    writer.add_tensor("blocks", gguf.quants.quantize(np.linspace(-1, 1, 64, dtype=np.float32).reshape(2, 32), T.Q8_0), raw_dtype=T.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


folder = pathlib.Path(sys.argv[1])
fixture = {
    "origin": "gguf.quants.dequantize of random blocks",
    "version": f"gguf {importlib.metadata.version('gguf')}, numpy {np.__version__}",
    "command": "python tools/golden/gguf-quants.py packages/formats/test/fixtures",
    "types": dict(quants()),
}
(folder / "gguf-quants.json").write_text(json.dumps(fixture, indent=1) + "\n")
sample(folder / "python.gguf")
if len(sys.argv) > 2:
    reader = gguf.GGUFReader(sys.argv[2])
    for name, field in reader.fields.items():
        print(name, [type.name for type in field.types], repr(field.contents()))
    for tensor in reader.tensors:
        print(tensor.name, tensor.tensor_type.name, tensor.shape, tensor.data.tolist())
