import { fileURLToPath } from "node:url";
import { bytesFromJson, type Call, type CallId, newCallId } from "@cutaway/core";
import { attributeInput, attributeLogit, describeNetwork, describePositions, type LensRow, openModelInside } from "@cutaway/runtime/inspect";
import { tinyLlamaFile } from "@cutaway/runtime/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startModelInside } from "../src/inside/model-inside.ts";
import { poolPattern } from "../src/inside/pool-pattern.ts";
import type { Subject } from "../src/inside/subject.ts";
import { localCall } from "./support/local-call.ts";
import { running } from "./support/running.ts";
import { tinyCall } from "./support/tiny-call.ts";
import { unframe } from "./support/unframe.ts";

const fixtures = fileURLToPath(new URL("../../runtime/test/fixtures/architectures/", import.meta.url));
let file: ReturnType<typeof tinyLlamaFile>;
let call: Call;
let ids: number[];
let prompt: number;

beforeAll(async () => {
  file = tinyLlamaFile({ layers: 3, endless: true });
  call = await tinyCall(file.path, "What is in the box, and who put it there?");
  prompt = call.prompt?.length ?? 0;
  ids = [...(call.prompt ?? []), ...(call.answers[0]?.steps ?? [])].map(({ id }) => id as number);
});
afterAll(() => file.remove());

async function start() {
  const server = await running(() => ({ chunks: [] }));
  server.store.put({ call });
  const post = (kind: string, body: unknown, signal?: AbortSignal) =>
    fetch(`${server.url}/api/inside/${kind}`, { method: "POST", body: JSON.stringify(body), signal: signal ?? null });
  const json = async <T>(kind: string, body: unknown) => (await (await post(kind, body)).json()) as T;
  const packed = async (body: unknown) => unframe(new Uint8Array(await (await post("attention", body)).arrayBuffer()));
  const error = async (kind: string, body: unknown) => {
    const response = await post(kind, body);
    return { status: response.status, ...((await response.json()) as { error: { code: string; message: string; fix: string | null } }).error };
  };
  return { ...server, post, json, packed, error };
}

/** All patterns, straight from the network. */
function patterns(): Float32Array[] {
  const model = openModelInside(file.path);
  const { hooks } = model.run({ key: "all", plan: { isProbed: (hook) => hook.endsWith("hook_pattern") }, outputs: () => ({}) }, { ids });
  model.close();
  return [...hooks.values()].map(({ data }) => data);
}

