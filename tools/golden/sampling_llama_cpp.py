"""Golden logits for the stages of the sampler, from llama.cpp's own samplers, called through its C API.

    npm install --no-save node-llama-cpp@3.22.1        # its package brings llama.cpp v0.5.0 as shared libraries
    python tools/golden/sampling_llama_cpp.py FOLDER-OF-libllama.so VOCABULARY.gguf > packages/sampling/test/fixtures/llama-cpp.json

Stages that keep no state are given one step each. DRY and the penalties are told the history token by token first, Mirostat several steps of which each draws
the most probable token left (the C library draws at random: mu is followed from the tokens that it drew, which are part of the vector).
XTC runs with probability 1. DRY's breakers are texts: the vector holds the texts of the tokens in its history, and the tokens of what may follow one that begins a breaker.
"""

import ctypes
import glob
import json
import math
import random
import sys
from ctypes import POINTER, Structure, byref, c_bool, c_char_p, c_float, c_int32, c_int64, c_size_t, c_uint32, c_void_p

folder, vocabulary = sys.argv[1:3]
for name in ("libggml-base.so", "libggml*.so*", "libllama*.so*"):
    for path in sorted(glob.glob(f"{folder}/{name}"), key=len):
        if "cpu" not in path and "common" not in path:
            lib = ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)


class TokenData(Structure):
    _fields_ = [("id", c_int32), ("logit", c_float), ("p", c_float)]


class TokenDataArray(Structure):
    _fields_ = [("data", POINTER(TokenData)), ("size", c_size_t), ("selected", c_int64), ("sorted", c_bool)]


class LogitBias(Structure):
    _fields_ = [("token", c_int32), ("bias", c_float)]


def declare(name, result, *arguments):
    function = getattr(lib, name)
    function.restype, function.argtypes = result, arguments
    return function


init = {
    "top_k": declare("llama_sampler_init_top_k", c_void_p, c_int32),
    "top_p": declare("llama_sampler_init_top_p", c_void_p, c_float, c_size_t),
    "min_p": declare("llama_sampler_init_min_p", c_void_p, c_float, c_size_t),
    "typical_p": declare("llama_sampler_init_typical", c_void_p, c_float, c_size_t),
    "temperature": declare("llama_sampler_init_temp", c_void_p, c_float),
    "temperature_ext": declare("llama_sampler_init_temp_ext", c_void_p, c_float, c_float, c_float),
    "xtc": declare("llama_sampler_init_xtc", c_void_p, c_float, c_float, c_size_t, c_uint32),
    "top_n_sigma": declare("llama_sampler_init_top_n_sigma", c_void_p, c_float),
    "penalties": declare("llama_sampler_init_penalties", c_void_p, c_int32, c_int32, c_float, c_float, c_float),
    "dry": declare("llama_sampler_init_dry", c_void_p, c_void_p, c_float, c_float, c_int32, c_int32, POINTER(c_char_p), c_size_t),
    "logit_bias": declare("llama_sampler_init_logit_bias", c_void_p, c_int32, c_int32, POINTER(LogitBias)),
    "mirostat_1": declare("llama_sampler_init_mirostat", c_void_p, c_int32, c_uint32, c_float, c_float, c_int32),
    "mirostat_2": declare("llama_sampler_init_mirostat_v2", c_void_p, c_uint32, c_float, c_float),
}
apply = declare("llama_sampler_apply", None, c_void_p, POINTER(TokenDataArray))
accept = declare("llama_sampler_accept", None, c_void_p, c_int32)
free = declare("llama_sampler_free", None, c_void_p)


def run(samplers, logits, history=()):
    """The logits after these samplers, None where a token was taken out; the place of the token that was drawn, if one was."""
    data = (TokenData * len(logits))(*[TokenData(i, logit, 0) for i, logit in enumerate(logits)])
    array = TokenDataArray(data, len(logits), -1, False)
    for sampler in samplers:
        for token in history:
            accept(sampler, token)
        apply(sampler, byref(array))
    left = {array.data[i].id: array.data[i].logit for i in range(array.size) if array.data[i].logit > -math.inf}
    drawn = array.data[array.selected].id if array.selected >= 0 else None
    return [number(left.get(i)) for i in range(len(logits))], drawn


