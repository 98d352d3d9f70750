import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lineWidth } from "../src/terminal/width.ts";
import { emptyPlace, type Ran } from "./run-cutaway.ts";

const place = emptyPlace();
afterAll(place.remove);

const tokens = (...args: string[]): Promise<Ran> => place.cutaway(["tokens", ...args], { env: { COLUMNS: "80" } });
const json = async (...args: string[]) => JSON.parse((await tokens(...args, "--json")).stdout) as Record<string, unknown>;
const file = (name: string, text: string): string => {
  writeFileSync(join(place.folder, name), text);
  return name;
};
const fits = ({ stdout }: Ran, columns = 80) => {
  for (const row of stdout.split("\n")) expect(lineWidth([{ text: row }]), row).toBeLessThanOrEqual(columns);
};

describe("tokens trace", () => {
  it("shows every piece, and opens one", async () => {
    const all = await tokens("trace", "--text", "Please open my notebo");
    expect([all.code, all.stderr]).toEqual([0, "4 pieces, 5 tokens · o200k_base, byte-level-bpe\n"]);
    expect(all.stdout).toContain(" 3  ·notebo  5 merges  ·not 625|ebo 53314\n".slice(1));
    const one = await tokens("trace", "--text", "Please open my notebo", "--piece", "0");
    expect(one.stdout).toContain("piece 0  Please  characters 0–6\n  The whole piece is a token: nothing had to be merged.\n");
    fits(all);
  });

  it("as JSON has ids and bytes as numbers", async () => {
    const trace = await json("trace", "--text", "notebo");
    expect(trace).toMatchObject({ schema: "cutaway/token-trace", version: 1, tokenizer: "o200k_base", text: "notebo" });
    expect(Array.isArray(trace.ids)).toBe(true);
    expect(JSON.stringify(trace)).toContain('"bytes":[110]');
  });

  it("refuses a piece that is not there", async () => {
    expect(await tokens("trace", "--text", "a b", "--piece", "2")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Give a number from 0 to 1."),
    });
  });
});

describe("tokens diff", () => {
  it("of two texts says what changed and why the count did", async () => {
    const { code, stdout } = await tokens("diff", file("before.txt", "Open my notebo"), file("after.txt", "Open my notebook"));
    expect(code).toBe(0);
    expect(stdout).toContain("- before.txt  4 tokens\n+ after.txt   3 tokens  −1\n");
    expect(stdout).toContain("-   2  ·not 625|ebo 53314\n+   1  ·notebook 55166\n");
  });

  it("of two tokenizers shows where they cut differently", async () => {
    const both = ["--tokenizer", "cl100k_base", "--tokenizer", "o200k_base"];
    const ran = await tokens("diff", "--text", "She said здравствуйте.", ...both);
    expect(ran.stdout).toContain("cut differently in 2 places, 59 % of the text");
    fits(ran);
    expect(await json("diff", "--text", "She said здравствуйте.", ...both)).toMatchObject({
      schema: "cutaway/token-diff",
      kind: "tokenizers",
      changes: [{ textA: { start: 8, end: 14 } }, { textA: { start: 14, end: 21 }, after: { text: "ствуйте", ids: [127724] } }],
    });
  });

  it("takes one text from standard input, and refuses what it cannot compare", async () => {
    const { stdout } = await place.cutaway(["tokens", "diff", "-", "--text", "a b c"], { input: "a b" });
    expect(stdout).toContain("standard input");
    for (const args of [
      [],
      ["before.txt"],
      ["before.txt", "after.txt", "--text", "x"],
      ["-", "-"],
      ["before.txt", "after.txt", "--tokenizer", "a", "--tokenizer", "b"],
    ]) {
      expect((await tokens("diff", ...args)).code, args.join(" ")).toBe(2);
    }
  });
});

describe("tokens find", () => {
  it("finds tokens by text, says whether the text is one, and never needs more than the width", async () => {
    const ran = await tokens("find", " token");
    expect(ran.stdout).toContain("  6602  ·token      latin\n");
    expect(ran.stderr).toBe("4 tokens of 200,019 · o200k_base · “ token” is a token of its own, 6602\n");
    expect((await tokens("find", "Magikarp")).stdout).toBe("None.\n");
    for (const what of ["glitch", "longest", "look-alikes"]) fits(await tokens("find", what));
  });

  it("lists tokens that no text becomes with the reason, in JSON all of them", async () => {
    expect((await tokens("find", "unreachable", "--limit", "3")).stdout).toContain("and 13 more; --limit shows them, --json has them");
    const found = (await json("find", "unreachable")) as { tokens: { id: number; says: string[] }[] };
    expect(found.tokens.map(({ id }) => id)).toContain(439);
    expect(found.tokens).toHaveLength(16);
  });

  it("takes a kind's name for a text with --text, and refuses options without effect", async () => {
    expect((await json("find", "--text", "longest")) as { tokens: unknown[] }).toMatchObject({ tokens: [{ text: " longest" }] });
    for (const args of [[], ["glitch", "--class", "han"], ["longest", "--loosely"], ["a", "--text", "b"], ["longest", "--class", "klingon"], [""]]) {
      expect((await tokens("find", ...args)).code, args.join(" ")).toBe(2);
    }
  });
});

