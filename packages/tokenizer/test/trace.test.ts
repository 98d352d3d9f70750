import { readFileSync } from "node:fs";
import type { EncodeOptions, JsonObject, Tokenizer, TracePiece } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { describe, expect, test } from "vitest";
import { code, emoji, fuzz, multilingual, oddTexts, prose } from "./corpora.ts";

const golden = JSON.parse(readFileSync(new URL("fixtures/tokenizer-json.json", import.meta.url), "utf8")) as {
  shell: JsonObject;
  model: JsonObject;
  texts: string[];
  variants: { name: string; patch: JsonObject }[];
};
const built = (name: string): Tokenizer =>
  fromTokenizerJson({ ...golden.shell, model: golden.model, ...golden.variants.find((variant) => variant.name === name)?.patch }, name);

/** Makes the merges one after the other, as they are told. */
function replay({ found, tokens, text }: TracePiece): number[] {
  if (found.by === "whole-piece") return tokens.map(({ id }) => id);
  if (found.by !== "merges") throw new Error(`${found.by} is not how byte pairs are found`);
  const ids: (number | undefined)[] = found.symbols.map(({ id }) => id);
  for (const { at, left, right, result } of found.merges) {
    expect([ids[at], ids[at + 1]], text).toEqual([left, right]);
    ids.splice(at, 2, result);
  }
  return ids.filter((id) => id !== undefined);
}

function check(tokenizer: Tokenizer, text: string, options: EncodeOptions): void {
  const trace = tokenizer.trace(text, options);
  expect(trace.ids).toEqual(tokenizer.encode(text, options));
  const tokens = trace.stretches.flatMap((stretch) => {
    if (stretch.kind === "added-token") return [{ id: stretch.id as number, span: stretch.span }];
    for (const piece of stretch.pieces) expect(replay(piece)).toEqual(piece.tokens.map(({ id }) => id));
    return stretch.pieces.flatMap((piece) => piece.tokens.map(({ id, span }) => ({ id: id as number, span })));
  });
  expect(tokens).toEqual(tokenizer.encodeWithSpans(text, options).map(({ id, span }) => ({ id, span })));
}

test.each([["o200k_base"], ["cl100k_base"]])("%s: the merges, made in turn, give the ids", async (name) => {
  const tokenizer = await loadTokenizer(name);
  for (const text of [...oddTexts, ...fuzz(200, 2), prose(2000, 1), code(2000, 2), multilingual(2000, 3), emoji(300, 4)]) {
    check(tokenizer, text, { disallowedSpecial: "as-text" });
  }
  check(tokenizer, "a <|endoftext|> b", { allowedSpecial: "all" });
});

describe.each(golden.variants)("$name", ({ name }) => {
  test("the merges, made in turn, give the ids, whatever rewrites or drops the text", () => {
    for (const text of golden.texts) check(built(name), text, { allowedSpecial: "all" });
  });
});

test("merges come in the order of their ranks, of equals the leftmost first, each where it stands in the list as it is then", async () => {
  const tokenizer = await loadTokenizer("cl100k_base");
  const [stretch] = tokenizer.trace("xyzxyz").stretches;
  const [piece] = stretch?.kind === "text" ? stretch.pieces : [];
  if (piece?.found.by !== "merges") throw new Error("the whole piece is a token");
  const shown = piece.found.merges.map(({ rank, at, left, right, result }) => [
    rank,
    at,
    tokenizer.decode([left]),
    tokenizer.decode([right]),
    tokenizer.decode([result]),
  ]);
  // The ranks are the ids of "xy" and "xyz" in tiktoken's file for cl100k_base.
  const [xy, xyz] = [tokenizer.encode("xy")[0], tokenizer.encode("xyz")[0]];
  expect(shown).toEqual([
    [xy, 0, "x", "y", "xy"],
    [xy, 2, "x", "y", "xy"],
    [xyz, 0, "xy", "z", "xyz"],
    [xyz, 1, "xy", "z", "xyz"],
  ]);
});

test("steps of normalisation are named, with the text after each", () => {
  const [stretch] = built("qwen2-nfc").trace("e\u0301x").stretches;
  expect(stretch).toMatchObject({ kind: "text", span: { start: 0, end: 3 }, normalizations: [{ step: "NFC", text: "éx" }] });
});

test("a long piece takes no quadratic time", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const text = "ab".repeat(50_000);
  const { ids, stretches } = tokenizer.trace(text);
  expect(ids).toEqual(tokenizer.encode(text));
  expect(stretches).toHaveLength(1);
});

test("kinds of ids", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  expect([0, 199_997, 199_998, 199_999, 200_018, 200_019, -1, 0.5].map((id) => tokenizer.kindOf(id))).toEqual([
    "text",
    "text",
    undefined,
    "special",
    "special",
    undefined,
    undefined,
    undefined,
  ]);
  const unknown = built("missing-bytes-unk");
  expect(unknown.kindOf(unknown.unknownId ?? -1)).toBe("unknown");
  expect(built("gpt2").unknownId).toBe(undefined);
});

test("tokens around a text are refused where the source does not say which", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const options = { addSpecialTokens: true };
  for (const method of ["encode", "count", "encodeWithOffsets", "encodeWithSpans", "trace"] as const) {
    expect(() => tokenizer[method]("x", options)).toThrow(expect.objectContaining({ code: "unknown-post-processing" }));
  }
  expect(() => tokenizer.countWithinLimit("x", 9, options)).toThrow(expect.objectContaining({ code: "unknown-post-processing" }));
});
