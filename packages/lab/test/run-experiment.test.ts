import { CutawayError, type Request } from "@cutaway/core";
import { openStore, type Store } from "@cutaway/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compareArms, type Progress, planExperiment, runExperiment } from "../src/index.ts";
import { echo, request, spec } from "./scripted.ts";

let store: Store;
beforeEach(() => {
  store = openStore(":memory:");
});
afterEach(() => store.close());

/** What a row says, and what its call says, without ids and times. */
const told = (from: Store, id: string) =>
  from.rows(id).map(({ call, ...row }) => ({ ...row, answer: from.get(call)?.call.answers[0]?.text, cost: undefined }));

const withCode = (code: string) => expect.objectContaining({ code });

test("every planned call is made once and stored with its row", async () => {
  const plan = planExperiment(spec(2, { seeds: "derive" }));
  const model = echo();
  const { rows, experiment, stopped } = await runExperiment(plan, { modelFor: () => model, store });
  expect(model.asked).toEqual(plan.calls.map((call) => call.request));
  expect(rows).toEqual(store.rows(plan.id));
  expect(rows.map(({ key, position, case: name, repeat, factors }) => ({ key, position, name, repeat, factors }))).toEqual(
    plan.calls.map(({ key, position, case: { id: name }, repeat, factors }) => ({ key, position, name, repeat, factors })),
  );
  expect([experiment.status, stopped, store.experiment(plan.id)?.status]).toEqual(["done", undefined, "done"]);
  expect(store.list().rows).toEqual([]);
  const call = store.get(rows[0]?.call as never)?.call;
  expect(call).toMatchObject({ ending: "complete", origin: { kind: "local" }, request: plan.calls[0]?.request });
});

test("cases that are calls in their own right are listed, and name the call they come from", async () => {
  const parent = (await runExperiment(planExperiment(spec(1, { role: "case" })), { modelFor: () => echo(), store })).rows[0]?.call;
  expect(store.list().rows).toHaveLength(4);
  const cases = [{ id: "a", request: request("one"), ...(parent && { parent }) }];
  const { rows } = await runExperiment(planExperiment(spec(1, { cases })), { modelFor: () => echo(), store });
  expect(rows.map(({ call }) => store.get(call)?.call.parent)).toEqual([parent, parent]);
});

describe("resume", () => {
  const plan = planExperiment(spec(3, { seeds: "derive" }));

  test.each(plan.calls.map(({ position }) => position))(
    "stopped in call %d and run again: no call that ended is made twice, and the rows are those of one run",
    async (position) => {
      const whole = openStore(":memory:");
      await runExperiment(plan, { modelFor: () => echo(), store: whole });

      const abort = new AbortController();
      const first = echo((_, nth) => void (nth === position + 1 && abort.abort()));
      const broken = await runExperiment(plan, { modelFor: () => first, store, signal: abort.signal });
      expect([broken.stopped, broken.rows.length, store.experiment(plan.id)?.status]).toEqual(["aborted", position, "stopped"]);
      expect(store.list({ experiment: "any" }).rows).toHaveLength(position);

      const second = echo();
      const resumed = await runExperiment(plan, { modelFor: () => second, store });
      expect(second.asked).toEqual(plan.calls.slice(position).map((call) => call.request));
      expect(resumed.stopped).toBeUndefined();
      expect(told(store, plan.id)).toEqual(told(whole, plan.id));
      whole.close();
    },
  );

  test("what is done is not made again, and an abort before the first call makes none", async () => {
    const model = echo();
    const aborted = await runExperiment(plan, { modelFor: () => model, store, signal: AbortSignal.abort() });
    expect([aborted.stopped, model.asked.length]).toEqual(["aborted", 0]);
    await runExperiment(plan, { modelFor: () => model, store });
    const again = await runExperiment(plan, { modelFor: () => model, store, signal: AbortSignal.abort() });
    expect([again.stopped, model.asked.length, again.rows.length]).toEqual([undefined, 12, 12]);
  });

  test("a larger plan is an experiment of its own", async () => {
    await runExperiment(plan, { modelFor: () => echo(), store });
    const larger = planExperiment(spec(4, { seeds: "derive" }));
    const model = echo();
    await runExperiment(larger, { modelFor: () => model, store });
    expect([store.rows(larger.id).length, model.asked.length]).toEqual([16, 16]);
  });

  test("where another process was quicker, its row counts", async () => {
    const other = echo();
    const mine = echo((_, nth) => {
      if (nth === 1) void runExperiment(plan, { modelFor: () => other, store });
      return undefined;
    });
    const { rows } = await runExperiment(plan, { modelFor: () => mine, store });
    expect(rows).toHaveLength(12);
    expect(rows.map(({ call }) => call)).toEqual(store.rows(plan.id).map(({ call }) => call));
    expect(store.list({ experiment: "any" }).rows).toHaveLength(12);
  });
});

