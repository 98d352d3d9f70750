"""Sentence vectors of all-MiniLM-L6-v2 as sentence-transformers makes them: the mean of the last states, brought to length 1.

    pip install torch transformers safetensors
    python -P tools/golden/sentence_vectors.py FOLDER packages/runtime/test/fixtures/all-minilm-l6-v2.golden.safetensors

FOLDER holds the model. Made with torch 2.15.0, transformers 5.24.0. Writes texts in many languages and of many lengths, up to beyond the
model's 256 tokens (metadata `texts`, a JSON list), and their vectors [texts, 384] in float16.
"""

import json
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoModel, AutoTokenizer

SENTENCES = [
    "The capital of France is Paris.", "Paris est la capitale de la France.", "Die Hauptstadt von Frankreich ist Paris.", "La capital de Francia es París.",
    "フランスの首都はパリです。", "法国的首都是巴黎。", "프랑스의 수도는 파리입니다.", "Столица Франции — Париж.", "عاصمة فرنسا هي باريس.", "בירת צרפת היא פריז.",
    "Η πρωτεύουσα της Γαλλίας είναι το Παρίσι.", "เมืองหลวงของฝรั่งเศสคือปารีส", "Thủ đô của Pháp là Paris.", "Fransa'nın başkenti Paris'tir.",
    "Stolicą Francji jest Paryż.", "फ्रांस की राजधानी पेरिस है।", "a", "", "   ", "Hi!", "🙂🙃 👩‍👩‍👧", "naïve café résumé ÀÉÎÕÜ", "x" * 150,
    "1234567890 3.14159 1e-12", "std::vector<int> v{1, 2, 3};", "SELECT * FROM t WHERE a = 'b';", "<p>hi</p>", "tab\tnew\nline\r\n",
    "[SEP] in the text [CLS]", "The [MASK] sat on the mat.",
]  # fmt: skip
texts = SENTENCES + [" ".join(SENTENCES[i % 9 : i % 9 + 1 + i % 7]) + " and then something else happened," * (3 * i) for i in range(30)]

folder = sys.argv[1]
tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).float().eval()
vectors = []
for text in texts:
    batch = tokenizer([text], truncation=True, max_length=256, return_tensors="pt")
    with torch.no_grad():
        states = model(**batch).last_hidden_state[0]
    vectors.append(torch.nn.functional.normalize(states.mean(0), dim=0))
origin = f"tools/golden/sentence_vectors.py; torch {torch.__version__}"
save_file({"vectors": torch.stack(vectors).half()}, sys.argv[2], metadata={"origin": origin, "texts": json.dumps(texts, ensure_ascii=False)})
