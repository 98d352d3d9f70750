import { type Call, CutawayError, type Finding, type Request, type Verification } from "@cutaway/core";
import { openStore, type Store } from "@cutaway/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type VerifyOptions, verify } from "../src/index.ts";
import { callOf, changeTo, differs, findingOf, requestWith, type Script, type ScriptedOptions, scripted } from "./verify-support.ts";

let store: Store;
beforeEach(() => {
  store = openStore(":memory:");
});
afterEach(() => store.close());

const sampled = requestWith({ temperature: 0.8, maxOutputTokens: 1 });
const raise = changeTo({ maxOutputTokens: 2 });
const isChanged = ({ parameters }: Request) => parameters.maxOutputTokens === 2;
const always: Script = (request) => (isChanged(request) ? "good" : "bad");
const repeating: ScriptedOptions = { access: { seed: true, deterministic: true } };

/** A call with this request whose finding proposes the change, put to the test on a scripted model. */
async function tried(script: Script, { request = sampled, change = raise, model: how = {}, ...options }: Tried = {}) {
  const call = callOf(request);
  store.put({ call });
  const model = scripted(script, how);
  const finding = findingOf(call, change);
  const again = (more: Partial<VerifyOptions> = {}) => verify(call, finding, { model, store, ...options, ...more });
  return { call, finding, model, again, verification: await again() };
}

type Tried = { request?: Request; change?: Finding["change"]; model?: ScriptedOptions } & Partial<Omit<VerifyOptions, "model">>;

const armOf = (ids: readonly string[] | undefined) => (ids ?? []).map((id) => store.get(id as Call["id"])?.call.request?.parameters.maxOutputTokens);

describe("a sampled request", () => {
  test("confirmed: with counts, interval, p, error rate, the calls of both arms and why", async () => {
    const { verification, call } = await tried(always);
    expect(verification).toEqual({
      verdict: "confirmed",
      why: "The symptom came back in 3 of 3 unchanged runs and in 0 of 3 changed ones. A change that does nothing would pass for one that helps in at most 4.2 % of cases.",
      unchanged: [3, 3],
      changed: [0, 3],
      difference: { estimate: 1, low: expect.closeTo(0.206, 3), high: 1, level: 0.95 },
      p: expect.closeTo(0.05, 9),
      errorRate: 0.042,
      counts: "the answer is bad",
      calls: expect.any(Array),
      arms: { unchanged: expect.any(Array), changed: expect.any(Array) },
      experiment: expect.stringMatching(/^verify-loop-repetition-/),
    });
    expect(armOf(verification.arms?.unchanged)).toEqual([1, 1, 1]);
    expect(armOf(verification.arms?.changed)).toEqual([2, 2, 2]);
    expect(verification.calls.toSorted()).toEqual([...(verification.arms?.unchanged ?? []), ...(verification.arms?.changed ?? [])].toSorted());
    expect(store.experiments({ about: call.id }).map(({ id, status }) => [id, status])).toEqual([[verification.experiment, "done"]]);
    expect(store.list().rows.map(({ id }) => id)).toEqual([call.id]);
    for (const id of verification.calls) expect(store.get(id)?.call.parent).toBe(call.id);
  });

  test.each<[Verification["verdict"], RegExp, string[], string[]]>([
    ["not confirmed", /3 of 3 unchanged .* 3 of 3 changed ones: the change does not remove it/, ["bad"], ["bad"]],
    ["not reproduced", /did not come back in 5 unchanged runs.*up to 45 %/, ["good"], ["good"]],
    ["not reproduced", /It did come in 5 of 5 changed ones/, ["good"], ["bad"]],
    [
      "not confirmed",
      /4 of 12 unchanged .* too seldom to tell/,
      ["bad", "good", "good", "bad", "bad", "bad", "good", "good", "good", "good", "good", "good"],
      ["good"],
    ],
    [
      "not confirmed",
      /8 of 8 unchanged .* 5 of 8 changed ones: the change does not remove it reliably/,
      ["bad"],
      ["bad", "good", "bad", "good", "bad", "bad", "bad", "good"],
    ],
    ["confirmed", /5 of 5 unchanged .* 1 of 5 changed ones/, ["bad"], ["bad", "good", "good", "good", "good"]],
  ])("%s: %s", async (verdict, why, unchanged, changed) => {
    const nth = { unchanged: 0, changed: 0 };
    const { verification } = await tried((request) => {
      const [arm, said] = isChanged(request) ? (["changed", changed] as const) : (["unchanged", unchanged] as const);
      return said[nth[arm]++ % said.length] as string;
    });
    expect(verification.verdict).toBe(verdict);
    expect(verification.why).toMatch(why);
  });

  test("on a model that draws by seed every run has a seed of its own, and the experiment can be made again", async () => {
    const { model } = await tried(always, { model: repeating });
    const seeds = model.asked.map(({ parameters }) => parameters.seed);
    expect(new Set(seeds).size).toBe(6);
    expect(seeds).not.toContain(undefined);
  });

  test("on a model that draws for itself the request is sent as it is", async () => {
    const { model } = await tried(always, { model: { access: { seed: true } } });
    expect(model.asked.filter((request) => !isChanged(request))).toEqual([sampled, sampled, sampled]);
  });
});