describe("caps", () => {
  const plan = planExperiment(spec(3));

  test("calls: counted over all runs of the experiment, and never passed", async () => {
    const model = echo();
    const run = (calls: number, concurrency = 1) => runExperiment(plan, { modelFor: () => model, store, limits: { calls }, concurrency });
    expect(await run(0)).toMatchObject({ stopped: "calls", rows: [] });
    expect((await run(5)).stopped).toBe("calls");
    expect(model.asked).toHaveLength(5);
    expect((await run(5)).rows).toHaveLength(5);
    expect(model.asked).toHaveLength(5);
    await run(9, 3);
    expect(model.asked).toHaveLength(9);
    expect(await run(12)).not.toHaveProperty("stopped");
    expect(model.asked).toHaveLength(12);
  });

  const remote = (parameters: Request["parameters"], model = "gpt-4o-mini", text = "one") =>
    planExperiment({
      name: "paid",
      cases: [{ id: "a", request: { ...request(text, parameters), format: "openai-chat", model }, inputTokens: 20 }],
      factors: [],
      repeats: 10,
    });

  /** 20 tokens in at $0.15 a million, 10 out at $0.60. */
  const each = 20 * 0.15e-6 + 10 * 0.6e-6;

  test("cost: a call that could pass the cap is not made", async () => {
    const model = echo(undefined, "openai");
    const asked: Progress[] = [];
    const atMost = 20 * 0.15e-6 + 100 * 0.6e-6;
    const result = await runExperiment(remote({ maxOutputTokens: 100 }), {
      modelFor: () => model,
      store,
      limits: { cost: atMost + 3.5 * each },
      onProgress: (progress) => asked.push(progress),
    });
    expect(result).toMatchObject({ stopped: "cost", cost: expect.closeTo(4 * each, 12) });
    expect(result.rows.map(({ cost }) => cost)).toEqual(Array(4).fill(expect.closeTo(each, 12)));
    expect(asked.map(({ done, total, errors, cost }) => [done, total, errors, Math.round(cost / each)])).toEqual(
      [0, 1, 2, 3, 4].map((n) => [n, 10, 0, n]),
    );
    const more = await runExperiment(remote({ maxOutputTokens: 100 }), {
      modelFor: () => model,
      store,
      limits: { cost: atMost + 5.5 * each },
      concurrency: 4,
    });
    expect(more.rows.length).toBeLessThanOrEqual(6);
    expect(more.cost).toBeLessThanOrEqual(atMost + 5.5 * each);
  });

  test.each([
    ["no price is known", remote({ maxOutputTokens: 10 }, "some-model-nobody-lists")],
    ["no cap on the answer is known", remote({}, "ft:gpt-nobody")],
  ])("cost: refused where %s, unless there is no cap", async (_, paid) => {
    const model = echo(undefined, "openai");
    await expect(runExperiment(paid, { modelFor: () => model, store, limits: { cost: 1 } })).rejects.toEqual(withCode("price-unknown"));
    expect(store.experiment(paid.id)?.status).toBe("stopped");
    expect((await runExperiment(paid, { modelFor: () => model, store, limits: { cost: Number.POSITIVE_INFINITY } })).rows).toHaveLength(10);
  });

  test("numbers that are no caps are refused", async () => {
    for (const bad of [{ limits: { calls: Number.NaN } }, { limits: { cost: -1 } }, { concurrency: 0 }, { concurrency: 1.5 }]) {
      await expect(runExperiment(plan, { modelFor: () => echo(), store, ...bad })).rejects.toEqual(withCode("invalid-limit"));
    }
  });
});

