import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownTokenizers, loadTokenizer } from "@cutaway/tokenizer/named";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cutaway-tokenizer-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("every known name loads, once per process", async () => {
  for (const name of knownTokenizers) {
    const tokenizer = await loadTokenizer(name);
    expect(tokenizer.name).toBe(name);
    expect(await loadTokenizer(name)).toBe(tokenizer);
  }
  expect((await loadTokenizer("o200k_base")).vocabSize).toBe(200_019);
  expect((await loadTokenizer("cl100k_base")).vocabSize).toBe(100_277);
});

test.each(["o100k_base", "", "__proto__", "gpt-4o"])("an unknown name is refused with the names that are known: %j", async (name) => {
  await expect(loadTokenizer(name)).rejects.toMatchObject({
    code: "unknown-tokenizer",
    message: `tokenizer ${JSON.stringify(name)} is not the name of a known tokenizer`,
    fix: "Name one of o200k_base, cl100k_base, or give the path of a tokenizer.json.",
  });
});

test("a path to nothing is refused", async () => {
  await expect(loadTokenizer(join(folder, "none.json"))).rejects.toMatchObject({ code: "unknown-tokenizer" });
});

test("a tokenizer.json is named after its path; a broken one names it", async () => {
  const path = join(folder, "tokenizer.json");
  writeFileSync(path, "{");
  await expect(loadTokenizer(path)).rejects.toMatchObject({ code: "bad-tokenizer", data: { file: path } });
  const json = { model: { type: "BPE", vocab: { a: 0 }, merges: [] }, pre_tokenizer: { type: "ByteLevel", add_prefix_space: false } };
  writeFileSync(path, JSON.stringify(json));
  const tokenizer = await loadTokenizer(path);
  expect([tokenizer.name, tokenizer.count("aaa")]).toEqual([path, 3]);
});