describe("a request that the model answers alike every time", () => {
  const greedy = requestWith({ temperature: 0, maxOutputTokens: 1 });

  test.each<[Verification["verdict"], Script, RegExp]>([
    ["confirmed", always, /unchanged they show the symptom, changed they do not\.$/],
    ["not confirmed", () => "bad", /unchanged and changed alike\.$/],
    ["not reproduced", () => "good", /unchanged they do not show the symptom/],
  ])("%s after two runs of each arm", async (verdict, script, why) => {
    const { verification, model } = await tried(script, { request: greedy, model: repeating });
    expect(verification).toMatchObject({ verdict, deterministic: true, why: expect.stringMatching(why) });
    expect(verification.unchanged[1] + verification.changed[1]).toBe(4);
    expect(model.asked).toHaveLength(4);
    expect(verification).not.toHaveProperty("p");
    expect(verification).not.toHaveProperty("difference");
  });

  test("a pinned seed stays, and the verdict says that it is about that seed", async () => {
    const { verification, model } = await tried(always, { request: requestWith({ temperature: 1, seed: 42, maxOutputTokens: 1 }), model: repeating });
    expect(verification).toMatchObject({
      verdict: "confirmed",
      deterministic: true,
      why: expect.stringContaining("for the seed 42 that the request pins"),
    });
    expect(model.asked.map(({ parameters }) => parameters.seed)).toEqual([42, 42, 42, 42]);
  });

  test("where the runs differ after all, the symptom is counted in more of them", async () => {
    let said = 0;
    const { verification, model } = await tried((request) => `${isChanged(request) ? "good" : "bad"} ${said++}`, {
      request: greedy,
      model: repeating,
    });
    expect(verification).toMatchObject({ verdict: "confirmed", unchanged: [3, 3], changed: [0, 3], errorRate: 0.042 });
    expect(verification).not.toHaveProperty("deterministic");
    expect(model.asked).toHaveLength(10);
    expect(verification.calls).toHaveLength(10);
  });

  test("a change that leaves the answer to chance is judged by counts", async () => {
    const { verification } = await tried(always, { request: greedy, change: changeTo({ temperature: 1, maxOutputTokens: 2 }), model: repeating });
    expect(verification).toMatchObject({ verdict: "confirmed", unchanged: [3, 3], changed: [0, 3] });
    expect(verification).not.toHaveProperty("deterministic");
  });
});

describe("a symptom that only several runs together show", () => {
  const request = requestWith({ temperature: 1 });
  const cool = changeTo({ temperature: 0 }, differs);

  test("is counted in pairs that share no run, and a change to greedy decoding takes a pinned seed with it", async () => {
    let n = 0;
    const script: Script = ({ parameters }) => (parameters.temperature === 0 ? "same" : `${n++}`);
    const { verification, model } = await tried(script, { request: requestWith({ temperature: 1, seed: 3 }), change: cool });
    expect(verification).toMatchObject({
      verdict: "confirmed",
      unchanged: [3, 3],
      changed: [0, 3],
      counts: "pairs of runs in which the answer is bad",
    });
    expect(verification.why).toContain("3 of 3 pairs of unchanged runs");
    expect(verification.arms?.unchanged).toHaveLength(6);
    expect(model.asked.filter(({ parameters }) => parameters.temperature === 0).map(({ parameters }) => parameters)).toEqual(
      Array(6).fill({ temperature: 0 }),
    );
  });

  test("a change that does nothing is rarely confirmed, though three runs that are compared with each other are not independent", async () => {
    // Three runs are all alike with probability 0.5, else each differs from another one: counted run by run, 3 of 3 against 0 of 3 would come in 25 % of cases.
    const mostly = 0.7937;
    const model = scripted((_, random) => (random() < mostly ? "usual" : `${random()}`));
    let confirmed = 0;
    for (let n = 0; n < 300; n++) {
      const call = callOf(requestWith({ temperature: 1 }));
      const { verdict } = await verify(call, findingOf(call, changeTo({ maxOutputTokens: 2 }, differs)), { model, store });
      if (verdict === "confirmed") confirmed++;
    }
    expect(confirmed / 300).toBeLessThan(0.042 + 3 * Math.sqrt((0.042 * 0.958) / 300));
  });

  test("that never shows is not reproduced", async () => {
    const { verification } = await tried(() => "same", { request, change: cool });
    expect(verification).toMatchObject({ verdict: "not reproduced", unchanged: [0, 5] });
  });
});