def number(value):
    return None if value is None else float(f"{value:.9g}")


def f32(values):
    return [c_float(value).value for value in values]


def noise(n, seed, spread):
    source = random.Random(seed)
    return f32([source.gauss(-1, spread) for _ in range(n)])


INPUTS = {
    "small": noise(40, 1, 3.0),
    "wide": noise(200, 2, 5.0),
    "flat": noise(200, 3, 0.1),
    "sure": f32([9.5, 1.0, -3.0, 2.0, 0.5, -0.25, 8.0, -7.0, 3.0, 0.125]),
    "impossible": [1.0, -math.inf, 0.5, -math.inf, 3.0, -0.25, -math.inf, 2.0],
}
HISTORY = [3, 7, 7, 0, 3, 5, 7, 7, 0, 3, 5, 1, 7, 7, 0, 3]


def single(stage, value, make, inputs=INPUTS, history=()):
    for name, logits in inputs.items():
        sampler = make()
        after, _ = run([sampler], logits, history)
        free(sampler)
        yield {"input": name, "stage": stage, "setting": value, "history": list(history), "after": after}


def cases():
    for k in (2, 5, 39, 5000):
        yield from single("top_k", k, lambda: init["top_k"](k))
    for p in (0.05, 0.5, 0.9, 0.999):
        yield from single("top_p", p, lambda: init["top_p"](p, 0))
        # Its entropy is NaN where a token is impossible, and what it keeps then is chance.
        yield from single("typical_p", p, lambda: init["typical_p"](p, 0), {name: logits for name, logits in INPUTS.items() if name != "impossible"})
    for p in (0.001, 0.05, 0.5):
        yield from single("min_p", p, lambda: init["min_p"](p, 0))
    for t in (0.0, 0.1, 0.7, 1.5, 20.0):
        yield from single("temperature", t, lambda: init["temperature"](t))
    for low, high, exponent in ((0.5, 1.5, 1.0), (0.2, 3.0, 2.0)):
        middle, spread = (low + high) / 2, (high - low) / 2
        yield from single("schedule", f"entropy:{low}:{high}:{exponent}", lambda: init["temperature_ext"](middle, spread, exponent),
                          {name: INPUTS[name] for name in ("small", "wide", "flat", "sure")})
    for n in (0.3, 1.0, 2.5):
        yield from single("top_n_sigma", n, lambda: init["top_n_sigma"](n))
    for threshold in (0.01, 0.1, 0.3):
        yield from single("xtc", threshold, lambda: init["xtc"](1.0, threshold, 0, 7))
    for window, repeat, frequency, presence in ((64, 1.3, 0.0, 0.0), (64, 1.0, 0.7, 0.0), (64, 1.0, 0.0, 0.9), (5, 1.2, 0.4, -0.3), (3, 0.8, -0.2, 0.1)):
        yield from single("penalties", [window, repeat, frequency, presence], lambda: init["penalties"](200, window, repeat, frequency, presence), history=HISTORY)
    biases = {"0": 2.5, "4": -100.0, "7": 0.25}
    yield from single("logit_bias", biases, lambda: init["logit_bias"](8, 3, (LogitBias * 3)(*[LogitBias(int(t), b) for t, b in biases.items()])))


def pipelines():
    """The default order of common_params_sampling, with all of it switched on."""
    for name in ("small", "wide", "flat"):
        chain = [init["penalties"](200, 64, 1.1, 0.2, 0.1), init["top_n_sigma"](2.0), init["top_k"](30), init["typical_p"](0.95, 0), init["top_p"](0.9, 0),
                 init["min_p"](0.02, 0), init["temperature"](0.7)]
        after, _ = run(chain, INPUTS[name], HISTORY)
        yield {"input": name, "history": HISTORY, "after": after, "parameters": {
            "repetitionPenalty": 1.1, "frequencyPenalty": 0.2, "presencePenalty": 0.1, "topNSigma": 2, "topK": 30, "typicalP": 0.95, "topP": 0.9, "minP": 0.02,
            "temperature": 0.7}}


