"""What BERT's normaliser and pre-tokenizer make of every code point, from Hugging Face's `tokenizers`, whose Unicode tables are older than any engine's.

    pip install tokenizers==0.23.3
    python tools/golden/bert-classes.py > packages/tokenizer/src/wordpiece/bert-classes.ts
"""

import functools
from itertools import groupby

import tokenizers
from tokenizers import normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
FLAGS = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
clean = normalizers.BertNormalizer(**{**FLAGS, "clean_text": True})
chinese = normalizers.BertNormalizer(**{**FLAGS, "handle_chinese_chars": True})
lower = normalizers.BertNormalizer(**{**FLAGS, "lowercase": True})
nfd = normalizers.NFD()
accents = normalizers.BertNormalizer(**{**FLAGS, "strip_accents": True})
words = pre_tokenizers.BertPreTokenizer()


def is_combining(c):
    """Whether its combining class is other than 0: NFD changes its place among characters of the least class, 1, or the greatest, 240."""
    low, high, first = "\u0334", "\u0345", nfd.normalize_str(chr(c))[0]
    return first in (low, high) or nfd.normalize_str(first + low) == low + first or nfd.normalize_str(high + first) == first + high


COMBINING = {c for c in CODE_POINTS if is_combining(c)}


def cleaned(c):
    return {"xx": "drop", "x x": "space"}.get(clean.normalize_str(f"x{chr(c)}x"), "")


def pieces(c):
    parts = [piece for piece, _ in words.pre_tokenize_str(f"x{chr(c)}x")]
    return {1: "", 2: "space", 3: "alone"}[len(parts)]


def flags(c):
    """The sum of the flags in bert-text.ts."""
    character = chr(c)
    total = 0
    total += 1 if cleaned(c) == "drop" else 0
    total += 2 if cleaned(c) == "space" else 0
    total += 4 if pieces(c) == "space" else 0
    total += 8 if pieces(c) == "alone" else 0
    total += 16 if chinese.normalize_str(character) != character else 0
    total += 32 if accents.normalize_str(f"x{character}x") == "xx" else 0
    total += 64 if nfd.normalize_str(character) != character else 0
    total += 128 if lower.normalize_str(character) != character else 0
    total += 256 if c in COMBINING else 0
    return total


def combining():
    """Code points by canonical combining class, as the order in which NFD puts them tells."""
    later = lambda a, b: nfd.normalize_str(chr(a) + chr(b)) == chr(b) + chr(a)
    ordered = sorted((c for c in COMBINING if nfd.normalize_str(chr(c)) == chr(c)), key=functools.cmp_to_key(lambda a, b: 1 if later(a, b) else -1 if later(b, a) else 0))
    groups = []
    for c in ordered:
        if groups and not later(c, groups[-1][0]):
            groups[-1].append(c)
        else:
            groups.append([c])
    return groups


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def base36(number):
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def main():
    all_flags = [0 if 0xD800 <= c < 0xE000 else flags(c) for c in range(0x110000)]
    kinds = sorted(set(all_flags))
    runs = ""
    for kind, run in groupby(all_flags):
        length = len(list(run))
        runs += LETTERS[kinds.index(kind)] + (base36(length) if length > 1 else "")
    kept = [[c for c in group if not all_flags[c] & 32] for group in combining()]
    kept = [group for group in kept if group]
    print(f"// Made by tools/golden/bert-classes.py with tokenizers {tokenizers.__version__}. Do not edit.\n")
    print("/** By letter, A the first: the flags of `bert-text.ts`, added up. */")
    print(f"export const bertFlags = {kinds};\n")
    print("/** Every code point's flags, as runs from U+0000 to U+10FFFF: a letter, then the length in base 36 where it is not 1. */")
    print(f'export const bertRuns =\n  "{runs}";\n')
    print("/** Combining characters that are no accents and stay, by canonical combining class, the lowest first: NFD puts neighbours in this order. */")
    print("export const keptCombining = [")
    for group in kept:
        print(f"  [{', '.join(hex(c) for c in group)}],")
    print("];")


main()
