"""Golden texts and ids of chat templates, from transformers' `apply_chat_template`.

    pip install transformers==5.23.0 tokenizers==0.23.3 gguf==0.19.0 jinja2
    python tools/golden/chat-templates.py SmolLM2-135M-Instruct.Q4_1.gguf > packages/tokenizer/test/fixtures/chat-templates.json

The vocabulary is that of gguf-tokenizer.json (run gguf-tokenizer.py first) with the special tokens of each template added; `smollm2` has besides the ids of the
real file's vocabulary. Templates are written here in the style of the family they are named after; `smollm2` is the real file's own.
"""

import datetime
import json
import pathlib
import sys

import gguf
import jinja2
import tokenizers
import transformers
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

ROOT = pathlib.Path(__file__).parents[2]
SMALL = json.loads((ROOT / "packages/tokenizer/test/fixtures/gguf-tokenizer.json").read_text())
DIGITS = {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": True}]}

LLAMA2 = (
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}"
    "{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
    "{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}"
    "{% else %}{% set content = message['content'] %}{% endif %}"
    "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
)
GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}"
    "{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}"
)
ALPACA = (
    "{% for message in messages %}\n{% if message.role == 'system' %}\n{{ message.content }}\n\n"
    "{% elif message.role == 'user' %}\n### Instruction:\n{{ message.content }}\n\n"
    "{% else %}\n### Response:\n{{ message.content }}{{ eos_token }}\n\n{% endif %}\n{% endfor %}\n{% if add_generation_prompt %}\n### Response:\n{% endif %}"
)
ZEPHYR = (
    "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\\n' + message['content'] + eos_token }}\n"
    "{% elif message['role'] == 'system' %}\n{{ '<|system|>\\n' + message['content'] + eos_token }}\n"
    "{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\\n'  + message['content'] + eos_token }}\n{% endif %}\n"
    "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}"
)
LLAMA3 = (
    "{{- bos_token }}\n{%- if messages[0]['role'] == 'system' %}\n    {%- set system_message = messages[0]['content']|trim %}\n    {%- set messages = messages[1:] %}\n"
    "{%- else %}\n    {%- set system_message = \"\" %}\n{%- endif %}\n"
    "{{- \"<|start_header_id|>system<|end_header_id|>\\n\\n\" }}\n{{- \"Cutting Knowledge Date: December 2023\\n\\n\" }}\n{{- system_message }}\n{{- \"<|eot_id|>\" }}\n"
    "{%- for message in messages %}\n    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}\n{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}\n{%- endif %}\n"
)
HERMES = (
    "{%- if tools %}\n    {{- '<|im_start|>system\\n' }}\n    {%- if messages[0]['role'] == 'system' %}\n        {{- messages[0]['content'] }}\n"
    "    {%- else %}\n        {{- 'You are a helpful assistant.' }}\n    {%- endif %}\n"
    "    {{- \"\\n\\n# Tools\\n\\nYou may call functions.\\n\\n<tools>\" }}\n    {%- for tool in tools %}\n        {{- \"\\n\" }}\n        {{- tool | tojson }}\n    {%- endfor %}\n"
    "    {{- \"\\n</tools><|im_end|>\\n\" }}\n"
    "{%- elif messages[0]['role'] == 'system' %}\n    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}\n{%- endif %}\n"
    "{%- for message in messages %}\n"
    "    {%- if (message.role == \"user\") or (message.role == \"system\" and not loop.first) or (message.role == \"assistant\" and not message.tool_calls) %}\n"
    "        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n"
    "    {%- elif message.role == \"assistant\" %}\n        {{- '<|im_start|>' + message.role }}\n        {%- if message.content %}\n            {{- '\\n' + message.content }}\n        {%- endif %}\n"
    "        {%- for tool_call in message.tool_calls %}\n            {%- if tool_call.function is defined %}\n                {%- set tool_call = tool_call.function %}\n            {%- endif %}\n"
    "            {{- '\\n<tool_call>\\n{\"name\": \"' }}\n            {{- tool_call.name }}\n            {{- '\", \"arguments\": ' }}\n            {{- tool_call.arguments | tojson }}\n            {{- '}\\n</tool_call>' }}\n        {%- endfor %}\n"
    "        {{- '<|im_end|>\\n' }}\n"
    "    {%- elif message.role == \"tool\" %}\n        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != \"tool\") %}\n            {{- '<|im_start|>user' }}\n        {%- endif %}\n"
    "        {{- '\\n<tool_response>\\n' }}\n        {{- message.content }}\n        {{- '\\n</tool_response>' }}\n"
    "        {%- if loop.last or (messages[loop.index0 + 1].role != \"tool\") %}\n            {{- '<|im_end|>\\n' }}\n        {%- endif %}\n    {%- endif %}\n{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n"
)

SPECIALS = {
    "smollm2": ["<|im_start|>", "<|im_end|>"], "llama2": ["<s>", "</s>"], "gemma": ["<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"], "alpaca": ["<s>", "</s>"],
    "zephyr": ["<s>", "</s>", "<|user|>", "<|system|>", "<|assistant|>"], "llama3": ["<|begin_of_text|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>"],
    "hermes": ["<|im_start|>", "<|im_end|>"],
}
TOOLS = [
    {"type": "function", "function": {"name": "get_weather", "description": "The weather's \"now\" <in> a city — é", "parameters": {"type": "object", "properties": {"city": {"type": "string", "enum": ["Oslo", "Paris"]}}, "required": ["city"]}}},
    {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}},
]


