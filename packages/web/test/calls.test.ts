import type { CallId } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { errorOf } from "../src/api/api-error.ts";
import { explanationFromJson } from "../src/api/explanation.ts";
import type { CallRow } from "../src/api/types.ts";
import { withoutNulls } from "../src/api/without-nulls.ts";
import { barOf, barScale, endOf, totalsOf } from "../src/list/row-facts.ts";
import { appendOlder, mergeNewest } from "../src/state/merge-calls.ts";

const row = (id: string, part: Partial<CallRow> = {}): CallRow => ({
  id: id as CallId,
  origin: "proxy",
  finish: ["stop"],
  ending: "complete",
  findings: [],
  preview: "",
  ...part,
});
const ids = (rows: readonly CallRow[]) => rows.map(({ id }) => id);

test("pages join to the list of the server; the newest page, fetched again, replaces what it covers and nothing else", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 100, max: 998 }), { maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 20 }), fc.nat(60), (made, size, deleted) => {
      const server = made.toSorted((a, b) => b - a).map((n) => row(String(n)));
      const page = (from: readonly CallRow[], before?: string) => from.filter(({ id }) => before === undefined || id < before).slice(0, size);
      let list: CallRow[] = page(server);
      while (list.length < server.length) list = appendOlder(list, page(server, list.at(-1)?.id));
      expect(ids(list)).toEqual(ids(server));

      const changed = [row("999"), ...server].filter((_, i) => i !== deleted + 1);
      const newest = page(changed);
      const isLast = newest.length === changed.length;
      const oldest = newest.at(-1)?.id ?? "";
      const kept = isLast ? [] : list.filter(({ id }) => id < oldest);
      expect(ids(mergeNewest(list, newest, isLast))).toEqual([...ids(newest), ...ids(kept)]);
    }),
  );
});

test("how a call ended, in a word", () => {
  expect(endOf(row("1", { error: "rate-limit", finish: [] })).word).toBe("rate-limit");
  expect(endOf(row("1", { ending: "cut", finish: ["cut"] })).tone).toBe("bad");
  expect(endOf(row("1", { ending: "open", finish: [] }))).toEqual({ word: "open", tone: "live" });
  expect(endOf(row("1", { finish: ["stop", "output-cap"] })).word).toBe("mixed");
  expect(endOf(row("1", { finish: ["output-cap"] })).tone).toBe("odd");
});

test("sums never count the unknown as 0", () => {
  expect(
    totalsOf([row("1", { cost: 0.5, inputTokens: 3 }), row("2", { findings: [{ rule: "cut.x", severity: "problem", certainty: "certain" }] })]),
  ).toEqual({
    calls: 2,
    problems: 1,
    inputTokens: 3,
    outputTokens: 0,
    cost: 0.5,
    costUnknown: 1,
  });
});

test("a bar stays on its scale, and one slow call does not flatten the rest", () => {
  const rows = [...Array.from({ length: 40 }, (_, i) => row(String(i), { total: 100, ttft: 50 })), row("slow", { total: 100_000 })];
  const scale = barScale(rows);
  expect(scale).toBe(100);
  expect(barOf(row("1", { total: 100, ttft: 50 }), scale)).toEqual({ wait: 0.5, stream: 0.5, over: false });
  expect(barOf(row("1", { total: 100_000, ttft: 50 }), scale)).toEqual({ wait: 0.5, stream: 0.5, over: true });
  expect(barOf(row("1"), scale)).toBeUndefined();
});

test("an error of the server keeps its code and its fix", () => {
  expect(errorOf(404, '{"error":{"code":"call-not-found","message":"no such call","fix":"list them"}}')).toMatchObject({
    code: "call-not-found",
    fix: "list them",
  });
  expect(errorOf(502, "<html>")).toMatchObject({ code: "http-502" });
});

test("null is unknown in what Cutaway says, and stays null in what the provider said", () => {
  const json = {
    schema: "cutaway/explanation",
    version: 1,
    call: {
      id: "01HZZZZZZZZZZZZZZZZZZZZZZZ",
      model: {},
      origin: { kind: "file" },
      answers: [],
      usage: { inputTokens: null, outputTokens: 2 },
      instants: { issued: null },
      request: { body: { user: null } },
      ending: "none",
      notices: [],
    },
    findings: [],
    durations: { ttft: null },
    model: null,
    cost: null,
    costUnknown: "no usage",
    prompt: null,
    strips: [],
  };
  const { call, cost, durations, entry } = explanationFromJson(json);
  expect(call.usage).toEqual({ outputTokens: 2 });
  expect(call.request?.body).toEqual({ user: null });
  expect([cost, durations, entry]).toEqual([undefined, {}, undefined]);
  expect(() => explanationFromJson({ ...json, version: 2 })).toThrow("cannot read");
  expect(withoutNulls({ a: null, b: 0 })).toEqual({ b: 0 });
});
