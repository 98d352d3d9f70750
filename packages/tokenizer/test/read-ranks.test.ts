import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fromTiktokenRanks } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { describe, expect, test } from "vitest";

const bytes = (text: string) => new TextEncoder().encode(text);
const alphabet = Array.from({ length: 256 }, (_, byte) => btoa(String.fromCharCode(byte)));
const build = (ranks: string, specialTokens = {}) => fromTiktokenRanks({ name: "ranks", ranks: bytes(ranks), pattern: "[\\s\\S]+", specialTokens });

test("a .tiktoken file gives the same tokenizer as the compact form", async () => {
  const path = createRequire(import.meta.url).resolve("gpt-tokenizer/data/cl100k_base.tiktoken");
  const named = await loadTokenizer("cl100k_base");
  const read = fromTiktokenRanks({ name: "cl100k_base", ranks: readFileSync(path), pattern: "[\\s\\S]+", specialTokens: {} });
  let differing = 0;
  for (let id = 0; id < 100_256; id++) if (Buffer.compare(read.bytesOf(id) ?? bytes(""), named.bytesOf(id) ?? bytes("")) !== 0) differing++;
  expect([differing, read.vocabSize]).toEqual([0, 100_256]);
});

test("ranks in any order, with gaps and line ends of both kinds", () => {
  const lines = alphabet.map((token, index) => `${token} ${255 - index}`);
  const tokenizer = build(`${lines.join("\r\n")}\n\nYWI= 300\n`);
  expect([...tokenizer.encode("abb")]).toEqual([300, 255 - 98]);
  expect(tokenizer.bytesOf(299)).toBeUndefined();
  expect(tokenizer.vocabSize).toBe(301);
});

test("runs of the compact form start where they say", () => {
  const tokenizer = build(`! 10 ${alphabet.join(" ")} ! 500 YWI= YmI=`);
  expect([...tokenizer.encode("abbb")]).toEqual([500, 501]);
});

describe("refused", () => {
  const all = alphabet.map((token, rank) => `${token} ${rank}`).join("\n");
  test.each([
    ["nothing", "", "there is no token in it (byte 0)"],
    ["a token that is not base64", `${all}\n@@@@ 256`, "a token is not base64"],
    ["base64 of a wrong length", `${all}\nYWI 256`, "a token is not base64"],
    ["base64 that goes on after its end", `${all}\nYQ==YQ== 256`, "a token is not base64"],
    ["a file that ends in a token", `${all}\nYWI`, "a token is not base64"],
    ["a missing rank", `${all}\nYWI=`, "a rank is missing"],
    ["a rank that is not a number", `${all}\nYWI= x`, "a rank is not a number in range"],
    ["a rank out of range", `${all}\nYWI= 99999999999999999999`, "a rank is not a number in range"],
    ["a rank far from the others", `${all}\nYWI= 8000000`, "it has 257 tokens, yet ranks up to 8000000"],
    ["a rank given twice", `${all}\nYWI= 3`, "rank 3 is given twice"],
    ["bytes given twice", `${all}\nYQ== 256`, "the bytes of rank 256 have another rank too"],
  ])("%s", (_, ranks, what) => {
    expect(() => build(ranks)).toThrow(expect.objectContaining({ code: "bad-vocabulary", message: expect.stringContaining(what) }));
  });

  test("a vocabulary without every byte", () => {
    expect(() => build(all.slice(0, all.lastIndexOf("\n")))).toThrow(
      expect.objectContaining({ code: "bad-vocabulary", message: "ranks has no token for the byte 0xff: not every text could be encoded" }),
    );
  });

  test("a special token whose id is none", () => {
    expect(() => build(all, { "<x>": -1 })).toThrow(expect.objectContaining({ code: "bad-vocabulary" }));
  });
});