describe("not testable", () => {
  test.each<[string, Finding["change"], Partial<VerifyOptions>, RegExp]>([
    ["no change", undefined, {}, /names no change/],
    ["a change that changes nothing", changeTo({ maxOutputTokens: 1 }), {}, /leaves this request as it is/],
    ["a cap below the first look", raise, { limits: { calls: 5 } }, /cap of 5 calls was reached after 5 calls .* at least 6 calls/],
    ["no calls at all", raise, { limits: { calls: 0 } }, /cap of 0 calls was reached after 0 calls/],
  ])("%s", async (_, change, options, why) => {
    const call = callOf(sampled);
    const verification = await verify(call, findingOf(call, change), { store, model: scripted(always), ...options });
    expect(verification).toMatchObject({ verdict: "not testable", why: expect.stringMatching(why) });
  });

  test("nobody to ask", async () => {
    const call = callOf(sampled);
    const modelFor = () => Promise.reject(new CutawayError("model-missing", "no such model", { fix: "Pull it." }));
    expect((await verify(call, findingOf(call, raise), { store })).why).toMatch(/^No model was given/);
    expect((await verify(call, findingOf(call, raise), { store, modelFor })).why).toBe("No such model. Pull it.");
  });

  test("only the answer was recorded", async () => {
    const call = callOf(undefined);
    expect((await verify(call, findingOf(call, raise), { model: scripted(always), store })).why).toMatch(/no request to make again/);
  });

  test("the symptom needs more access than the model gives", async () => {
    const call = callOf(sampled);
    const finding: Finding = { ...findingOf(call, raise), rule: "invention.low-confidence" };
    expect((await verify(call, finding, { model: scripted(always), store })).why).toMatch(
      /access to token probabilities, which scripted does not give/,
    );
  });

  test("a remote model without a known price, unless no cost cap is wanted", async () => {
    const request: Request = { ...sampled, format: "openai-chat", model: "nobody-lists-this" };
    const { verification, again, model } = await tried(always, { request, model: { provider: "openai" } });
    expect(verification).toMatchObject({ verdict: "not testable", why: expect.stringMatching(/cost cap cannot be kept/), calls: [] });
    expect([model.asked.length, store.experiments().length]).toEqual([0, 0]);
    expect((await again({ limits: { cost: Number.POSITIVE_INFINITY } })).verdict).toBe("confirmed");
  });

  test("a remote model whose calls could pass the cost cap", async () => {
    const request: Request = { ...requestWith({ maxOutputTokens: 100_000 }), format: "openai-chat", model: "gpt-4o" };
    const { verification, model } = await tried(always, { request, model: { provider: "openai" } });
    expect(verification).toMatchObject({ verdict: "not testable", why: expect.stringMatching(/could pass the cap of \$0\.05/) });
    expect(model.asked).toHaveLength(0);
  });

  test("a model that refuses before anything is sent", async () => {
    const refuse: Script = () => {
      throw new CutawayError("key-missing", "OPENAI_API_KEY is not set", { kind: "auth", fix: "Set it." });
    };
    const { verification } = await tried(refuse);
    expect(verification).toMatchObject({ verdict: "not testable", why: "OPENAI_API_KEY is not set. Set it." });
    await expect(
      tried(() => {
        throw new TypeError("a bug");
      }),
    ).rejects.toThrow("a bug");
  });
});

