import { readFileSync } from "node:fs";
import type { JsonObject, Tokenizer } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromSentencePieceModel, fromTokenizerJson } from "../src/index.ts";

interface Golden {
  texts: string[];
  /** SentencePiece's own answers, by text; spans are bytes. */
  models: { model: string; name: string; added: string; encoded: { ids: string; spans: string; text: string }[] }[];
  shell: JsonObject;
  jsonModels: Record<string, JsonObject>;
  /** Hugging Face's. */
  files: { model: string; name: string; change: JsonObject; patch: JsonObject; ids: string[]; decoded: string[] }[];
}

const folder = new URL("./fixtures/sentencepiece/", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("golden.json", folder), "utf8")) as Golden;
const asText = { disallowedSpecial: "as-text" } as const;
const allowed = { allowedSpecial: "all" } as const;

/** A model file with bytes behind it, which change fields before them. */
const modelBytes = (name: string, added = "") => Buffer.concat([readFileSync(new URL(`${name}.model`, folder)), Buffer.from(added, "base64")]);
const model = (name: string) => fromSentencePieceModel(modelBytes(name), name);

describe.each(golden.models)("$model.model, $name", ({ model, name, added, encoded }) => {
  const tokenizer = fromSentencePieceModel(modelBytes(model, added), `${model}, ${name}`);

  it("gives SentencePiece's ids", () => {
    for (const [index, text] of golden.texts.entries()) expect.soft(tokenizer.encode(text, asText).join(" "), text).toBe(encoded[index]?.ids);
  });

  it("gives SentencePiece's text of them", () => {
    for (const { ids, text } of encoded) expect.soft(tokenizer.decode(idsOf(ids)), ids).toBe(text);
  });

  it("gives SentencePiece's byte spans, but whole characters where those end in the middle of what became of one", () => {
    for (const [index, text] of golden.texts.entries()) {
      const { starts, ends } = tokenizer.encodeWithOffsets(text, { ...asText, unit: "utf8" });
      const spans = (encoded[index]?.spans ?? "")
        .split(" ")
        .filter(Boolean)
        .map((span) => span.split("-").map(Number) as [number, number]);
      expect.soft([...starts], text).toEqual(spans.map(([start]) => start));
      for (const [place, [, end]] of spans.entries()) {
        const ours = ends[place] as number;
        if (ours !== end) expect.soft([ours > end, spans[place + 1]?.[0]], `${text} at ${place}`).toEqual([true, end]);
      }
    }
  });

  it("traces what it encodes", () => tracesAgree(tokenizer, asText));
});

describe.each(golden.files)("tokenizer.json, $model, $name", ({ model, name, change, patch, ids, decoded }) => {
  const file = { ...golden.shell, model: { ...golden.jsonModels[model], ...change }, ...patch };
  const tokenizer = fromTokenizerJson(file, name);

  it("gives Hugging Face's ids", () => {
    for (const [index, text] of golden.texts.entries()) expect.soft(tokenizer.encode(text, allowed).join(" "), text).toBe(ids[index]);
  });

  it("gives Hugging Face's text of them", () => {
    for (const [index, list] of ids.entries()) expect.soft(tokenizer.decode(idsOf(list)), list).toBe(decoded[index]);
  });

  it("traces what it encodes", () => tracesAgree(tokenizer, allowed));
});

