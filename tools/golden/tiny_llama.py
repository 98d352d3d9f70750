"""A tiny random Llama as a GGUF file, and its logits by Hugging Face transformers in float32: the judge of the engine's graph.

    pip install torch transformers gguf
    python -P tools/golden/tiny_llama.py packages/runtime/test/fixtures

Made with torch 2.15.0, transformers 5.23.0, gguf 0.19.0. Writes
    tiny-llama.gguf   2 layers, width 64, 4 heads sharing 2 key-value heads, F32; rows of q and k permuted as llama.cpp's converter does
    tiny-llama.json   { "about", "ids": [20], "logits": [20][64] }
Weights are drawn wide enough for attention and the MLP to matter: logits spread over several units.
"""

import json
import pathlib
import sys

import gguf
import torch
import transformers

folder = pathlib.Path(sys.argv[1])
torch.manual_seed(11)
config = transformers.LlamaConfig(
    vocab_size=64,
    hidden_size=64,
    intermediate_size=96,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=128,
    rms_norm_eps=1e-5,
    rope_parameters={"rope_type": "default", "rope_theta": 5000.0},
    tie_word_embeddings=False,
    attn_implementation="eager",
)
model = transformers.LlamaForCausalLM(config).float().eval()
with torch.no_grad():
    for name, weight in model.named_parameters():
        weight.copy_(1 + 0.3 * torch.randn_like(weight) if "norm" in name else 0.2 * torch.randn_like(weight))

ids = torch.randint(0, config.vocab_size, (20,)).tolist()
with torch.no_grad():
    logits = model(torch.tensor([ids])).logits[0]


def permuted(weight, heads):
    """Rows of each head from halves (0, half), (1, half + 1) … to neighbours, as ggml rotates them."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


names = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
top = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}

writer = gguf.GGUFWriter(folder / "tiny-llama.gguf", "llama")
writer.add_context_length(config.max_position_embeddings)
writer.add_embedding_length(config.hidden_size)
writer.add_block_count(config.num_hidden_layers)
writer.add_feed_forward_length(config.intermediate_size)
writer.add_head_count(config.num_attention_heads)
writer.add_head_count_kv(config.num_key_value_heads)
writer.add_layer_norm_rms_eps(config.rms_norm_eps)
writer.add_rope_freq_base(5000.0)
writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
for name, weight in model.state_dict().items():
    if name in top:
        target = top[name]
    else:
        layer, part = name.removeprefix("model.layers.").removesuffix(".weight").split(".", 1)
        target = f"blk.{layer}.{names[part]}.weight"
        if part.endswith("q_proj"):
            weight = permuted(weight, config.num_attention_heads)
        if part.endswith("k_proj"):
            weight = permuted(weight, config.num_key_value_heads)
    writer.add_tensor(target, weight.contiguous().numpy())
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

about = f"tools/golden/tiny_llama.py: transformers {transformers.__version__}, torch {torch.__version__}, float32, eager attention"
content = {"about": about, "ids": ids, "logits": [[round(x, 6) for x in row] for row in logits.tolist()]}
(folder / "tiny-llama.json").write_text(json.dumps(content, indent=2) + "\n")
print(f"logits from {logits.min():.2f} to {logits.max():.2f}")
