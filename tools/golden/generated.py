"""What Hugging Face transformers writes with the tiny networks of architectures.py: greedily, and by beam search.

    pip install torch transformers safetensors
    python -P tools/golden/generated.py packages/runtime/test/fixtures/architectures

Made with torch 2.15.0, transformers 5.24.0. Writes generated.json: for each network the prompt (an encoder-decoder's source), eight tokens chosen
greedily with the natural log of each one's probability, and the three best of three beams of up to eight tokens with their scores
(summed log probabilities over the length, which counts what was written, end token 1 included).
"""

import json
import pathlib
import sys

import torch
import transformers as t

folder = pathlib.Path(sys.argv[1])
result = {"origin": f"tools/golden/generated.py; torch {torch.__version__}, transformers {t.__version__}", "networks": {}}
for place in sorted(path for path in folder.iterdir() if path.is_dir() and path.name != "bert"):
    is_t5 = place.name.endswith("t5")
    model = (t.T5ForConditionalGeneration if is_t5 else t.AutoModelForCausalLM).from_pretrained(place, attn_implementation="eager").float().eval()
    prompt = torch.randint(2, 48, (1, 9), generator=torch.Generator().manual_seed(5))
    start = {"decoder_start_token_id": 0} if is_t5 else {}
    common = dict(max_new_tokens=8, do_sample=False, pad_token_id=0, return_dict_in_generate=True, output_scores=True, attention_mask=torch.ones_like(prompt), **start)
    # An end token that is never chosen: eight tokens, whatever they are.
    model.generation_config.eos_token_id = None
    greedy = model.generate(prompt, **common, eos_token_id=None)
    written = greedy.sequences[0, 1 if is_t5 else prompt.shape[1] :]
    logprobs = [torch.log_softmax(scores[0], -1)[token].item() for scores, token in zip(greedy.scores, written)]
    beams = model.generate(prompt, **common, eos_token_id=1, num_beams=3, num_return_sequences=3, length_penalty=1.0, early_stopping=False)
    sequences = [row[1 if is_t5 else prompt.shape[1] :].tolist() for row in beams.sequences]
    result["networks"][place.name] = {
        "prompt": prompt[0].tolist(),
        "greedy": written.tolist(),
        "logprobs": logprobs,
        "beams": [{"tokens": row, "score": score.item()} for row, score in zip(sequences, beams.sequences_scores)],
    }
(folder / "generated.json").write_text(json.dumps(result, indent=1) + "\n")