describe("what holds for every text", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
    fc.constantFrom(...golden.texts),
    fc.stringMatching(/^[ ▁a-dtheQ.😀]{0,30}$/u),
  );
  const tokenizers: [string, Tokenizer][] = [
    ["unigram", model("unigram")],
    ["bpe", model("bpe")],
    ...golden.files.map(({ model, name, change, patch }): [string, Tokenizer] => [
      name,
      fromTokenizerJson({ ...golden.shell, model: { ...golden.jsonModels[model], ...change }, ...patch }, name),
    ]),
  ];

  it.each(tokenizers)("%s: counts, offsets, spans and limits are of the same ids", (_, tokenizer) => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), fc.nat(30), (parts, limit) => {
        const whole = parts.join("");
        const ids = [...tokenizer.encode(whole, asText)];
        expect(tokenizer.count(whole, asText)).toBe(ids.length);
        expect(tokenizer.countWithinLimit(whole, limit, asText)).toBe(ids.length <= limit ? ids.length : undefined);
        const offsets = tokenizer.encodeWithOffsets(whole, { ...asText, unit: "utf16" });
        expect([...offsets.ids]).toEqual(ids);
        let before = 0;
        for (const [index, start] of offsets.starts.entries()) {
          const end = offsets.ends[index] as number;
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(whole.length);
          before = start;
        }
        expect(tokenizer.encodeWithSpans(whole, asText).map(({ id }) => id)).toEqual(ids);
        expect([...tokenizer.trace(whole, asText).ids]).toEqual(ids);
        expect(tokenizer.decode(ids).isWellFormed()).toBe(true);
        const decoded = tokenizer.decode(ids);
        if (!decoded.includes("\ufffd")) expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(tokenizer.decodeBytes(ids))).toBe(decoded);
      }),
      { numRuns: 150 },
    );
  });

  it("BPE with bytes for all gives every text back", () => {
    const tokenizer = model("bpe");
    fc.assert(
      fc.property(text, (whole) => {
        expect(tokenizer.decode(tokenizer.encode(whole, asText))).toBe(whole.toWellFormed().replaceAll("▁", " "));
      }),
    );
  });
});

describe("special tokens", () => {
  it("are refused in plain text, and encoded where they are allowed", () => {
    const tokenizer = model("unigram");
    expect(() => tokenizer.encode("a</s>b")).toThrow('"</s>" at character 1 is a special token of unigram');
    const ids = tokenizer.encode("a</s>b", allowed);
    expect([...ids]).toEqual([...tokenizer.encode("a"), tokenizer.specialTokens.get("</s>"), ...tokenizer.encode("b")]);
    expect(tokenizer.kindOf(2)).toBe("special");
    expect(tokenizer.kindOf(0)).toBe("unknown");
    expect(tokenizer.unknownId).toBe(0);
    expect(model("bpe").kindOf(4)).toBe("byte");
    expect(() => tokenizer.encode("a", { addSpecialTokens: true })).toThrow("does not say which tokens go around a text");
  });

  it("user-defined symbols are taken whole from any text", () => {
    expect(
      model("bpe")
        .encodeWithSpans("x<sep>y")
        .map(({ span }) => [span.start, span.end]),
    ).toContainEqual([1, 6]);
  });
});

describe("traces", () => {
  it("show the lattice with the best path", () => {
    const [stretch] = model("unigram").trace("free").stretches;
    const piece = stretch?.kind === "text" ? stretch.pieces[0] : undefined;
    if (piece?.found.by !== "lattice") throw new Error("no lattice");
    expect(piece.text).toBe("▁free");
    const best = piece.found.nodes.filter((node) => node.best);
    expect(best.map(({ text }) => text).join("")).toBe("▁free");
    expect(best.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(piece.found.score, 4);
    expect(piece.found.nodes.length).toBeGreaterThan(best.length);
  });

  it("show merges that lead from the symbols to the tokens", () => {
    const tokenizer = model("bpe");
    const [stretch] = tokenizer.trace("the human family").stretches;
    const piece = stretch?.kind === "text" ? stretch.pieces[0] : undefined;
    if (piece?.found.by !== "merges") throw new Error("no merges");
    const symbols = piece.found.symbols.map(({ id }) => id as number);
    for (const { at, left, right, result } of piece.found.merges) {
      expect([symbols[at], symbols[at + 1]]).toEqual([left, right]);
      symbols.splice(at, 2, result);
    }
    expect(symbols).toEqual([...tokenizer.encode("the human family")]);
  });
});

const idsOf = (list: string): number[] => list.split(" ").filter(Boolean).map(Number);

function tracesAgree(tokenizer: Tokenizer, options: typeof asText | typeof allowed): void {
  for (const text of golden.texts) {
    const trace = tokenizer.trace(text, options);
    expect.soft([...trace.ids], text).toEqual([...tokenizer.encode(text, options)]);
    for (const stretch of trace.stretches) {
      for (const { found, text } of stretch.kind === "text" ? stretch.pieces : []) {
        if (found.by === "lattice")
          expect
            .soft(
              found.nodes
                .filter(({ best }) => best)
                .map((node) => node.text)
                .join(""),
              text,
            )
            .toBe(text);
      }
    }
  }
}