describe("runs that fail", () => {
  const overloaded = { kind: "overloaded", message: "too many calls." } as const;

  test("are neither hits nor misses: others take their place", async () => {
    let n = 0;
    const { verification, model } = await tried((request, random) => (++n === 2 || n === 3 ? overloaded : always(request, random)));
    expect(verification).toMatchObject({ verdict: "confirmed", unchanged: [3, 3], changed: [0, 3] });
    expect(model.asked.length).toBeGreaterThanOrEqual(8);
    expect(store.rows(verification.experiment ?? "").filter(({ outcome }) => outcome === "error")).toHaveLength(2);
  });

  test("too many of them: not testable, whichever arm they are in, and the next try makes new runs", async () => {
    let down = true;
    const { verification, again, model } = await tried((request, random) => (down && isChanged(request) ? overloaded : always(request, random)));
    expect(verification).toMatchObject({
      verdict: "not testable",
      why: expect.stringMatching(/3 of \d runs failed.*overloaded: too many calls\)\.$/),
      changed: [0, 0],
    });
    down = false;
    const asked = model.asked.length;
    expect((await again()).verdict).toBe("confirmed");
    expect(model.asked.length - asked).toBe(6);
  });

  test("an error that the same request would meet again ends it at once", async () => {
    const { verification, model } = await tried((request) => (isChanged(request) ? { kind: "invalid-request", message: "no such option" } : "bad"));
    expect(verification).toMatchObject({ verdict: "not testable", why: expect.stringMatching(/^A run failed.*no such option/) });
    expect(model.asked).toHaveLength(2);
  });

  test("an error that is the symptom is a hit", async () => {
    const change = changeTo({ maxOutputTokens: 2 }, ({ error }) => error?.kind === "context-length");
    const { verification } = await tried((request) => (isChanged(request) ? "good" : { kind: "context-length", message: "too long" }), { change });
    expect(verification).toMatchObject({ verdict: "confirmed", unchanged: [3, 3], changed: [0, 3] });
  });
});

describe("stopped and gone on with", () => {
  test.each([1, 2, 3, 4, 5, 6])("an abort in call %d keeps what was done, and no run is made twice", async (nth) => {
    const abort = new AbortController();
    let n = 0;
    const script: Script = (request, random) => {
      if (++n === nth) abort.abort();
      return always(request, random);
    };
    const call = callOf(sampled);
    store.put({ call });
    const model = scripted(script, repeating);
    const run = (signal?: AbortSignal) => verify(call, findingOf(call, raise), { model, store, ...(signal && { signal }) });
    await expect(run(abort.signal)).rejects.toMatchObject({ code: "interrupted", kind: "interrupted" });
    expect(store.list({ experiment: "any" }).rows).toHaveLength(nth);
    const { verdict, calls } = await run();
    expect([verdict, calls.length, model.asked.length]).toEqual(["confirmed", 6, 7]);
    expect(new Set(model.asked.map(({ parameters }) => parameters.seed)).size).toBe(6);
  });

  test("verified again: the runs in the store are used, unless new ones are asked for", async () => {
    const { verification, again, model } = await tried(always);
    expect(await again()).toEqual(verification);
    expect(model.asked).toHaveLength(6);
    const fresh = await again({ again: true });
    expect([fresh.verdict, model.asked.length, fresh.experiment === verification.experiment]).toEqual(["confirmed", 12, false]);
  });

  test("another model is another experiment, and the verdict names it", async () => {
    const { call, finding, again, verification } = await tried(always);
    const other = { ...scripted(always), ref: { provider: "local", asked: "other" } };
    const proxy = await again({ model: other });
    expect([proxy.model, verification.model, other.asked.length]).toEqual(["other", undefined, 6]);
    expect(store.experiments({ about: call.id })).toHaveLength(2);
    expect(finding.change).toBe(raise);
  });

  test("progress counts towards the next decision", async () => {
    const seen: [number, number][] = [];
    let n = 0;
    await tried((request, random) => (isChanged(request) && ++n === 1 ? "bad" : always(request, random)), {
      onProgress: ({ done, total }) => seen.push([done, total]),
    });
    expect(seen[0]).toEqual([0, 6]);
    expect(seen.slice(1, 7)).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6]));
    expect(seen.slice(7)).toEqual([7, 8, 9, 10].map((done) => [done, 10]));
  });

  test("several runs at once come to the same verdict", async () => {
    expect((await tried(always, { concurrency: 4 })).verification).toMatchObject({ verdict: "confirmed", unchanged: [3, 3], changed: [0, 3] });
  });
});
