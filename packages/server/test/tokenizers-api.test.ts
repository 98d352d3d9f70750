import { readFileSync } from "node:fs";
import type { JsonObject } from "@cutaway/core";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frame } from "../src/frame.ts";
import { startTokenizerBench } from "../src/tokenizing/tokenizer-bench.ts";
import { running } from "./support/running.ts";
import { unframe } from "./support/unframe.ts";

const start = async () => {
  const { url } = await running(() => ({ chunks: [] }));
  const post = (path: string, body: unknown) => fetch(`${url}/api/tokenizers${path}`, { method: "POST", body: JSON.stringify(body) });
  const json = async (path: string, body: unknown) => (await (await post(path, body)).json()) as JsonObject;
  const encode = async (body: unknown) => unframe(new Uint8Array(await (await post("/encode", body)).arrayBuffer()));
  const error = async (path: string, body: unknown) => {
    const response = await post(path, body);
    const answer = (await response.json()) as { error: { code: string; message: string; fix: string | null } };
    return { status: response.status, ...answer.error };
  };
  const upload = (name: string, bytes: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${url}/api/tokenizers?name=${encodeURIComponent(name)}`, { method: "POST", body: bytes });
  return { url, post, json, encode, error, upload };
};

const odd = "Grüße, 你好 👩‍👩‍👧!\n\tif x >= 0x7fff <|endoftext|> \ud800 end ";

describe("tokens", () => {
  test("are the tokenizer's own, with their places and bytes, whatever the text holds", async () => {
    const { encode } = await start();
    for (const name of ["o200k_base", "cl100k_base"]) {
      const tokenizer = await loadTokenizer(name);
      const { head, arrays } = await encode({ tokenizer: name, text: odd });
      expect(head).toMatchObject({ schema: "cutaway/packed-tokens", version: 1, family: "byte-level-bpe", bytes: Buffer.byteLength(odd) });
      const expected = tokenizer.encodeWithSpans(odd, { disallowedSpecial: "as-text" });
      expect([...(arrays.ids ?? [])]).toEqual(expected.map(({ id }) => id));
      expect([...(arrays.starts ?? [])]).toEqual(expected.map(({ span }) => span.start));
      expect([...(arrays.ends ?? [])]).toEqual(expected.map(({ span }) => span.end));
      const entries = [...(arrays.entryIds ?? [])].map((id, i) => [
        id,
        [...(arrays.entryBytes ?? []).slice(i === 0 ? 0 : arrays.entryEnds?.[i - 1], arrays.entryEnds?.[i])],
      ]);
      expect(entries).toEqual([...new Map(expected.map(({ id, bytes }) => [id, [...bytes]]))].sort(([a], [b]) => (a as number) - (b as number)));
    }
  });

  test("special tokens are text unless the request says otherwise", async () => {
    const { encode } = await start();
    const tokenizer = await loadTokenizer("o200k_base");
    const special = tokenizer.specialTokens.get("<|endoftext|>") as number;
    const asText = await encode({ tokenizer: "o200k_base", text: odd });
    expect([...(asText.arrays.ids ?? [])]).not.toContain(special);
    const { head, arrays } = await encode({ tokenizer: "o200k_base", text: odd, special: true });
    const kind = arrays.entryKinds?.[[...(arrays.entryIds ?? [])].indexOf(special)];
    expect((head.kinds as string[])[kind as number]).toBe("special");
  });

  test("a request that will not do is refused in words", async () => {
    const { error } = await start();
    const refused: [unknown, string][] = [
      [{ text: "a" }, "invalid-request"],
      [{ tokenizer: "o200k_base" }, "invalid-request"],
      [{ tokenizer: "o200k_base", text: 7 }, "invalid-request"],
      [{ tokenizer: "o200k_base", text: "a", special: "yes" }, "invalid-request"],
      [[], "invalid-request"],
      [{ tokenizer: "o300k_base", text: "a" }, "unknown-tokenizer"],
      [{ tokenizer: "/etc/passwd", text: "a" }, "unknown-tokenizer"],
      [{ tokenizer: "../package.json", text: "a" }, "unknown-tokenizer"],
      [{ tokenizer: "package.json", text: "a" }, "unknown-tokenizer"],
      [{ tokenizer: "__proto__", text: "a" }, "unknown-tokenizer"],
    ];
    for (const [body, code] of refused) {
      const answer = { status: 400, code, message: expect.stringMatching(/\w/), fix: expect.stringMatching(/\w/) };
      expect([body, await error("/encode", body)]).toEqual([body, answer]);
    }
  });

  test("a body that is no JSON, and one that is too large", async () => {
    const { url } = await start();
    const ask = async (body: string) => {
      const response = await fetch(`${url}/api/tokenizers/encode`, { method: "POST", body });
      return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
    };
    expect(await ask("{")).toEqual([400, "invalid-json"]);
    expect(await ask(JSON.stringify({ tokenizer: "o200k_base", text: "a".repeat(17 * 1024 * 1024) }))).toEqual([413, "too-large"]);
  });
});

describe("a token's trace", () => {
  test("says the piece, its merges in order, and places in the whole text, also in a long one", async () => {
    const { json, encode } = await start();
    const text = `${"Some words before it, and more of them. ".repeat(500)}antidisestablishmentarianism${" and after".repeat(500)}`;
    const { arrays } = await encode({ tokenizer: "o200k_base", text });
    const at = text.indexOf("anti");
    const token = [...(arrays.starts ?? [])].findLastIndex((start) => start <= at);
    const origin = await json("/trace", { tokenizer: "o200k_base", text, token });
    const piece = origin.piece as {
      text: string;
      span: { start: number; end: number };
      tokens: { id: number }[];
      found: { by: string; merges: object[] };
    };
    expect(piece.text).toBe(text.slice(piece.span.start, piece.span.end));
    expect(piece.text).toContain("antidisestablishmentarianism");
    expect(piece.found.by).toBe("merges");
    expect(piece.found.merges.length).toBeGreaterThan(10);
    expect(piece.tokens.map(({ id }) => id)).toEqual([...(arrays.ids ?? [])].slice(token, token + piece.tokens.length));
    expect(origin.id).toBe(arrays.ids?.[token]);
  });

  test("is of a piece whose tokens are those of the whole text, wherever the token stands", async () => {
    const { json, encode } = await start();
    const text = odd.repeat(60);
    const { arrays } = await encode({ tokenizer: "cl100k_base", text });
    const ids = [...(arrays.ids ?? [])];
    for (const token of [0, 1, 7, 8, 9, 500, ids.length - 1]) {
      const { piece, id } = (await json("/trace", { tokenizer: "cl100k_base", text, token })) as unknown as {
        id: number;
        piece: { tokens: { id: number; span: { start: number; end: number } }[] };
      };
      expect(id).toBe(ids[token]);
      const first = piece.tokens.findIndex(({ span }) => span.start === arrays.starts?.[token] && span.end === arrays.ends?.[token]);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(piece.tokens.map((each) => each.id)).toContain(ids[token]);
    }
  });

  test("of a token that is not there, and of a piece without end, is refused in words", async () => {
    const { error } = await start();
    expect(await error("/trace", { tokenizer: "o200k_base", text: "one", token: 1 })).toMatchObject({ status: 400, code: "no-such-token" });
    expect(await error("/trace", { tokenizer: "o200k_base", text: "a".repeat(200_000), token: 5 })).toMatchObject({
      status: 400,
      code: "piece-too-long",
    });
  });
});

describe("what is said about texts", () => {
  test("two texts: every token changed lies in a region, and the regions add up", async () => {
    const { json } = await start();
    const diff = (await json("/diff", {
      tokenizer: "o200k_base",
      text: "Answer briefly: strawberry",
      other: "Answer  briefly: strawberries ",
    })) as unknown as {
      before: number;
      after: number;
      regions: { change: number }[];
    };
    expect(diff.regions.reduce((sum, { change }) => sum + change, 0)).toBe(diff.after - diff.before);
    expect(diff.regions.length).toBeGreaterThan(1);
  });

  test("lints name their place, the gravest first", async () => {
    const { json } = await start();
    const text = "Ignore this.<|endoftext|>System: cafÃ© ";
    const { lints } = (await json("/lints", { tokenizer: "o200k_base", text })) as unknown as {
      lints: { id: string; severity: string; span: { start: number; end: number } }[];
    };
    expect(lints[0]).toMatchObject({ id: "special-token", severity: "problem" });
    expect(text.slice(lints[0]?.span.start, lints[0]?.span.end)).toBe("<|endoftext|>");
    expect(lints.map(({ id }) => id)).toEqual(expect.arrayContaining(["trailing-space", "mojibake"]));
  });

  test("an audit is a table of terms with a verdict, as JSON and as CSV", async () => {
    const { json, post, error } = await start();
    const body = { tokenizer: "o200k_base", terms: "term,frequency\nSKU-4471-B,12\nwindow,3\n", format: "csv", provider: "openai", model: "gpt-4o" };
    const audit = await json("/audit", body);
    expect(audit).toMatchObject({ schema: "cutaway/tokens-audit", verdict: { do: expect.stringMatching(/keep|add-tokens|train/) } });
    expect((audit.terms as { text: string; frequency: number }[]).map(({ text, frequency }) => [text, frequency])).toEqual([
      ["SKU-4471-B", 12],
      ["window", 3],
    ]);
    expect((audit.saving as { usd: number }).usd).toBeGreaterThan(0);
    const csv = await (await post("/audit", { ...body, as: "csv" })).text();
    expect(csv.split("\n")[1]).toMatch(/^SKU-4471-B,o200k_base,/);
    expect(await error("/audit", { tokenizer: "o200k_base", terms: "a\n", format: "xlsx" })).toMatchObject({ status: 400, code: "invalid-request" });
    expect(await error("/audit", { tokenizer: "o200k_base", terms: " \n", format: "lines" })).toMatchObject({ status: 400, code: "no-terms" });
    expect(await error("/audit", { tokenizer: "o200k_base", terms: 'term\n"open', format: "csv" })).toMatchObject({ status: 400, code: "bad-csv" });
  });
});

describe("uploaded files", () => {
  const gpt2Like = JSON.stringify({
    version: "1.0",
    added_tokens: [{ id: 4, content: "<s>", special: true, single_word: false, lstrip: false, rstrip: false, normalized: false }],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab: { a: 0, b: 1, ab: 2, aab: 3 }, merges: ["a b", "a ab"] },
  });

  test("are tokenizers from then on, by the name the server gives, and no file of the machine", async () => {
    const { upload, encode, url } = await start();
    const response = await upload("../../my tokenizer.json", gpt2Like);
    expect(response.status).toBe(200);
    const { name, ...rest } = (await response.json()) as { name: string };
    expect(rest).toEqual({ family: "byte-level-bpe", vocabSize: 5, specialTokens: 1 });
    expect(name).toMatch(/^upload:[0-9a-f]{8}-[\w.-]+\.json$/);
    const { arrays } = await encode({ tokenizer: name, text: "aabab" });
    expect([...(arrays.ids ?? [])]).toEqual([3, 2]);
    const { tokenizers } = (await (await fetch(`${url}/api/tokenizers`)).json()) as { tokenizers: { name: string; from: string }[] };
    expect(tokenizers).toContainEqual({ name, from: "upload" });
    expect(tokenizers).toContainEqual({ name: "o200k_base", from: "installed", family: "byte-level-bpe", models: expect.stringContaining("GPT-4o") });
  });

  test("the oldest of nine makes room", async () => {
    const { upload, url } = await start();
    for (let i = 0; i < 9; i++) expect((await upload("t.json", gpt2Like.replace('"version":"1.0"', `"version":"1.${i}"`))).status).toBe(200);
    const { tokenizers } = (await (await fetch(`${url}/api/tokenizers`)).json()) as { tokenizers: { from: string }[] };
    expect(tokenizers.filter(({ from }) => from === "upload")).toHaveLength(8);
  });

  test("that are none end in words, and are not kept", async () => {
    const { upload, url } = await start();
    const files: [string, string, string | Uint8Array<ArrayBuffer>][] = [
      ["an empty file", "tokenizer.json", ""],
      ["prose", "tokenizer.json", "once upon a time"],
      ["a truncated file", "tokenizer.json", gpt2Like.slice(0, 300)],
      ["deep nesting", "tokenizer.json", "[".repeat(1_000_000)],
      ["merges of nothing", "tokenizer.json", gpt2Like.replace('"a b"', '"x y"')],
      ["random bytes as a .model", "spiece.model", Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)],
      ["a name of no kind", "tokenizer.exe", gpt2Like],
      ["no name", "", gpt2Like],
    ];
    for (const [what, name, bytes] of files) {
      const response = await upload(name, bytes);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect([what, response.status, error.code]).toEqual([what, 400, expect.stringMatching(/^[a-z0-9-]+$/)]);
      expect([what, error.code]).not.toEqual([what, "internal"]);
      expect(error.message).not.toContain("/tmp");
    }
    const { tokenizers } = (await (await fetch(`${url}/api/tokenizers`)).json()) as { tokenizers: { from: string }[] };
    expect(tokenizers.filter(({ from }) => from === "upload")).toEqual([]);
  });
});

test("prices carry their date, and each model the tokenizer that counts for it", async () => {
  const { url } = await start();
  const { source, models } = (await (await fetch(`${url}/api/prices`)).json()) as {
    source: { date: string };
    models: { provider: string; model: string; input: number; tokenizer: { name: string; exact: boolean } }[];
  };
  expect(source.date).toMatch(/^\d{4}-\d\d-\d\d/);
  expect(models).toContainEqual({ provider: "openai", model: "gpt-4o", input: 2.5, tokenizer: { name: "o200k_base", exact: true } });
});

describe("the process", () => {
  const job = (text: string) => ({
    kind: "encode" as const,
    body: new TextEncoder().encode(JSON.stringify({ tokenizer: "o200k_base", text })),
    files: {},
  });

  test("is ended with a job that takes too long, and the next job has a new one", async () => {
    const bench = startTokenizerBench({ timeoutMs: 1 });
    await expect(bench.run(job("slow to start"))).rejects.toMatchObject({ code: "took-too-long", fix: expect.anything() });
    await bench.close();
    const patient = startTokenizerBench();
    await expect(patient.run(job("Hello"))).resolves.toBeInstanceOf(Uint8Array);
    await patient.close();
  });

  test("does not begin what nobody waits for, and gives up all when closed", async () => {
    const bench = startTokenizerBench();
    const first = bench.run(job("first"));
    const abort = new AbortController();
    const outdated = bench.run(job("outdated"), abort.signal);
    abort.abort();
    await expect(first).resolves.toBeInstanceOf(Uint8Array);
    await expect(outdated).rejects.toMatchObject({ code: "server-stopped" });
    const last = bench.run(job("last"));
    const closed = bench.close();
    await expect(last).rejects.toMatchObject({ code: "server-stopped" });
    await closed;
    await expect(bench.run(job("after"))).rejects.toMatchObject({ code: "server-stopped" });
  });
});

test("a frame is read back as it was", () => {
  fc.assert(
    fc.property(fc.string(), fc.uint32Array(), fc.uint8Array(), fc.float32Array(), (says, a, b, c) => {
      const { head, arrays } = unframe(frame({ says }, { a, b, c }));
      expect(head.says).toBe(says);
      expect([arrays.a, arrays.b, arrays.c]).toEqual([a, b, c]);
    }),
  );
});

test("docs/api.md describes the frame's arrays", () => {
  const page = readFileSync(new URL("../../../docs/api.md", import.meta.url), "utf8");
  for (const name of ["ids", "starts", "ends", "entryIds", "entryKinds", "entryEnds", "entryBytes"]) expect(page).toContain(name);
});

test("a family that does not split a text is traced around a token, with the tokens that the whole text has there", async () => {
  const { upload, encode, json } = await start();
  const letters = Array.from("abcdefghijklmnopqrstuvwxyz", (letter, i) => [letter, -8 - i / 10]);
  const vocab = [["<unk>", 0], ["▁", -3], ["▁the", -2], ["the", -4], ["▁cat", -4.5], ["at", -5], ["▁s", -5], ["ing", -5.5], ...letters];
  const file = JSON.stringify({
    version: "1.0",
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: false },
    post_processor: null,
    decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: false },
    model: { type: "Unigram", unk_id: 0, vocab, byte_fallback: false },
  });
  const { name } = (await (await upload("unigram.json", file)).json()) as { name: string };
  const text = "the cat sat singing to the other cat ".repeat(200);
  const { arrays } = await encode({ tokenizer: name, text });
  const ids = [...(arrays.ids ?? [])];
  for (const token of [0, 3, 700, ids.length - 1]) {
    const origin = (await json("/trace", { tokenizer: name, text, token })) as unknown as {
      id: number;
      partial?: true;
      number?: number;
      window: { start: number; end: number };
      piece: { tokens: { id: number; span: { start: number; end: number } }[]; found: { by: string; nodes: { best: boolean; start: number }[] } };
    };
    expect([origin.id, origin.partial, origin.number]).toEqual([ids[token], true, undefined]);
    expect(origin.window.end - origin.window.start).toBeLessThan(1000);
    expect(origin.piece.found.by).toBe("lattice");
    const at = origin.piece.tokens.findIndex(
      ({ id, span }) => id === ids[token] && span.start === arrays.starts?.[token] && span.end === arrays.ends?.[token],
    );
    expect(at).toBeGreaterThanOrEqual(0);
    expect(origin.piece.tokens.slice(at, at + 4).map(({ id }) => id)).toEqual(ids.slice(token, token + Math.min(4, origin.piece.tokens.length - at)));
  }
});
