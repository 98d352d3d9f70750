import { once } from "node:events";
import type { Model, Request } from "@cutaway/core";
import { scriptedModel } from "@cutaway/runtime/testing";
import { describe, expect, test } from "vitest";
import { localCall, loop } from "./support/local-call.ts";
import { type Running, running } from "./support/running.ts";

const access = { text: true, seed: true, deterministic: true, internals: true } as const;

/** Loops unless a repetition penalty is set. */
const looping = scriptedModel(
  ({ parameters }) =>
    parameters.repetitionPenalty === undefined
      ? { text: loop.repeat(30), finish: { reason: "output-cap", raw: "max_tokens" } }
      : { text: "First back up, then migrate, then deploy." },
  { name: "tiny", access },
);

let opened = 0;
let closed = 0;
const local = (model: Model) =>
  running(() => ({ chunks: ["{}"] }), {
    localModels: {
      open: async () => {
        opened += 1;
        return {
          ...model,
          close: async () => {
            closed += 1;
          },
        };
      },
    },
  });

const post = (url: string, body: object) => fetch(url, { method: "POST", body: JSON.stringify(body) });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { error: { code: string } }).error.code];
const stateOf = async ({ url }: Running) =>
  ((await (await fetch(`${url}/api/verify`)).json()) as { verify: { state: string; verdict?: string } }).verify;
const ended = (server: Running) => expect.poll(async () => (await stateOf(server))?.state, { timeout: 20_000 }).not.toBe("running");

describe("verify", () => {
  test("puts a finding to the test with the local model, tells how far it is, and keeps verdict and runs", async () => {
    const server = await local(looping);
    const call = localCall(loop.repeat(30));
    server.store.put({ call });
    const events = await fetch(`${server.url}/api/events`);
    const reader = events.body?.getReader();
    const started = await post(`${server.url}/api/calls/${call.id}/verify`, { rule: "loop.repetition" });
    expect([started.status, await started.json()]).toMatchObject([202, { call: call.id, rule: "loop.repetition", state: "running" }]);
    await ended(server);
    expect(await stateOf(server)).toMatchObject({ state: "done", verdict: "confirmed" });
    const told = new TextDecoder().decode((await reader?.read())?.value) + new TextDecoder().decode((await reader?.read())?.value);
    expect(told).toContain("event: verify");
    await reader?.cancel();

    const { verification } = server.store.get(call.id)?.findings.find(({ rule }) => rule === "loop.repetition") ?? {};
    expect(verification).toMatchObject({ verdict: "confirmed", deterministic: true });
    const { rows } = server.store.list();
    expect(rows.map(({ id }) => id)).toEqual([call.id]);
    expect(rows[0]?.findings.find(({ rule }) => rule === "loop.repetition")?.verdict).toBe("confirmed");

    const arms = (await (await fetch(`${server.url}/api/calls/${call.id}/verification/loop.repetition`)).json()) as {
      changes: { path: string }[];
      arms: Record<"unchanged" | "changed", { id: string; hit: boolean; text: string }[]>;
    };
    expect(arms.arms.unchanged.map(({ hit }) => hit)).toEqual(verification?.arms?.unchanged.map(() => true));
    expect(arms.arms.changed.map(({ hit, text }) => [hit, text])).toEqual(
      verification?.arms?.changed.map(() => [false, "First back up, then migrate, then deploy."]),
    );
    expect(arms.changes.map(({ path }) => path)).toEqual(["parameters.repetitionPenalty"]);
  });

  test("what was learned survives the findings being looked for anew", async () => {
    const server = await local(looping);
    const call = localCall(loop.repeat(30));
    server.store.put({ call });
    await post(`${server.url}/api/calls/${call.id}/verify`, { rule: "loop.repetition" });
    await ended(server);
    const explanation = (await (await fetch(`${server.url}/api/calls/${call.id}`)).json()) as {
      findings: { rule: string; verification: { verdict: string } | null }[];
    };
    expect(explanation.findings.find(({ rule }) => rule === "loop.repetition")?.verification?.verdict).toBe("confirmed");
    const page = await (await fetch(`${server.url}/api/calls/${call.id}/export.html`)).text();
    expect(page).toContain("What the runs answered");
    expect(page).toContain("First back up, then migrate, then deploy.");
  });

  test("one at a time, and it can be cancelled: what was done is kept", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Model = {
      ...looping,
      async *call(request: Request, signal?: AbortSignal) {
        await Promise.race([held, signal && once(signal, "abort")]);
        yield* looping.call(request, signal);
      },
    };
    const server = await local(slow);
    const call = localCall(loop.repeat(30));
    server.store.put({ call });
    const ask = () => post(`${server.url}/api/calls/${call.id}/verify`, { rule: "loop.repetition" });
    expect((await ask()).status).toBe(202);
    expect(await codeOf(await ask())).toEqual([409, "verify-running"]);
    expect(await (await fetch(`${server.url}/api/verify`, { method: "DELETE" })).json()).toEqual({ cancelled: true });
    await ended(server);
    expect((await stateOf(server))?.state).toBe("cancelled");
    expect(server.store.get(call.id)?.findings.some(({ verification }) => verification)).toBe(false);
    release();
    expect((await ask()).status).toBe(202);
    await ended(server);
    expect(await stateOf(server)).toMatchObject({ state: "done", verdict: "confirmed" });
  });

  test("refuses what cannot be tried, and a remote model without a cap on cost", async () => {
    const server = await local(looping);
    const call = localCall("All is well.");
    server.store.put({ call });
    const ask = async (body: object, id: string = call.id) => codeOf(await post(`${server.url}/api/calls/${id}/verify`, body));
    expect(await ask({ rule: "loop.repetition" })).toEqual([404, "finding-not-found"]);
    expect(await ask({})).toEqual([400, "invalid-verify"]);
    expect(await ask({ rule: "loop.repetition", maxCost: -1 })).toEqual([400, "invalid-verify"]);
    expect(await ask({ rule: "loop.repetition", runs: 3 })).toEqual([400, "invalid-verify"]);
    const remote = { ...localCall(loop.repeat(30)), format: "openai-chat" as const, origin: { kind: "proxy" as const } };
    server.store.put({ call: { ...remote, request: { ...(remote.request as Request), format: "openai-chat" } } });
    expect(await ask({ rule: "loop.repetition" }, remote.id)).toEqual([400, "cost-cap-missing"]);
    expect(server.upstream.seen).toEqual([]);
    expect(await codeOf(await fetch(`${server.url}/api/calls/${call.id}/verification/loop.repetition`))).toEqual([404, "not-verified"]);
  });

  test("a model that is not here fails the verification in words", async () => {
    const server = await running(() => ({ chunks: ["{}"] }), { localModels: { open: () => Promise.reject(new Error("no such thing")) } });
    const call = localCall(loop.repeat(30));
    server.store.put({ call });
    expect((await post(`${server.url}/api/calls/${call.id}/verify`, { rule: "loop.repetition" })).status).toBe(202);
    await ended(server);
    expect(await stateOf(server)).toMatchObject({ state: "failed", error: { code: "internal" } });
    expect(server.warnings.join()).toContain("no such thing");
  });
});

