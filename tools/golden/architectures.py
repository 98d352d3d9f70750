"""Tiny random networks of every architecture, with what Hugging Face transformers makes of some tokens in float32: the judge of the open graphs.

    pip install torch transformers safetensors
    python -P tools/golden/architectures.py packages/runtime/test/fixtures/architectures [NAME …]

Made with torch 2.15.0, transformers 5.24.0. Writes for each a folder with
    config.json, model.safetensors    as save_pretrained writes them
    golden.safetensors                ids, logits (an encoder's last state), hidden.N (N = 0: embedded; the last normalised), attention.N;
                                      an encoder-decoder's encoder.hidden.N, encoder.attention.N, decoder.…, cross.N besides;
                                      of a mixture of experts router.N, the router's logits
Weights are drawn wide enough for attention and the MLP to matter.
"""

import pathlib
import shutil
import sys

import torch
import transformers as t
from safetensors.torch import save_file

folder = pathlib.Path(sys.argv[1])
common = {"vocab_size": 48, "hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64}
grouped = {**common, "num_key_value_heads": 2}
wide = {**grouped, "hidden_size": 64}
llama3 = {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}
t5 = {"vocab_size": 48, "d_model": 32, "d_kv": 8, "d_ff": 40, "num_layers": 2, "num_heads": 4, "relative_attention_num_buckets": 8, "relative_attention_max_distance": 10}

CASES = {
    "gpt2": (t.GPT2LMHeadModel, t.GPT2Config(vocab_size=48, n_embd=32, n_layer=2, n_head=4, n_positions=64)),
    "llama": (t.LlamaForCausalLM, t.LlamaConfig(**grouped, tie_word_embeddings=False)),
    "llama3-tied": (t.LlamaForCausalLM, t.LlamaConfig(**grouped, tie_word_embeddings=True, rope_parameters=llama3)),
    "mistral": (t.MistralForCausalLM, t.MistralConfig(**grouped, sliding_window=5)),
    "qwen2": (t.Qwen2ForCausalLM, t.Qwen2Config(**grouped, use_sliding_window=True, sliding_window=5, max_window_layers=1)),
    "qwen3": (t.Qwen3ForCausalLM, t.Qwen3Config(**grouped, head_dim=16, tie_word_embeddings=True)),
    "mixtral": (t.MixtralForCausalLM, t.MixtralConfig(**grouped, num_local_experts=4, num_experts_per_tok=2)),
    "gemma3": (
        t.Gemma3ForCausalLM,
        t.Gemma3TextConfig(**{**grouped, "num_hidden_layers": 3}, head_dim=16, sliding_window=5, query_pre_attn_scalar=12, layer_types=["sliding_attention", "full_attention", "sliding_attention"]),
    ),
    # It reads images too: the text network is a part of it.
    "gemma3-images": (
        t.Gemma3ForConditionalGeneration,
        t.Gemma3Config(
            text_config={**grouped, "head_dim": 16, "sliding_window": 5, "query_pre_attn_scalar": 12, "layer_types": ["sliding_attention", "full_attention"]},
            vision_config={"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 4, "patch_size": 2},
            mm_tokens_per_image=4,
            image_token_index=47,
        ),
    ),
    # Heads of 16 numbers: what the fast engine takes.
    "llama3-wide": (t.LlamaForCausalLM, t.LlamaConfig(**wide, tie_word_embeddings=True, rope_parameters=llama3)),
    "mistral-wide": (t.MistralForCausalLM, t.MistralConfig(**wide, sliding_window=5)),
    "qwen2-wide": (t.Qwen2ForCausalLM, t.Qwen2Config(**wide, use_sliding_window=True, sliding_window=5, max_window_layers=1)),
    "bert": (t.BertModel, t.BertConfig(**common)),
    "t5": (t.T5ForConditionalGeneration, t.T5Config(**t5)),
    "flan-t5": (t.T5ForConditionalGeneration, t.T5Config(**t5, num_decoder_layers=1, feed_forward_proj="gated-gelu", tie_word_embeddings=False)),
}


def draw(model):
    """Norms around their usual weight, biases small, matrices wide."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            is_norm = "norm" in name.lower() or ".ln_" in name
            if is_norm and name.endswith("weight"):
                weight.copy_((0 if "Gemma" in type(model).__name__ else 1) + 0.3 * noise)
            else:
                weight.copy_((0.1 if name.endswith("bias") else 0.25) * noise)


for name, (make, config) in CASES.items():
    if len(sys.argv) > 2 and name not in sys.argv[2:]:
        continue
    config._attn_implementation = "eager"
    model = make(config).float().eval()
    draw(model)
    ids = torch.randint(0, 48, (1, 14), generator=torch.Generator().manual_seed(3))
    source = torch.randint(0, 48, (1, 11), generator=torch.Generator().manual_seed(4))
    golden = {"ids": ids[0].to(torch.int64)}
    with torch.no_grad():
        if name.endswith("t5"):
            out = model(input_ids=source, decoder_input_ids=ids, output_attentions=True, output_hidden_states=True)
            golden["source"] = source[0].to(torch.int64)
            for side, states, attentions in [
                ("encoder", out.encoder_hidden_states, out.encoder_attentions),
                ("decoder", out.decoder_hidden_states, out.decoder_attentions),
            ]:
                golden |= {f"{side}.hidden.{i}": state[0] for i, state in enumerate(states)}
                golden |= {f"{side}.attention.{i}": a[0] for i, a in enumerate(attentions)}
            golden |= {f"cross.{i}": a[0] for i, a in enumerate(out.cross_attentions)}
        else:
            out = model(ids, output_attentions=True, output_hidden_states=True, **({"output_router_logits": True} if name == "mixtral" else {}))
            golden |= {f"router.{i}": logits.reshape(-1, logits.shape[-1]) for i, logits in enumerate(getattr(out, "router_logits", None) or [])}
            golden |= {f"hidden.{i}": state[0] for i, state in enumerate(out.hidden_states)}
            golden |= {f"attention.{i}": a[0] for i, a in enumerate(out.attentions)}
        golden["logits"] = (out.last_hidden_state if name == "bert" else out.logits)[0]
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    model.save_pretrained(place)
    (place / "generation_config.json").unlink(missing_ok=True)
    save_file({key: value.clone().contiguous() for key, value in golden.items()}, place / "golden.safetensors", metadata={"origin": f"tools/golden/architectures.py; torch {torch.__version__}, transformers {t.__version__}"})
    print(name, sum(file.stat().st_size for file in place.iterdir()))
