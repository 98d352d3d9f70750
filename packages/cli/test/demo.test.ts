import { existsSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "@cutaway/core";
import { tinyLlamaFile } from "@cutaway/runtime/testing";
import { openStore } from "@cutaway/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { emptyPlace, type Place } from "./run-cutaway.ts";

/** A real network of random weights: what it says is noise, so these tests look at what is done with its calls, not at what is found. */
describe("cutaway demo", { timeout: 180_000 }, () => {
  let place: Place;
  let model: { path: string; remove(): void };
  beforeEach(() => {
    place = emptyPlace();
    model = tinyLlamaFile({ trainedContext: 8192 });
  });
  afterEach(() => {
    place.remove();
    model.remove();
  });
  const args = () => ["demo", "--once", "--json", "--model", model.path];

  test("six calls, each explained and stored; shown again without a further call", async () => {
    const first = await place.cutaway(args());
    expect(first).toMatchObject({ code: 0 });
    const shown = JSON.parse(first.stdout) as Demo;
    expect(shown).toMatchObject({ schema: "cutaway/demo", version: 1, of: 6 });
    expect(shown.calls.map((call) => call.case)).toEqual(["cut-off", "loop", "long-prompt", "broken-json", "wrong-template", "varies"]);
    for (const { unchanged, changed, verdict } of shown.calls) {
      if (verdict === "confirmed") expect(unchanged[0] / unchanged[1]).toBeGreaterThan(changed[0] / changed[1]);
    }
    const before = contents(place);
    const second = await place.cutaway(args());
    expect({ ...(JSON.parse(second.stdout) as Demo), seconds: 0 }).toEqual({ ...shown, seconds: 0 });
    expect(contents(place)).toEqual(before);
  });

  test("killed at ten moments, it opens every time, keeps whole calls and repeats none", async () => {
    const random = seededRandom(10);
    let known = new Map<string, string>();
    for (let kill = 0; kill < 10; kill++) {
      const { child, ended } = place.start(args());
      await new Promise((resolve) => setTimeout(resolve, 500 + random() * 2500));
      child.kill("SIGKILL");
      await ended;
      if (!existsSync(join(place.folder, "store", "cutaway.db"))) continue;
      const now = contents(place);
      for (const [key, call] of known) expect(now.get(key)).toBe(call);
      known = now;
    }
    const { code, stdout } = await place.cutaway(args());
    expect(code).toBe(0);
    const done = contents(place);
    for (const [key, call] of known) expect(done.get(key)).toBe(call);
    expect((JSON.parse(stdout) as Demo).calls).toHaveLength(6);
  });
});

interface Demo {
  schema: string;
  calls: { case: string; call: string; verdict: string | null; unchanged: [number, number]; changed: [number, number] }[];
  of: number;
  seconds: number;
}

/** Planned call → the call that was made of it. Fails where a stored call of the demo is not whole, or has no place in its plan. */
function contents(place: Place): Map<string, string> {
  const store = openStore(join(place.folder, "store", "cutaway.db"));
  try {
    const rows = store.experiments().flatMap(({ id }) => store.rows(id));
    const inPlans = new Map(rows.map(({ experiment, key, call }) => [`${experiment} ${key}`, call]));
    expect(inPlans.size).toBe(rows.length);
    for (const { call } of rows) expect(store.get(call)?.call.ending).toBe("complete");
    const listed = store.list({ limit: 500, experiment: "any" }).rows.map(({ id }) => id);
    expect(new Set(listed)).toEqual(new Set(rows.map(({ call }) => call)));
    return inPlans;
  } finally {
    store.close();
  }
}
