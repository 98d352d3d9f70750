"""Writes packages/tokenizer/src/unicode-16.ts: the character classes that pre-tokenizers tell apart, pinned to Unicode 16.0.

    pip install unicodedata2==16.0.0
    python tools/golden/unicode-classes.py

Unicode 16.0 is what tiktoken 1.0.22 (npm), tiktoken 0.14.0 (Python) and tokenizers 0.23.3 use: their \\p{Lu}, \\p{Lt}, \\p{Ll},
\\p{Lm}, \\p{Lo}, \\p{M}, \\p{N} and \\s agree with this table on every code point.
"""

import pathlib

import unicodedata2 as unicodedata

assert unicodedata.unidata_version == "16.0.0"

CLASS = {"Lu": "U", "Lt": "U", "Ll": "L", "Lm": "O", "Lo": "O"}
WHITE_SPACE = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}


def letter(code_point: int) -> str:
    if code_point in (0x0A, 0x0D):
        return "R"
    if code_point in WHITE_SPACE:
        return "S"
    category = unicodedata.category(chr(code_point))
    return CLASS.get(category) or {"M": "M", "N": "N"}.get(category[0], "X")


DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits


runs: list[list] = []
for code_point in range(0x110000):
    kind = letter(code_point)
    if runs and runs[-1][0] == kind:
        runs[-1][1] += 1
    else:
        runs.append([kind, 1])
text = "".join(kind + (base36(length) if length > 1 else "") for kind, length in runs)

target = pathlib.Path(__file__).parents[2] / "packages/tokenizer/src/unicode-16.ts"
target.write_text(
    "// Made by tools/golden/unicode-classes.py from Unicode 16.0.0 (PyPI unicodedata2 16.0.0). Do not edit.\n\n"
    "/**\n"
    " * Every code point's class, as runs from U+0000 to U+10FFFF: a letter, then the length in base 36 where it is not 1.\n"
    " * U upper or title case, L lower case, O other and modifier letters, M marks, N numbers, R line ends, S other white space, X the rest.\n"
    " */\n"
    f'export const unicodeRuns =\n  "{text}";\n'
)
print(len(runs), "runs,", len(text), "characters")