describe("attention", () => {
  test("a head's pattern is the network's own, value by value", async () => {
    const { packed } = await start();
    const expected = patterns();
    for (const [layer, head] of [
      [0, 0],
      [2, 3],
    ] as const) {
      const { head: told, arrays } = await packed({ call: call.id, layer, head });
      expect(told).toMatchObject({ schema: "cutaway/attention-pattern", side: "self", layer, head, queries: ids.length, keys: ids.length });
      const size = ids.length ** 2;
      expect(arrays.pattern).toEqual(expected[layer]?.slice(head * size, (head + 1) * size));
    }
  });

  test("small patterns of all heads add up row by row, and the share of the first token is the mean over all later ones", async () => {
    const { packed } = await start();
    const { head, arrays } = await packed({ call: call.id });
    const [side] = head.sides as { layers: number; heads: number; rows: number; columns: number }[];
    expect(side).toMatchObject({ side: "self", layers: 3, heads: 4, rows: 32, columns: 32 });
    const small = arrays["self.small"] as Float32Array;
    for (let row = 0; row < 3 * 4 * 32; row++) {
      expect(small.subarray(row * 32, (row + 1) * 32).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    }
    const pattern = patterns()[1]?.subarray(2 * ids.length ** 2) as Float32Array;
    const first = Array.from({ length: ids.length - 1 }, (_, i) => pattern[(i + 1) * ids.length] as number);
    expect(arrays["self.sink"]?.[1 * 4 + 2]).toBeCloseTo(first.reduce((sum, share) => sum + share, 0) / first.length, 5);
  });

  test("a head that is not there is refused in words", async () => {
    const { error } = await start();
    expect(await error("attention", { call: call.id, layer: 3, head: 0 })).toMatchObject({
      status: 400,
      code: "no-such-head",
      fix: expect.stringContaining("3 layers of 4 heads"),
    });
    expect(await error("attention", { call: call.id, layer: 0, head: 0, side: "cross" })).toMatchObject({ code: "no-such-head" });
  });
});

test("a pattern is made small by sums over keys and means over queries", () => {
  const pattern = Float32Array.of(1, 0, 0, 0, 0.5, 0.5, 0, 0, 0.25, 0.25, 0.5, 0, 0.1, 0.2, 0.3, 0.4);
  const into = new Float32Array(4);
  const sink = poolPattern(pattern, { queries: 4, keys: 4, rows: 2, columns: 2 }, into);
  expect([...into].map((share) => Math.round(share * 1000) / 1000)).toEqual([1, 0, 0.4, 0.6]);
  expect(sink).toBeCloseTo((0.5 + 0.25 + 0.1) / 3, 6);
});

describe("the lens", () => {
  test("ends with what the model said, by its own bytes, and follows it through the layers", async () => {
    const { json } = await start();
    const { rows, texts } = await json<{ rows: LensRow[]; texts: Record<string, never> }>("lens", {
      call: call.id,
      from: prompt - 1,
      to: ids.length - 1,
    });
    expect(rows.map(({ layer }) => layer)).toEqual([-1, 0, 1, 2]);
    const said = call.answers[0]?.steps ?? [];
    for (const [i, cell] of (rows.at(-1)?.cells ?? []).entries()) {
      expect(cell.top[0]?.id).toBe(said[i]?.id);
      expect(cell.followed).toMatchObject({ id: said[i]?.id, rank: 0 });
      expect(cell.top[0]?.logprob).toBeCloseTo(said[i]?.logprob as number, 3);
      expect(bytesFromJson(texts[cell.top[0]?.id ?? -1])).toEqual(said[i]?.bytes);
    }
    expect(rows[0]?.cells.some(({ followed }) => followed && followed.rank > 0)).toBe(true);
  });

  test("of more positions than are computed at once, or none, is refused", async () => {
    const { error } = await start();
    expect(await error("lens", { call: call.id, from: 0, to: 49 })).toMatchObject({ code: "invalid-request" });
    expect(await error("lens", { call: call.id, from: 4, to: 4 })).toMatchObject({ code: "invalid-request" });
    expect(await error("lens", { call: call.id, from: ids.length - 2, to: ids.length + 1 })).toMatchObject({ code: "no-such-token" });
  });
});

test("a token's attribution is that of the text before it", async () => {
  const { json } = await start();
  const token = prompt + 3;
  const target = { position: token - 1, token: ids[token] as number, against: 7 };
  const found = await json<Record<string, unknown>>("attribution", { call: call.id, token, against: 7 });
  const model = openModelInside(file.path);
  const reading = { ids: ids.slice(0, token) };
  expect(found).toMatchObject({ ...target, input: attributeInput(model, reading, target), logit: attributeLogit(model, reading, target) });
  expect((found.input as { scores: number[] }).scores).toHaveLength(token);
  model.close();
});

test("positions are told of a call's model, without reading its text, and of every family in its own way", async () => {
  const { json } = await start();
  expect(await json("positions", { call: call.id })).toEqual({
    schema: "cutaway/positions",
    version: 1,
    ...JSON.parse(JSON.stringify(describePositions(file.path))),
  });
  const inside = startModelInside();
  onTestFinished(() => inside.close());
  for (const [name, kind] of [
    ["gpt2", "learned"],
    ["mistral", "rotary"],
    ["t5", "buckets"],
  ] as const) {
    const bytes = await inside.run({ subject: { path: `${fixtures}${name}`, text: "" }, ask: { kind: "positions" } });
    expect(JSON.parse(new TextDecoder().decode(bytes)).scheme.kind).toBe(kind);
  }
});

test("the network is described as its file is", async () => {
  const { json } = await start();
  expect(await json("network", { call: call.id })).toMatchObject(describeNetwork(file.path));
});

describe("what is looked into", () => {
  test("the tokens are the call's own", async () => {
    const { json } = await start();
    const read = await json<{ prompt: number; tokens: { id: number; bytes: never }[] }>("tokens", { call: call.id });
    expect(read.prompt).toBe(prompt);
    expect(read.tokens.map(({ id }) => id)).toEqual(ids);
    expect(read.tokens.slice(0, prompt).map(({ bytes }) => bytesFromJson(bytes))).toEqual(call.prompt?.map(({ bytes }) => bytes));
  });

  test("calls of remote models, other weights, paths, and bodies that will not do are refused in words", async () => {
    const { store, error } = await start();
    const remote: Call = { ...localCall("a b"), id: newCallId(), model: { provider: "openai", asked: "gpt-4o" } };
    store.put({
      call: { ...remote, prompt: undefined, request: { ...(remote.request as NonNullable<Call["request"]>), format: "openai-chat" } } as Call,
    });
    const other: Call = {
      ...call,
      id: newCallId(),
      local: { ...(call.local as NonNullable<Call["local"]>), weights: { file: "x", architecture: "llama", sha256: "0".repeat(64) } },
    };
    store.put({ call: other });
    const refused: [kind: string, body: unknown, code: string][] = [
      ["tokens", { call: remote.id }, "no-access"],
      ["tokens", { call: other.id }, "other-weights"],
      ["tokens", { call: "0000zzzz" as CallId }, "call-not-found"],
      ["network", { model: file.path }, "model-not-found"],
      ["network", { model: "../../etc/passwd" }, "model-not-found"],
      ["tokens", {}, "invalid-request"],
      ["tokens", [], "invalid-request"],
      ["tokens", { call: call.id, text: "x" }, "invalid-request"],
      ["lens", { call: call.id, from: -1, to: 2 }, "invalid-request"],
      ["lens", { call: call.id, from: 0, to: 2, top: 9 }, "invalid-request"],
      ["attention", { call: call.id, layer: 1 }, "invalid-request"],
      ["attribution", { call: call.id, token: 0 }, "no-such-token"],
      ["attribution", { call: call.id, token: 9999 }, "no-such-token"],
      ["attribution", { call: call.id, token: 4, against: 99_999 }, "no-such-token"],
    ];
    for (const [kind, body, code] of refused) expect([kind, body, (await error(kind, body)).code]).toEqual([kind, body, code]);
    const long = { ...call, id: newCallId(), prompt: Array.from({ length: 3000 }, () => call.prompt?.[0]) } as Call;
    store.put({ call: long });
    expect(await error("attention", { call: long.id })).toMatchObject({ status: 400, code: "too-many-tokens" });
  });
});

describe("of other families", () => {
  const overview = async (subject: Subject) => {
    const inside = startModelInside();
    onTestFinished(() => inside.close());
    return { inside, ...unframe(await inside.run({ subject, ask: { kind: "attention", side: "self" } })) };
  };

  test("an encoder–decoder has three kinds of attention; the cross one is of what it said to what it read", async () => {
    const subject = { path: `${fixtures}t5`, prompt: [7, 8, 30, 2], answer: [5, 9], start: 0 };
    const { inside, head } = await overview(subject);
    expect((head.sides as { side: string; queries: number; keys: number }[]).map(({ side, queries, keys }) => [side, queries, keys])).toEqual([
      ["self", 3, 3],
      ["cross", 3, 4],
      ["encoder", 4, 4],
    ]);
    const { arrays } = unframe(await inside.run({ subject, ask: { kind: "attention", side: "cross", layer: 1, head: 0 } }));
    const model = openModelInside(subject.path);
    const hook = "decoder.blocks.1.cross_attn.hook_pattern";
    const { hooks } = model.run(
      { key: hook, plan: { isProbed: (name) => name === hook }, outputs: () => ({}) },
      { ids: [0, 5, 9], source: subject.prompt },
    );
    model.close();
    expect(arrays.pattern).toEqual(hooks.get(hook)?.data.slice(0, 12));
  });

  test("an encoder has one, and no next token to explain", async () => {
    const subject = { path: `${fixtures}bert`, prompt: [3, 17, 5], answer: [] };
    const { inside, head } = await overview(subject);
    expect(head.sides).toMatchObject([{ side: "encoder", queries: 3, keys: 3 }]);
    for (const ask of [{ kind: "lens", from: 0, to: 2 } as const, { kind: "attribution", token: 1 } as const]) {
      await expect(inside.run({ subject, ask })).rejects.toMatchObject({ code: "no-next-token" });
    }
  });
});

describe("the process", () => {
  test("is ended with a job that nobody waits for any more, and serves the next one", async () => {
    const inside = startModelInside();
    const subject = { path: file.path, prompt: Array.from({ length: 2000 }, (_, i) => 3 + (i % 200)), answer: [] };
    const abort = new AbortController();
    const long = inside.run({ subject, ask: { kind: "attention", side: "self" } }, abort.signal);
    setTimeout(() => abort.abort(), 50);
    // Whether it was ended or had just finished, nobody hears of it twice.
    await long.then(
      () => undefined,
      (error) => expect(error).toMatchObject({ code: "server-stopped" }),
    );
    await expect(inside.run({ subject: { ...subject, prompt: ids }, ask: { kind: "tokens" } })).resolves.toBeInstanceOf(Uint8Array);
    await inside.close();
  });

  test("gives up what takes too long", async () => {
    const inside = startModelInside({ timeoutMs: 1 });
    await expect(inside.run({ subject: { path: file.path, prompt: ids, answer: [] }, ask: { kind: "tokens" } })).rejects.toMatchObject({
      code: "took-too-long",
    });
    await inside.close();
  });
});