describe("replay of a local call", () => {
  test("runs the model that made it, with options that only a local model has, and closes it in the end", async () => {
    const asked: Request[] = [];
    const watched = scriptedModel(
      (request) => {
        asked.push(request);
        return "Done.";
      },
      { name: "tiny", access },
    );
    [opened, closed] = [0, 0];
    const server = await local(watched);
    const call = localCall(loop, { temperature: 0.8, seed: 4, maxOutputTokens: 20 });
    server.store.put({ call });
    const body = { set: { temperature: 0, seed: null }, local: { contextSize: 1024, overflow: "truncate-start" } };
    const { id } = (await (await post(`${server.url}/api/calls/${call.id}/replay`, body)).json()) as { id: string };
    expect(asked[0]?.parameters).toEqual({ temperature: 0, maxOutputTokens: 20 });
    expect(asked[0]?.local).toEqual({ contextSize: 1024, overflow: "truncate-start" });
    expect(server.store.get(id as never)?.call).toMatchObject({ parent: call.id, origin: { kind: "local" }, answers: [{ text: "Done." }] });
    await post(`${server.url}/api/calls/${call.id}/replay`, {});
    expect([opened, closed]).toEqual([1, 0]);
    await server.close();
    expect(closed).toBe(1);
  });

  test("options of a local model are refused for a remote one, and wrong ones for every one", async () => {
    const server = await local(looping);
    const call = localCall(loop);
    server.store.put({ call });
    const ask = async (body: object) => codeOf(await post(`${server.url}/api/calls/${call.id}/replay`, body));
    expect(await ask({ local: { overflow: "sometimes" } })).toEqual([400, "invalid-parameters"]);
    expect(await ask({ local: { nothing: 1 } })).toEqual([400, "invalid-parameters"]);
  });

  test("weights that are not those of the call are refused", async () => {
    const server = await local({ ...looping, ref: { ...looping.ref, revision: "b".repeat(64) } });
    const call = localCall(loop);
    server.store.put({
      call: { ...call, ...(call.local && { local: { ...call.local, weights: { ...call.local.weights, sha256: "a".repeat(64) } } }) },
    });
    expect(await codeOf(await post(`${server.url}/api/calls/${call.id}/replay`, {}))).toEqual([400, "other-weights"]);
  });
});

test("steps of a long answer come without alternatives, and page by page with them", async () => {
  const server = await local(looping);
  const call = localCall("a b c d e f");
  server.store.put({ call });
  const get = async (path: string) => (await fetch(`${server.url}/api/calls/${call.id}${path}`)).json() as Promise<Record<string, never>>;
  const { outlined, call: outline } = (await get("?steps=5")) as unknown as { outlined: number[]; call: typeof call };
  expect(outlined).toEqual([0]);
  expect(outline.answers[0]?.steps?.map((step) => [step.top, step.stages, step.entropy])).toEqual(Array(6).fill([undefined, undefined, 0.9]));
  expect((await get("?steps=6")).outlined).toBeUndefined();
  const { steps } = (await get("/steps?answer=0&from=2&to=4")) as unknown as { steps: { bytes: string; top: unknown[]; stages: unknown[] }[] };
  expect(steps.map(({ bytes, top, stages }) => [bytes, top.length, stages.length])).toEqual([
    [" c", 2, 1],
    [" d", 2, 1],
  ]);
  expect(await get("/steps?answer=0&from=0&to=5000")).toMatchObject({ error: { code: "too-many-steps" } });
  expect(await get("/steps?answer=x")).toMatchObject({ error: { code: "invalid-query" } });
});

test("an exported page shows the prompt's tokens, what was left out, and the stages of the steps; what a model wrote is text", async () => {
  const server = await local(looping);
  const call = localCall("One <script>alert(1)</script> two.");
  server.store.put({ call });
  const page = await (await fetch(`${server.url}/api/calls/${call.id}/export.html`)).text();
  expect(page).toContain("30 tokens left out here");
  expect(page).toMatch(/class="t s-template special"[^>]*>&lt;\|im_start\|&gt;</);
  expect(page).toContain("tiny.gguf");
  expect(page).toMatch(/<td>top_k 1<\/td><td class="number">1<\/td><td class="number">40\.0 %<\/td>/);
  expect(page).not.toContain("<script>alert");
});