def mirostat():
    for version in (1, 2):
        for tau, eta in ((2.0, 0.1), (5.0, 0.3), (0.5, 0.5)):
            sampler = init["mirostat_1"](200, 11, tau, eta, 100) if version == 1 else init["mirostat_2"](11, tau, eta)
            steps = []
            for step in range(8):
                logits = noise(200, 100 + step, 3.0)
                after, drawn = run([sampler], logits)
                steps.append({"seed": 100 + step, "kept": [i for i, logit in enumerate(after) if logit is not None], "drawn": drawn})
            free(sampler)
            yield {"version": version, "tau": tau, "eta": eta, "steps": steps}


def dry():
    ggml = ctypes.CDLL(glob.glob(f"{folder}/libggml.v*.so")[0], mode=ctypes.RTLD_GLOBAL)
    ggml.ggml_backend_load_all_from_path(folder.encode())
    # The parameters of loading, whatever they are: more room than they take, handed on as they came.
    class Parameters(Structure):
        _fields_ = [("words", ctypes.c_uint64 * 64)]

    lib.llama_model_default_params.restype = Parameters
    parameters = lib.llama_model_default_params()
    load = lib.llama_model_load_from_file
    load.restype, load.argtypes = c_void_p, [c_char_p, Parameters]
    model = load(vocabulary.encode(), parameters)
    get_vocab = declare("llama_model_get_vocab", c_void_p, c_void_p)
    vocab = get_vocab(model)
    count = declare("llama_vocab_n_tokens", c_int32, c_void_p)(vocab)
    to_piece = declare("llama_token_to_piece", c_int32, c_void_p, c_int32, c_char_p, c_int32, c_int32, c_bool)
    tokenize = declare("llama_tokenize", c_int32, c_void_p, c_char_p, c_int32, POINTER(c_int32), c_int32, c_bool, c_bool)

    def tokens_of(text):
        buffer = (c_int32 * 256)()
        return list(buffer[: tokenize(vocab, text, len(text), buffer, 256, False, False)])

    source = random.Random(5)
    words = [t for text in (b"the", b" cat", b" sat", b"\n", b" on", b":", b" mat", b" dog", b".") for t in tokens_of(text)]
    logits = noise(count, 9, 3.0)
    for multiplier, base, allowed, window, breakers in ((0.8, 1.75, 2, 1000, []), (1.0, 1.5, 1, 64, ["\n", ":"]), (0.5, 2.0, 3, 40, ["\n"]), (0.8, 1.75, 2, 1000, [" sat on"]),
                                                        (3.0, 1.0, 2, 1000, [])):
        for _ in range(6):
            unit = [source.choice(words) for _ in range(source.randint(2, 6))]
            history = [token for _ in range(30) for token in (unit if source.random() < 0.6 else [source.choice(words)])]
            raw = [text.encode() for text in breakers]
            sampler = init["dry"](vocab, multiplier, base, allowed, window, (c_char_p * max(1, len(raw)))(*(raw or [None])), len(raw))
            after, _ = run([sampler], logits, history)
            free(sampler)
            lowered = {str(i): number(logits[i] - logit) for i, logit in enumerate(after) if logit is not None and abs(logit - logits[i]) > 1e-4}
            tails = {text[at:]: tokens_of(text[at:].encode()) for text in breakers for at in range(1, len(text))}
            yield {"settings": [multiplier, base, allowed, window], "breakers": breakers, "tails": tails, "history": history, "lowered": lowered,
                   "texts": {str(t): text_of(to_piece, vocab, t) for t in sorted(set(history))}}


def text_of(to_piece, vocab, token):
    buffer = ctypes.create_string_buffer(256)
    length = to_piece(vocab, token, buffer, 256, 0, True)
    return buffer.raw[:length].decode("utf-8", "replace")


json.dump(
    {
        "origin": "llama.cpp v0.5.0, as node-llama-cpp 3.22.1 brings it; float32 on CPU",
        "command": "python tools/golden/sampling_llama_cpp.py FOLDER VOCABULARY",
        "inputs": {name: [number(v) if v > -math.inf else None for v in logits] for name, logits in INPUTS.items()},
        "mirostatInputs": {str(100 + step): [number(v) for v in noise(200, 100 + step, 3.0)] for step in range(8)},
        "cases": list(cases()),
        "pipelines": list(pipelines()),
        "mirostat": list(mirostat()),
        "dry": list(dry()) if vocabulary != "-" else [],
    },
    sys.stdout,
    separators=(",", ":"),
)
