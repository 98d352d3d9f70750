"""Golden logits for the preset `vllm`, from vLLM's own sampler, run on the CPU.

    pip download --no-deps --no-binary :all: vllm==0.33.0      # its source; unpack it, nothing of it is built
    pip install torch==2.15.0 numpy
    python tools/golden/sampling_vllm.py FOLDER-OF-THE-SOURCE > packages/sampling/test/fixtures/vllm.json

What runs is vLLM's code as it stands in its source: `Sampler.forward` with the penalties, the logits processors (bias, min_p) and
`apply_top_k_top_p_pytorch`, in vLLM's order, asked for its processed logits. The modules around it (configuration, platforms, kernels, logging) are
stand-ins: any name of theirs is an inert object, the platform is none of those that have kernels of their own, and Triton is absent. Nothing that touches
logits is a stand-in. `drawn` of a greedy case is the token that the sampler itself returned.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import json
import sys
import types
from pathlib import Path
from types import SimpleNamespace

import torch

SOURCE = Path(sys.argv[1])
VERSION = next(line.split(": ")[1] for line in (SOURCE / "PKG-INFO").read_text().splitlines() if line.startswith("Version: "))
GENUINE = {
    "vllm.v1.outputs",
    "vllm.v1.sample.metadata",
    "vllm.v1.sample.sampler",
    "vllm.v1.sample.ops.bad_words",
    "vllm.v1.sample.ops.logprobs",
    "vllm.v1.sample.ops.penalties",
    "vllm.v1.sample.ops.topk_topp_sampler",
    "vllm.v1.sample.logits_processor.builtin",
    "vllm.v1.sample.logits_processor.interface",
    "vllm.v1.sample.logits_processor.state",
    "vllm.model_executor.layers.utils",
    "vllm._custom_ops",
}


class Inert:
    """Any name of a module that does not matter here: can be called, subclassed, used as a decorator; is false."""

    def __init__(self, *_, **__):
        pass

    def __call__(self, *arguments, **_):
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _):
        return self

    def __iter__(self):
        return iter(())

    def __contains__(self, _):
        return False

    def __bool__(self):
        return False

    def __or__(self, _):
        return self

    __ror__ = __or__

    def __mro_entries__(self, _):
        return (object,)


def pad(rows, pad, dtype, device=None, **_):
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [pad] * (longest - len(row)) for row in rows], dtype=dtype, device=device)


PROVIDED = {
    "vllm.utils.torch_utils": {
        "PIN_MEMORY": False,
        "make_tensor_with_pad": pad,
        "async_tensor_h2d": lambda data, device=None, dtype=None, **_: torch.as_tensor(data, dtype=dtype, device=device),
    },
    "vllm.triton_utils": {"HAS_TRITON": False},
    "vllm.config.model": {"PROCESSED_LOGPROBS_MODES": ("processed_logits", "processed_logprobs")},
}


class StandIn(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return PROVIDED.get(self.__name__, {}).get(name, INERT)


INERT = Inert()


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name != "vllm" and not name.startswith("vllm."):
            return None
        if name in GENUINE:
            return importlib.util.spec_from_file_location(name, SOURCE / (name.replace(".", "/") + ".py"))
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Finder())
from vllm.v1.sample.logits_processor.builtin import LogitBiasLogitsProcessor, MinPLogitsProcessor  # noqa: E402
from vllm.v1.sample.logits_processor.interface import BatchUpdate  # noqa: E402
from vllm.v1.sample.logits_processor.state import LogitsProcessors  # noqa: E402
from vllm.v1.sample.metadata import SamplingMetadata  # noqa: E402
from vllm.v1.sample.sampler import Sampler  # noqa: E402

INF = float("inf")


def one(value, dtype=torch.float32):
    return torch.tensor([value], dtype=dtype)


def run(logits, prompt, answer, allowed=None, **asked):
    """The logits as the sampler leaves them, and the token that it took."""
    vocabulary = len(logits)
    temperature = asked.get("temperature", 1.0)
    is_greedy = temperature < 1e-5  # as its input batch files the request
    parameters = SimpleNamespace(min_p=asked.get("minP", 0.0), logit_bias={int(token): bias for token, bias in asked.get("logitBias", {}).items()})
    config = SimpleNamespace(scheduler_config=SimpleNamespace(max_num_seqs=1))
    processors = [LogitBiasLogitsProcessor(config, torch.device("cpu"), False), MinPLogitsProcessor(config, torch.device("cpu"), False)]
    for processor in processors:
        processor.update_state(BatchUpdate(batch_size=1, removed=[], added=[(0, parameters, prompt, answer)], moved=[]))
    top_k = asked.get("topK", 0)
    mask = None
    if allowed is not None:
        mask = torch.ones(1, vocabulary, dtype=torch.bool)
        mask[0, allowed] = False
    penalties = [asked.get(name, off) for name, off in (("frequencyPenalty", 0.0), ("presencePenalty", 0.0), ("repetitionPenalty", 1.0))]
    metadata = SamplingMetadata(
        temperature=one(temperature),
        all_greedy=is_greedy,
        all_random=not is_greedy,
        top_p=one(asked["topP"]) if asked.get("topP", 1) < 1 else None,
        top_k=one(top_k, torch.int32) if 0 < top_k < vocabulary else None,
        generators={0: torch.Generator().manual_seed(0)},
        max_num_logprobs=-1,
        no_penalties=penalties == [0.0, 0.0, 1.0],
        prompt_token_ids=torch.tensor([prompt or [vocabulary]]),
        frequency_penalties=one(penalties[0]),
        presence_penalties=one(penalties[1]),
        repetition_penalties=one(penalties[2]),
        output_token_ids=[answer],
        allowed_token_ids_mask=mask,
        bad_words_token_ids={},
        logitsprocs=LogitsProcessors(processors),
    )
    output = Sampler(logprobs_mode="processed_logits").forward(torch.tensor([logits], dtype=torch.float32), metadata)
    after = output.logprobs_tensors.logprobs[0].tolist()
    drawn = int(output.sampled_token_ids[0, 0])
    assert after[drawn] > -INF
    return after, drawn if is_greedy else None


def noise(n, seed, spread=4.0):
    return (torch.randn(n, generator=torch.Generator().manual_seed(seed)) * spread - 1).tolist()


INPUTS = {
    "random": noise(40, 11),
    "wide": noise(150, 12, 6.0),
    "flat": noise(150, 13, 0.05),
    "ties": [2.0, 1.0, 2.0, 1.0, 0.0, 1.0, -1.0, 2.0, 1.0],
    "negative": [-1.0, -2.0, -0.5, -8.0, -3.0, -0.125],
    "impossible": [1.0, -INF, 0.5, -INF, 3.0, -0.25, -INF, 2.0],
}
HISTORY = {
    "random": ([3, 7, 7, 39], [0, 12, 12, 12, 3]),
    "wide": (list(range(0, 150, 7)), [5, 5, 14, 21, 149]),
    "flat": ([1, 2, 3], []),
    "ties": ([0], [3, 8]),
    "negative": ([2, 2], [5, 0, 0]),
    "impossible": ([4], [1, 7]),
}
SETTINGS = [
    {"temperature": 0.1},
    {"temperature": 0.7},
    {"temperature": 1.9},
    {"topK": 2},
    {"topK": 3},
    {"topK": 1000},
    {"topP": 0.1},
    {"topP": 0.5},
    {"topP": 0.9},
    {"topP": 0.999},
    {"minP": 0.01},
    {"minP": 0.2},
    {"minP": 1.0},
    {"repetitionPenalty": 1.3},
    {"repetitionPenalty": 0.6},
    {"frequencyPenalty": 0.4},
    {"frequencyPenalty": -0.7},
    {"presencePenalty": 1.1},
    {"presencePenalty": -0.4},
    {"logitBias": {"0": 2.5, "2": -1.0, "5": -100}},
    {"repetitionPenalty": 1.2, "frequencyPenalty": 0.3, "presencePenalty": 0.6},
    {"temperature": 1.8, "minP": 0.1, "topK": 4, "topP": 0.8},
    {"temperature": 0.6, "topK": 5, "topP": 0.7},
    {"logitBias": {"0": 3.0, "3": -1.5}, "repetitionPenalty": 1.2, "temperature": 0.8, "topP": 0.9},
    {"logitBias": {"1": 1.0}, "repetitionPenalty": 1.1, "frequencyPenalty": 0.2, "presencePenalty": -0.3, "temperature": 1.4, "minP": 0.05, "topK": 6, "topP": 0.95},
    {"temperature": 0.0},
    {"temperature": 0.000009, "repetitionPenalty": 1.5},
    {"temperature": 0.00001},
    {"temperature": 0.0, "frequencyPenalty": 2.0, "presencePenalty": 1.0},
]
ALLOWED = [{"temperature": 0.7, "topK": 2}, {"topP": 0.6}, {"temperature": 0.0}, {"repetitionPenalty": 1.4, "temperature": 1.3, "minP": 0.1}]


def number(value):
    return None if value == -INF else float(f"{value:.9g}")


def cases():
    for name, logits in INPUTS.items():
        prompt, answer = HISTORY[name]
        asked = [(settings, None) for settings in SETTINGS] + [(settings, list(range(0, len(logits), 2))) for settings in ALLOWED]
        for parameters, allowed in asked:
            after, drawn = run(logits, prompt, answer, allowed, **parameters)
            case = {"input": name, "parameters": parameters}
            if allowed is not None:
                case["allowed"] = allowed
            # A greedy step stops before the temperature and the cuts.
            case |= {"after": [number(value) for value in after]} if drawn is None else {"drawn": drawn}
            yield case


golden = {
    "origin": f"vLLM {VERSION}, Sampler.forward on the CPU with its PyTorch code; torch {torch.__version__}, float32",
    "command": "python tools/golden/sampling_vllm.py FOLDER",
    "licence": "vLLM: Apache-2.0",
    "inputs": {name: {"logits": [number(value) for value in logits], "prompt": HISTORY[name][0], "answer": HISTORY[name][1]} for name, logits in INPUTS.items()},
    "cases": list(cases()),
}
print(json.dumps(golden, separators=(",", ":")))