describe("what goes wrong", () => {
  const plan = planExperiment(spec(2));

  test("a call that fails is a row with the outcome error, and the others go on", async () => {
    const seen: number[] = [];
    const model = echo((_, nth) => (nth % 3 === 0 ? "error" : undefined));
    const { rows } = await runExperiment(plan, {
      modelFor: () => model,
      store,
      onProgress: ({ errors }) => seen.push(errors),
    });
    expect(rows.map(({ outcome }) => outcome)).toEqual(["unscored", "unscored", "error", "unscored", "unscored", "error", "unscored", "unscored"]);
    expect(seen).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(store.get(rows[2]?.call as never)?.call.error?.kind).toBe("overloaded");
  });

  test("what is wrong before anything is sent ends the run and leaves the rows", async () => {
    const refuse = () => {
      throw new CutawayError("key-missing", "no key", { kind: "auth" });
    };
    const model = echo((_, nth) => (nth === 4 ? refuse() : undefined));
    await expect(runExperiment(plan, { modelFor: () => model, store })).rejects.toEqual(withCode("key-missing"));
    expect(store.rows(plan.id)).toHaveLength(3);
    expect(store.experiment(plan.id)?.status).toBe("stopped");
    expect((await runExperiment(plan, { modelFor: () => echo(), store })).rows).toHaveLength(8);
  });
});

test("several calls at once: as many as asked for and no more, each once", async () => {
  const plan = planExperiment(spec(5));
  let now = 0;
  let most = 0;
  const model = echo();
  const slow = {
    ...model,
    async *call(...asked: Parameters<typeof model.call>) {
      most = Math.max(most, ++now);
      for await (const event of model.call(...asked)) {
        await new Promise((resolve) => setImmediate(resolve));
        yield event;
      }
      now--;
    },
  };
  const { rows } = await runExperiment(plan, { modelFor: () => slow, store, concurrency: 4 });
  expect([most, rows.length, new Set(rows.map(({ key }) => key)).size]).toEqual([4, 20, 20]);
  expect(rows.map(({ position }) => position)).toEqual(plan.calls.map(({ position }) => position));
});

test("stops when the rows are enough, and cleans calls before they are stored", async () => {
  const plan = planExperiment(spec(5));
  const { rows, stopped, experiment } = await runExperiment(plan, {
    modelFor: () => echo(),
    store,
    enough: ({ length }) => length >= 6,
    clean: (call) => ({ ...call, tags: ["clean"] }),
  });
  expect([rows.length, stopped, experiment.status]).toEqual([6, "enough", "done"]);
  expect(store.get(rows[0]?.call as never)?.call.tags).toEqual(["clean"]);
});

test("two arms are compared by exact test and interval", () => {
  const { p, difference, rates } = compareArms({ hits: 3, runs: 3 }, { hits: 0, runs: 3 });
  expect(p).toEqual({ greater: expect.closeTo(0.05, 12), twoSided: expect.closeTo(0.1, 12) });
  expect(difference).toMatchObject({ estimate: 1, level: 0.95, low: expect.closeTo(0.2059, 3), high: 1 });
  expect(rates.map((rate) => rate?.estimate)).toEqual([1, 0]);
  expect(compareArms({ hits: 0, runs: 0 }, { hits: 0, runs: 3 }).difference).toBeUndefined();
});
