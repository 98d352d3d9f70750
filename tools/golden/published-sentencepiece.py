"""Golden ids of published SentencePiece vocabularies, from SentencePiece itself and from Hugging Face's `tokenizers`.

    npm ci --prefix tools/vocabularies && pip install sentencepiece==0.2.3 tokenizers==0.23.3 mistral-common==1.13.1
    python tools/golden/published-sentencepiece.py tools/vocabularies/node_modules packages/tokenizer/test/fixtures/published-sentencepiece.json

Mistral's from the .model files of mistral-common (the npm package holds the same vocabularies in a form of its own), Gemma's from the tokenizer.json of the
npm packages, which both sides read.
"""

import json
import pathlib
import sys

import mistral_common
import sentencepiece
import tokenizers

TEXTS = [
    "", " ", "  ", "\n", " a", "a ", "  a  b  ", "All human beings are born free and equal in dignity and rights.", "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "Все люди рождаются свободными и равными в своем достоинстве и правах.", "すべての人間は、生れながらにして自由であり、", "人人生而自由，在尊严和权利上一律平等。", "모든 인간은 태어날 때부터 자유로우며", "يولد جميع الناس أحراراً متساوين", "सभी मनुष्यों को गौरव", "มนุษย์ทั้งหลายเกิดมามีอิสระ", "ყველა ადამიანი იბადება",
    "if (x <= 0) {\n    return [1, 2.5e-3];\n}\n", "\tTab\r\nline  ends\n\n\n", "\u3000wide\u00a0spaces\u200b\ufeff", "▁", "a▁b▁▁", "<0x0A><0xE2>", "e\u0301 é ﬁ ＡＢ ①", "😀👨‍👩‍👧 x 🇩🇪🫠", "\U000e0067\U0010ffff", "\u0000\u0001", "\u0085 \u2028", "1234567890 3.14159", "https://example.org/a_b?c=%20d", "________________", "=" * 70, " " * 33, "a" * 50, "ab" * 40, "日" * 30, "don't WON'T I'm", "TheQuickBrownFox snake_case kebab-case", '{"key": ["value", null, true]}', "aGVsbG8gd29ybGQhIQ==", "Ω≈ç√∫˜µ≤≥÷", "ΣΑΣ ß İ ŉ",
]


def main(packages, target):
    data = pathlib.Path(mistral_common.__file__).parent / "data"
    vocabularies = []
    for name, file in {"mistral-v1": "tokenizer.model.v1", "mistral-v3": "mistral_instruct_tokenizer_240323.model.v3"}.items():
        model = sentencepiece.SentencePieceProcessor(model_file=str(data / file))
        vocabularies.append({"name": name, "ids": [" ".join(map(str, model.encode(text))) for text in TEXTS]})
    for name in ["gemma3", "gemini"]:  # the vocabulary of Gemma 1 and 2
        model = tokenizers.Tokenizer.from_file(str(pathlib.Path(packages) / f"@lenml/tokenizer-{name}/models/tokenizer.json"))
        vocabularies.append({"name": {"gemini": "gemma2"}.get(name, name), "ids": [" ".join(map(str, model.encode(text, add_special_tokens=False).ids)) for text in TEXTS]})
    lines = ",\n".join(json.dumps(vocabulary, ensure_ascii=False) for vocabulary in vocabularies)
    pathlib.Path(target).write_text(f'{{\n"made": {json.dumps("tools/golden/published-sentencepiece.py, sentencepiece " + sentencepiece.__version__ + ", tokenizers " + tokenizers.__version__)},\n"texts": {json.dumps(TEXTS)},\n"vocabularies": [\n{lines}\n]\n}}\n', encoding="utf8")


main(*sys.argv[1:])
