"""What Hugging Face transformers finds by beam search, diverse beam search and contrastive search, with the tiny Llama of architectures.py.

    pip install torch==2.15.0 transformers==5.24.0 && python -P tools/golden/beams.py search FOLDER
    pip install torch==2.15.0 transformers==4.46.3 && python -P tools/golden/beams.py older FOLDER

FOLDER is packages/runtime/test/fixtures/architectures. The newer release has no diverse groups and no contrastive search any more; each part writes a file of its own,
beams.json and beams-older.json. Scores are summed log probabilities over length ** length_penalty, the end token counted.
"""

import json
import pathlib
import sys

import torch
import transformers as t

part, folder = sys.argv[1], pathlib.Path(sys.argv[2])
NETWORK = "llama"
# Diverse groups that are over go on with this token, and the others keep away from it: one that is not probable.
PAD = 0
model = t.AutoModelForCausalLM.from_pretrained(folder / NETWORK, attn_implementation="eager").float().eval()
prompts = [torch.randint(2, 48, (1, length), generator=torch.Generator().manual_seed(seed)) for seed, length in ((5, 9), (11, 4))]

SEARCH = [
    {"num_beams": 1, "num_return_sequences": 1},
    {"num_beams": 4, "num_return_sequences": 2},
    {"num_beams": 5, "num_return_sequences": 5, "length_penalty": 0.0},
    {"num_beams": 5, "num_return_sequences": 5, "length_penalty": 2.5},
    {"num_beams": 3, "num_return_sequences": 3, "length_penalty": -1.5},
    {"num_beams": 4, "num_return_sequences": 4, "early_stopping": True},
    {"num_beams": 4, "num_return_sequences": 4, "early_stopping": "never", "length_penalty": 1.5},
    {"num_beams": 4, "num_return_sequences": 4, "early_stopping": "never", "length_penalty": 0.0},
    {"num_beams": 3, "num_return_sequences": 3, "repetition_penalty": 1.4},
    {"num_beams": 3, "num_return_sequences": 3, "no_repeat_ngram_size": 2},
    {"num_beams": 4, "num_return_sequences": 4, "ends": [1, 7, 20, 33]},
    {"num_beams": 4, "num_return_sequences": 4, "ends": [1, 7, 20, 33], "early_stopping": True, "length_penalty": 0.5},
]
GROUPS = [
    {"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 0.5, "num_return_sequences": 4},
    {"num_beams": 6, "num_beam_groups": 3, "diversity_penalty": 2.0, "num_return_sequences": 6},
    {"num_beams": 4, "num_beam_groups": 4, "diversity_penalty": 1.0, "num_return_sequences": 4},
    {"num_beams": 4, "num_beam_groups": 2, "diversity_penalty": 0.7, "num_return_sequences": 3, "length_penalty": 0.5, "ends": [1, 7, 20, 33]},
    {"num_beams": 6, "num_beam_groups": 2, "diversity_penalty": 0.3, "num_return_sequences": 6, "early_stopping": True, "ends": [1, 7, 20, 33]},
]
CONTRASTIVE = [{"top_k": 4, "penalty_alpha": 0.6}, {"top_k": 8, "penalty_alpha": 0.3}, {"top_k": 3, "penalty_alpha": 0.9}]


def run(prompt, setting, tokens=10):
    setting = dict(setting)
    ends = setting.pop("ends", [1])
    model.generation_config.eos_token_id = None
    out = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=tokens, do_sample=False, pad_token_id=PAD, eos_token_id=ends,
                         return_dict_in_generate=True, output_scores=True, **setting)
    rows = []
    for i, row in enumerate(out.sequences[:, prompt.shape[1]:].tolist()):
        end = next((place for place, token in enumerate(row) if token in ends), len(row) - 1)
        rows.append({"tokens": row[: end + 1], **({"score": out.sequences_scores[i].item()} if getattr(out, "sequences_scores", None) is not None else {})})
    return rows


def cases(settings):
    return [{"prompt": prompt[0].tolist(), "setting": setting, "found": run(prompt, setting)} for prompt in prompts for setting in settings]


origin = f"tools/golden/beams.py {part}; torch {torch.__version__.split('+')[0]}, transformers {t.__version__}"
if part == "search":
    (folder / "beams.json").write_text(json.dumps({"origin": origin, "network": NETWORK, "cases": cases(SEARCH)}, indent=1) + "\n")
else:
    (folder / "beams-older.json").write_text(
        json.dumps({"origin": origin, "network": NETWORK, "groups": cases(GROUPS), "contrastive": cases(CONTRASTIVE)}, indent=1) + "\n")