def message(role, content, **more):
    return {"role": role, "content": content, **more}


CHATS = {
    "one": [message("user", "What is 2+2?")],
    "system": [message("system", "You see bytes, and merge the pairs."), message("user", "The quick brown fox 12345")],
    "turns": [message("user", "The words"), message("assistant", "it sees bytes\n\nand merges"), message("user", "don't  stop 🇫🇷 ½\n")],
    "space": [message("user", "  \n the words \t"), message("assistant", "  yes "), message("user", "\n\nagain  ")],
    "empty": [message("user", ""), message("assistant", " "), message("user", "x")],
    "markup": [message("user", "a <|im_end|> b </s> <end_of_turn> <|eot_id|> {{ x }} {% if %} <s>"), message("assistant", "<|im_start|>user"), message("user", "[/INST] <|user|>")],
    "languages": [message("user", "Быстрая лиса 敏捷的棕色狐狸 الثعلب 😀👍🏽 e\u0301")],
    "twice": [message("user", "the same"), message("assistant", "the same"), message("user", "the same")],
    "roles": [message("assistant", "first"), message("user", "second")],
    "tools": [
        message("system", "Use the tools."), message("user", "Weather in Oslo and Paris?"),
        message("assistant", "", tool_calls=[{"type": "function", "id": "c1", "function": {"name": "get_weather", "arguments": {"city": "Oslo", "days": 2}}}, {"type": "function", "id": "c2", "function": {"name": "get_weather", "arguments": {"city": "Paris"}}}]),
        message("tool", "-3 °C", tool_call_id="c1"), message("tool", "{\"t\": 9}", tool_call_id="c2"), message("assistant", "Oslo is colder."), message("user", "Thanks"),
    ],
}


def tokenizer_of(model, added, template, bos, eos):
    backend = Tokenizer.from_str(json.dumps({"version": "1.0", "model": model, "pre_tokenizer": DIGITS, "added_tokens": added, "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}}))
    return PreTrainedTokenizerFast(tokenizer_object=backend, bos_token=bos, eos_token=eos, chat_template=template)


def added_token(id, content):
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}


def cases(name, tokenizer):
    for chat, messages in CHATS.items():
        for generation in ([True] if chat == "tools" else [True, False]):
            tools = TOOLS if chat == "tools" else None
            try:
                text = tokenizer.apply_chat_template(messages, tools=tools, add_generation_prompt=generation, tokenize=False)
                ids = tokenizer.apply_chat_template(messages, tools=tools, add_generation_prompt=generation, tokenize=True, return_dict=False)
                yield {"template": name, "chat": chat, "generation": generation, "text": text, "ids": " ".join(map(str, ids))}
            except jinja2.exceptions.TemplateError as error:
                yield {"template": name, "chat": chat, "generation": generation, "refused": str(error)}


fields = gguf.GGUFReader(sys.argv[1]).fields
smollm2 = fields["tokenizer.chat_template"].contents()
templates = {"smollm2": smollm2, "llama2": LLAMA2, "gemma": GEMMA, "alpaca": ALPACA, "zephyr": ZEPHYR, "llama3": LLAMA3, "hermes": HERMES}
model = {"type": "BPE", "vocab": SMALL["model"]["vocab"], "merges": [merge.split(" ") for merge in SMALL["model"]["merges"]]}
golden = []
for name, template in templates.items():
    size = len(model["vocab"])
    added = [added_token(size + index, content) for index, content in enumerate(SPECIALS[name])]
    golden.extend(cases(name, tokenizer_of(model, added, template, SPECIALS[name][0], SPECIALS[name][1])))

tokens, types, merges = (fields[f"tokenizer.ggml.{key}"].contents() for key in ("tokens", "token_type", "merges"))
real_model = {"type": "BPE", "vocab": {token: id for id, token in enumerate(tokens)}, "merges": [merge.split(" ") for merge in merges]}
real = tokenizer_of(real_model, [added_token(id, token) for id, (token, type) in enumerate(zip(tokens, types)) if type == 3], smollm2, "<|im_start|>", "<|im_end|>")
moments = [datetime.datetime(2024, 7, 4, 9, 5, 7), datetime.datetime(2031, 12, 25, 23, 59, 58), datetime.datetime(2025, 9, 1, 0, 0, 0)]
formats = ["%d %b %Y", "%B %d, %Y", "%Y-%m-%d %H:%M:%S", "%A, %a %I:%M %p %y", "100%% %d"]
json.dump({
    "origin": "transformers, apply_chat_template with and without tokenize; vocabulary of gguf-tokenizer.json",
    "version": f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}, jinja2 {jinja2.__version__}",
    "command": "python tools/golden/chat-templates.py SmolLM2-135M-Instruct.Q4_1.gguf",
    "templates": templates,
    "specials": SPECIALS,
    "chats": CHATS,
    "tools": TOOLS,
    "cases": golden,
    "realIds": [{key: case[key] for key in ("chat", "generation", "ids")} for case in cases("smollm2", real)],
    "dates": [[moment.isoformat(), format, moment.strftime(format)] for moment in moments for format in formats],
}, sys.stdout, ensure_ascii=True, indent=1)
print()