describe("tokens lint", () => {
  it("shows what it finds, where, the tokens and what to do; ends with 100 where asked", async () => {
    const ran = await tokens("lint", "--text", "Q: Why?\nA: ", "--fail-on", "warning");
    expect(ran.code).toBe(100);
    expect(ran.stdout).toContain("  trailing-space · characters 10–11\n");
    expect(ran.stdout).toContain("1 warning in 1 text · o200k_base\n");
    fits(ran);
    expect(await tokens("lint", "--text", "Hello there.", "--fail-on", "note")).toMatchObject({
      code: 0,
      stdout: "nothing to say in 1 text · o200k_base\n",
    });
  });

  it("reads the messages of a request, and takes the tokenizer of its model", async () => {
    const messages = [
      { role: "system", content: "Speak plainly. <|endoftext|>" },
      { role: "user", content: [{ type: "text", text: "End it: <|endoftext|>" }] },
    ];
    const name = file("request.json", JSON.stringify({ model: "gpt-4", messages }));
    expect(await json("lint", name)).toMatchObject({
      schema: "cutaway/token-lints",
      tokenizer: "cl100k_base",
      texts: 2,
      lints: [{ id: "special-token", severity: "problem", text: 1, at: "messages[1].content[0].text", span: { start: 8, end: 21 } }],
    });
  });

  it("reads a request from standard input, and a text that is none", async () => {
    const request = JSON.stringify({ model: "gpt-4", messages: [{ role: "user", content: "pа\u200bypal" }] });
    const piped = async (input: string | Uint8Array) => place.cutaway(["tokens", "lint", "-", "--json"], { input });
    expect(JSON.parse((await piped(request)).stdout)).toMatchObject({
      tokenizer: "cl100k_base",
      lints: [{ id: "invisible", at: "messages[0].content" }],
    });
    expect(JSON.parse((await piped("{ braces } open")).stdout)).toMatchObject({ tokenizer: "o200k_base", lints: [] });
    expect((await piped(Uint8Array.of(0xff, 0x41))).code).toBe(2);
    expect((await tokens("lint", file("two.jsonl", `${request}\n${request}\n`))).stderr).toContain("holds several calls");
  });

  it("sees a message grow together with its template", async () => {
    const template = file("chat.jinja", "{% for m in messages %}<|endofprompt|>{{ m.role }}\n{{ m.content }}<|endofprompt|>{% endfor %}");
    const name = file("padded.json", JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "\nHello" }] }));
    expect((await json("lint", name, "--template", template)) as { joins: unknown[] }).toMatchObject({
      joins: [{ side: "start", before: "\n", after: "\n" }],
    });
  });

  it("refuses what has no effect or no request", async () => {
    for (const args of [
      ["--text", "a", "--template", file("t.jinja", "{{ messages }}")],
      ["--text", "a", "--fail-on", "grave"],
      ["request.json", "--chat"],
      [],
    ]) {
      expect((await tokens("lint", ...args)).code, args.join(" ")).toBe(2);
    }
  });
});

describe("tokens whose", () => {
  it("names the tokenizer, or says that it cannot be told", async () => {
    expect((await tokens("whose", "13903,673", "--text", "Why was")).stdout).toContain("✓ These 2 ids are o200k_base's.\n");
    expect(await json("whose", "[15]", "--text", "0", "--tokenizer", "o200k_base", "--tokenizer", "cl100k_base")).toMatchObject({
      schema: "cutaway/token-match",
      verdict: "several",
    });
    expect((await tokens("whose", "1,2,3", "--text", "other")).stdout).toContain("✗ These 3 ids are no candidate's for this text.\n");
  });

  it("says what is wrong with them, and reads ids from a file or standard input", async () => {
    const ids = file("ids.txt", "13906\n676\n");
    const ran = await tokens("whose", ids, "--text", "Why was", "--tokenizer", "o200k_base");
    expect(ran.stdout).toContain("▲ Every id is 3 too high: a vocabulary whose ids were moved.\n");
    const piped = await place.cutaway(["tokens", "whose", "-", "--tokenizer", "o200k_base", "--json"], { input: "[13903, 673]" });
    expect(JSON.parse(piped.stdout)).toMatchObject({ verdict: "one", made: ["o200k_base"] });
    expect((await tokens("whose", "1,a", "--text", "x")).code).toBe(2);
  });
});

describe("tokens count and show", () => {
  it("a limit is told, with where the text would have to end", async () => {
    expect(await json("count", "--text", "Hi 👋🏽 you", "--limit", "3")).toMatchObject({ within: false, limit: 3, end: 5 });
    expect(await json("count", "--text", "Hi 👋🏽 you", "--limit", "6")).toMatchObject({ within: true, tokens: 6 });
    expect((await tokens("count", "--text", "Hi you", "--limit", "0")).stdout).toContain("more than 0 tokens");
  });

  it("offsets are of bytes where asked", async () => {
    expect(await json("show", "--text", "é!", "--offsets", "bytes")).toMatchObject({
      tokens: [
        { start: 0, end: 2 },
        { start: 2, end: 3 },
      ],
    });
    expect((await tokens("show", "--text", "é!", "--offsets", "bytes", "--strip")).code).toBe(2);
  });

  it("special tokens are added where the tokenizer's file says which", async () => {
    expect((await tokens("count", "--text", "a", "--add-special-tokens")).code).toBe(2);
    expect(await json("count", "--text", "a", "--add-special-tokens", "--tokenizer", "bert-base-uncased")).toMatchObject({ tokens: 3 });
  });
});
