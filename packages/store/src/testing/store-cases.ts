import assert from "node:assert/strict";
import { type CallId, type Cost, type Finding, newCallId } from "@cutaway/core";
import type { Bodies, NewRow, Store } from "../store.ts";
import { sampleCall } from "./sample-call.ts";

/** One thing every Store must do, whatever database is under it. `run` gets an empty store and throws where the store is wrong. */
export interface StoreCase {
  name: string;
  run(store: Store): void;
}

/** Ids a millisecond apart, so that their order is known. */
const idAt = (n: number): CallId => newCallId(1_795_000_000_000 + n, () => 0.5);

const finding = (id: CallId, rule: Finding["rule"] = "cut.output-cap"): Finding => ({
  rule,
  calls: [id],
  severity: "problem",
  certainty: "certain",
  says: "The answer stops at the cap of 16 tokens.",
  evidence: [{ kind: "field", call: id, at: "answers[0].finish.raw", says: "length" }],
  change: { says: "Raise the cap.", set: { maxOutputTokens: 64 }, apply: (request) => request, symptom: () => true },
});

const cost: Cost = {
  total: 0.000_004_5,
  input: 0.000_003,
  output: 0.000_001_5,
  lines: [{ what: "input", count: "inputTokens", units: 9, per: 0.15, amount: 0.000_001_35 }],
  price: { provider: "openai", model: "gpt-4o-mini", at: "2026-11-22", source: { name: "list", version: "1", date: "2026-11-01" } },
  caveats: [],
};

const rowAt = (position: number, more: Partial<NewRow> = {}): NewRow => ({
  experiment: "e",
  key: `key ${position}`,
  position,
  case: "call",
  factors: { change: position % 2 ? "changed" : "unchanged" },
  repeat: Math.floor(position / 2),
  role: "arm",
  outcome: "unscored",
  ...more,
});

const plan = { id: "e", name: "raise the cap", spec: { cases: 1, factors: { change: ["unchanged", "changed"] } }, created: 5 };

const throwsCode = (work: () => unknown, code: string) => assert.throws(work, (error: { code?: string }) => error.code === code);

export const storeCases: readonly StoreCase[] = [
  {
    name: "gives a call back as it was put, body rehydrated, bytes intact",
    run(store) {
      const { call, bodies } = sampleCall({ session: "s", tags: ["a", "b"] });
      const stored = store.put({ call, bodies });
      assert.match(stored.bodies?.request ?? "", /^[0-9a-f]{64}$/);
      assert.deepEqual(store.get(call.id), { call: stored, findings: [] });
      assert.deepEqual(store.get(call.id)?.call.request, call.request);
      assert.deepEqual(store.body(stored.bodies?.request ?? ""), bodies.request);
      assert.deepEqual(store.body(stored.bodies?.response ?? ""), bodies.response);
      assert.equal(store.body("0".repeat(64)), undefined);
      assert.equal(store.get(idAt(1)), undefined);
    },
  },
  {
    name: "keeps a call without bodies, and one whose body is not what its bytes say",
    run(store) {
      const { call, bodies } = sampleCall();
      assert.deepEqual(store.put({ call }), call);
      assert.deepEqual(store.get(call.id)?.call, call);
      const other = sampleCall().call;
      const stored = store.put({ call: other, bodies: { request: new TextEncoder().encode("not JSON"), response: bodies.response } });
      assert.deepEqual(store.get(other.id)?.call, stored);
    },
  },
  {
    name: "keeps findings and cost beside a call, and over a later put of the call alone",
    run(store) {
      const { call } = sampleCall();
      store.put({ call, findings: [finding(call.id)], cost });
      store.put({ call });
      const { change, ...rest } = finding(call.id);
      const found = store.get(call.id);
      assert.deepEqual(found?.findings, [{ ...rest, change: { says: change?.says, set: change?.set } }]);
      assert.deepEqual(found?.cost, cost);
      assert.equal(store.list().rows[0]?.cost, cost.total);
      store.put({ call, findings: [] });
      assert.deepEqual(store.get(call.id)?.findings, []);
    },
  },
  {
    name: "annotates a call that is there, and brings back none that was deleted",
    run(store) {
      const { call } = sampleCall();
      store.put({ call, findings: [finding(call.id)] });
      assert.equal(store.annotate(call.id, { findings: [finding(call.id, "loop.repetition")], cost }), true);
      const found = store.get(call.id);
      assert.deepEqual([found?.call, found?.findings.map(({ rule }) => rule), found?.cost], [call, ["loop.repetition"], cost]);
      store.delete([call.id]);
      assert.equal(store.annotate(call.id, { findings: [finding(call.id)], cost }), false);
      assert.deepEqual(store.list().rows, []);
    },
  },
  {
    name: "shows a call in flight as open until it is put",
    run(store) {
      const { call, bodies } = sampleCall({ open: true });
      store.begin(call, { request: bodies.request });
      assert.equal(store.list().rows[0]?.ending, "open");
      assert.equal(store.get(call.id)?.call.ending, "open");
      const done = sampleCall({ id: call.id }).call;
      store.put({ call: done, bodies });
      assert.equal(store.list().rows.length, 1);
      assert.equal(store.get(call.id)?.call.ending, "complete");
    },
  },
  {
    name: "lists newest first, in pages that miss nothing and repeat nothing",
    run(store) {
      const ids = Array.from({ length: 7 }, (_, n) => idAt(n));
      for (const id of [3, 0, 6, 1, 5, 2, 4].map((n) => ids[n] as CallId)) store.put(sampleCall({ id }));
      const first = store.list({ limit: 3 });
      const second = store.list({ limit: 3, ...(first.next && { before: first.next }) });
      const third = store.list({ limit: 3, ...(second.next && { before: second.next }) });
      assert.deepEqual(
        [first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id)),
        ids.toReversed(),
      );
      assert.equal(third.next, undefined);
      throwsCode(() => store.list({ limit: 0 }), "invalid-limit");
      throwsCode(() => store.list({ limit: 501 }), "invalid-limit");
    },
  },
  {
    name: "fills a row from the call",
    run(store) {
      const { call, bodies } = sampleCall({ id: idAt(1), prompt: "Say\n hello", answer: "Hello" });
      store.put({ call, bodies, findings: [finding(call.id)] });
      assert.deepEqual(store.list().rows, [
        {
          id: call.id,
          issued: 1_795_000_000_000.25,
          created: 1_795_000_000_000,
          provider: "openai",
          model: "gpt-4o-mini",
          format: "openai-chat",
          origin: "proxy",
          status: 200,
          finish: ["stop"],
          ending: "complete",
          inputTokens: 9,
          outputTokens: 1,
          ttft: 20,
          total: 21,
          findings: [{ rule: "cut.output-cap", severity: "problem", certainty: "certain" }],
          preview: "Say hello → Hello",
        },
      ]);
    },
  },
  {
    name: "tells in a row which findings were put to the test, and with what verdict",
    run(store) {
      const { call } = sampleCall({ id: idAt(1) });
      const verification: Finding["verification"] = {
        verdict: "confirmed",
        why: "3 of 3, then 0 of 3",
        unchanged: [3, 3],
        changed: [0, 3],
        calls: [],
      };
      store.put({ call, findings: [{ ...finding(call.id), verification }, finding(call.id, "loop.repetition")] });
      assert.deepEqual(
        store.list().rows[0]?.findings.map(({ verdict }) => verdict),
        ["confirmed", undefined],
      );
    },
  },
  {
    name: "finds by any piece of model, prompt, answer, session, tag or id, whatever the case, and by nothing that is syntax",
    run(store) {
      const wanted = sampleCall({
        id: idAt(1),
        prompt: 'Wie heißt "es*" 100%?',
        answer: "Ångström",
        model: "o3-mini",
        session: "night",
        tags: ["blue"],
      });
      store.put(wanted);
      store.put(sampleCall({ id: idAt(2), prompt: "other" }));
      const found = (search: string) => store.list({ search }).rows.map(({ id }) => id);
      for (const needle of ["heißt", '"es*"', "100%?", "ÅNGS", "o3-m", "o3", "Nigh", "BLUE", wanted.call.id.slice(4).toLowerCase()]) {
        assert.deepEqual(found(needle), [wanted.call.id], needle);
      }
      for (const needle of ["100_", 'x" or "o', "te* AND", "%%%"]) assert.deepEqual(found(needle), [], needle);
    },
  },
  {
    name: "filters by model, session and finding, together with paging",
    run(store) {
      for (let n = 0; n < 6; n++) {
        const { call, bodies } = sampleCall({ id: idAt(n), model: n % 2 ? "odd" : "even", session: n < 3 ? "early" : "late" });
        const rules = n === 0 || n === 4 ? [finding(call.id), finding(call.id), finding(call.id, "loop.repetition")] : [];
        store.put({ call, bodies, findings: rules });
      }
      const ids = (query: Parameters<Store["list"]>[0]) => store.list(query).rows.map(({ id }) => id);
      assert.deepEqual(ids({ model: "odd" }), [idAt(5), idAt(3), idAt(1)]);
      assert.deepEqual(ids({ model: "odd", session: "late" }), [idAt(5), idAt(3)]);
      assert.deepEqual(ids({ finding: "cut.output-cap" }), [idAt(4), idAt(0)]);
      assert.deepEqual(ids({ finding: "cut.output-cap", limit: 1, before: idAt(4) }), [idAt(0)]);
      assert.deepEqual(ids({ finding: "cut.output-cap", session: "late" }), [idAt(4)]);
      assert.deepEqual(ids({ finding: "cut.none" }), []);
    },
  },
  {
    name: "resolves ids, beginnings, latest; says what is wrong with the rest",
    run(store) {
      throwsCode(() => store.resolve("latest"), "call-not-found");
      const [first, second] = [newCallId(1_795_000_000_000, () => 0), newCallId(1_795_000_000_000, () => 0.99)] as const;
      store.put(sampleCall({ id: first }));
      store.put(sampleCall({ id: second }));
      assert.equal(store.resolve(first), first);
      assert.equal(store.resolve(first.toLowerCase()), first);
      assert.equal(store.resolve(first.slice(0, 11)), first);
      assert.equal(store.resolve("latest"), second);
      assert.equal(store.resolve("latest~0"), second);
      assert.equal(store.resolve("latest~1"), first);
      throwsCode(() => store.resolve("latest~2"), "call-not-found");
      throwsCode(() => store.resolve(first.slice(0, 10)), "call-ambiguous");
      throwsCode(() => store.resolve(first.slice(0, 3)), "call-not-found");
      throwsCode(() => store.resolve("' or 1=1 --"), "call-not-found");
      throwsCode(() => store.resolve("ZZZZ"), "call-not-found");
    },
  },
  {
    name: "knows a recording that was read before by both its bodies, among calls from files only",
    run(store) {
      const { call, bodies } = sampleCall({ id: idAt(1) });
      const { request, response } = bodies;
      store.put({ call, bodies });
      assert.equal(store.sameRecording(bodies), undefined);
      const read = (n: number, own: Bodies) => store.put({ call: { ...call, id: idAt(n), origin: { kind: "file", from: "a.json" } }, bodies: own });
      read(3, bodies);
      read(2, bodies);
      assert.equal(store.sameRecording(bodies), idAt(2));
      assert.equal(store.sameRecording({ request, response: request }), undefined);
      assert.equal(store.sameRecording({ request }), undefined);
      assert.equal(store.sameRecording({ response }), undefined);
      assert.equal(store.sameRecording({}), undefined);
      read(4, { request });
      read(5, { response });
      read(6, {});
      assert.equal(store.sameRecording({ request }), idAt(4));
      assert.equal(store.sameRecording({ response }), idAt(5));
      assert.equal(store.sameRecording({}), undefined);
      store.delete([idAt(2), idAt(3)]);
      assert.equal(store.sameRecording(bodies), undefined);
    },
  },
  {
    name: "relates a call to the earlier ones of its session, or of its model",
    run(store) {
      for (let n = 0; n < 5; n++) store.put(sampleCall({ id: idAt(n), model: n === 1 ? "other" : "same", ...(n > 2 && { session: "s" }) }));
      const relatives = (n: number, session?: string, limit?: number) =>
        store.related(sampleCall({ id: idAt(n), model: "same", ...(session !== undefined && { session }) }).call, limit).map(({ id }) => id);
      assert.deepEqual(relatives(9, "s"), [idAt(3), idAt(4)]);
      assert.deepEqual(relatives(3), [idAt(0), idAt(2)]);
      assert.deepEqual(relatives(9, undefined, 2), [idAt(3), idAt(4)]);
      assert.deepEqual(relatives(0), []);
    },
  },
  {
    name: "tells what changed since, each call once, deletions too",
    run(store) {
      assert.deepEqual(store.changedSince(0), { sequence: 0, ids: [] });
      for (const n of [1, 2, 3]) store.put(sampleCall({ id: idAt(n) }));
      const all = store.changedSince(0);
      assert.deepEqual(all.ids, [idAt(1), idAt(2), idAt(3)]);
      assert.equal(store.lastSequence(), all.sequence);
      assert.deepEqual(store.changedSince(all.sequence), { sequence: all.sequence, ids: [] });
      store.put(sampleCall({ id: idAt(1) }));
      store.delete([idAt(2)]);
      assert.deepEqual(store.changedSince(all.sequence).ids, [idAt(1), idAt(2)]);
      assert.deepEqual(store.changedSince(0).ids, [idAt(3), idAt(1), idAt(2)]);
      throwsCode(() => store.changedSince(-1), "invalid-sequence");
    },
  },
  {
    name: "deletes calls with what only they had, and keeps shared bodies",
    run(store) {
      const one = sampleCall({ id: idAt(1), answer: "only here" });
      const two = sampleCall({ id: idAt(2) });
      const stored = store.put({ ...one, findings: [finding(one.call.id)] });
      store.put(two);
      assert.equal(store.delete([idAt(1), idAt(1), idAt(9)]), 1);
      assert.equal(store.get(idAt(1)), undefined);
      assert.deepEqual(store.list({ finding: "cut.output-cap" }).rows, []);
      assert.deepEqual(store.list({ search: "only here" }).rows, []);
      assert.equal(store.body(stored.bodies?.response ?? ""), undefined);
      assert.deepEqual(store.body(stored.bodies?.request ?? ""), two.bodies.request);
    },
  },
  {
    name: "drops the bytes of an earlier state of a call",
    run(store) {
      const early = sampleCall({ id: idAt(1), answer: "Hel" });
      const late = sampleCall({ id: idAt(1), answer: "Hello" });
      const before = store.put(early);
      const after = store.put(late);
      assert.equal(store.body(before.bodies?.response ?? ""), undefined);
      assert.deepEqual(store.body(after.bodies?.response ?? ""), late.bodies.response);
      assert.equal(store.list({ search: "hello" }).rows.length, 1);
      for (const answer of ["Bonjour", "Goodbye"]) {
        store.put(sampleCall({ id: idAt(1), answer }));
        assert.deepEqual(
          ["bonjour", "goodbye"].map((search) => store.list({ search }).rows.length),
          answer === "Bonjour" ? [1, 0] : [0, 1],
        );
      }
    },
  },
  {
    name: "opens an experiment once, keeps its status, and refuses another plan under its id",
    run(store) {
      assert.equal(store.experiment("e"), undefined);
      assert.equal(store.setExperimentStatus("e", "done"), false);
      assert.deepEqual(store.openExperiment(plan), { ...plan, status: "running" });
      assert.equal(store.setExperimentStatus("e", "stopped"), true);
      assert.deepEqual(store.openExperiment({ ...plan, created: 9 }), { ...plan, status: "stopped" });
      throwsCode(() => store.openExperiment({ ...plan, spec: { cases: 2 } }), "experiment-differs");
      store.openExperiment({ ...plan, id: "f", created: 6, about: idAt(1) });
      assert.deepEqual(
        [store.experiments(), store.experiments({ about: idAt(1) }), store.experiments({ about: idAt(2) })].map((list) => list.map(({ id }) => id)),
        [["f", "e"], ["f"], []],
      );
    },
  },
  {
    name: "writes a call with its row, each key once, in the order of the plan",
    run(store) {
      throwsCode(() => store.put({ ...sampleCall({ id: idAt(1) }), row: rowAt(0) }), "experiment-not-found");
      assert.equal(store.get(idAt(1)), undefined);
      store.openExperiment(plan);
      store.put({ ...sampleCall({ id: idAt(2) }), row: rowAt(1, { outcome: "error" }) });
      store.put({ ...sampleCall({ id: idAt(1) }), cost, row: rowAt(0, { role: "case" }) });
      throwsCode(() => store.put({ ...sampleCall({ id: idAt(3) }), row: rowAt(1) }), "row-exists");
      assert.equal(store.get(idAt(3)), undefined);
      store.put({ ...sampleCall({ id: idAt(2) }), row: rowAt(1) });
      assert.deepEqual(store.rows("e"), [
        { ...rowAt(0, { role: "case" }), call: idAt(1), cost: cost.total },
        { ...rowAt(1), call: idAt(2) },
      ]);
      assert.deepEqual(store.rows("f"), []);
    },
  },
  {
    name: "leaves the arms of experiments out of lists, latest, relatives and changes, and shows them when asked",
    run(store) {
      store.openExperiment(plan);
      store.put(sampleCall({ id: idAt(1), answer: "needle" }));
      store.put({ ...sampleCall({ id: idAt(2) }), row: rowAt(0, { role: "case" }) });
      const seen = store.lastSequence();
      store.put({ ...sampleCall({ id: idAt(3), answer: "needle" }), findings: [finding(idAt(3))], row: rowAt(1) });
      store.put(sampleCall({ id: idAt(3), answer: "needle" }));
      store.annotate(idAt(3), { cost });
      const ids = (query: Parameters<Store["list"]>[0] = {}) => store.list(query).rows.map(({ id }) => id);
      assert.deepEqual(ids(), [idAt(2), idAt(1)]);
      assert.deepEqual(ids({ model: "gpt-4o-mini" }), [idAt(2), idAt(1)]);
      assert.deepEqual(ids({ search: "needle" }), [idAt(1)]);
      assert.deepEqual(ids({ finding: "cut.output-cap" }), []);
      assert.deepEqual(ids({ experiment: "any" }), [idAt(3), idAt(2), idAt(1)]);
      assert.deepEqual(ids({ experiment: "any", finding: "cut.output-cap" }), [idAt(3)]);
      assert.deepEqual(ids({ experiment: "e" }), [idAt(3), idAt(2)]);
      assert.deepEqual(ids({ experiment: "f" }), []);
      assert.equal(store.resolve("latest"), idAt(2));
      assert.equal(store.resolve("latest~1"), idAt(1));
      throwsCode(() => store.resolve("latest~2"), "call-not-found");
      assert.equal(store.resolve(idAt(3)), idAt(3));
      assert.deepEqual(
        store.related(sampleCall({ id: idAt(9) }).call).map(({ id }) => id),
        [idAt(1), idAt(2)],
      );
      assert.deepEqual(store.changedSince(seen).ids, []);
      assert.equal(store.delete([idAt(3)]), 1);
      assert.deepEqual(store.changedSince(seen).ids, []);
    },
  },
  {
    name: "deletes an experiment with its arms, a call with its row and with the experiments about it, and nothing else",
    run(store) {
      store.put(sampleCall({ id: idAt(1) }));
      store.openExperiment({ ...plan, about: idAt(1) });
      for (const n of [2, 3]) store.put({ ...sampleCall({ id: idAt(n), answer: `arm ${n}` }), row: rowAt(n) });
      store.put({ ...sampleCall({ id: idAt(4) }), row: rowAt(4, { role: "case" }) });
      assert.equal(store.delete([idAt(2)]), 1);
      assert.deepEqual(
        store.rows("e").map(({ call }) => call),
        [idAt(3), idAt(4)],
      );
      const { response } = store.get(idAt(3))?.call.bodies ?? {};
      assert.equal(store.delete([idAt(1)]), 1);
      assert.equal(store.experiment("e"), undefined);
      assert.deepEqual(store.rows("e"), []);
      assert.equal(store.get(idAt(3)), undefined);
      assert.equal(store.body(response ?? ""), undefined);
      assert.deepEqual(
        store.list({ experiment: "any" }).rows.map(({ id }) => id),
        [idAt(4)],
      );
      store.openExperiment(plan);
      store.put({ ...sampleCall({ id: idAt(5) }), row: rowAt(5) });
      assert.equal(store.deleteExperiment("e"), true);
      assert.equal(store.deleteExperiment("e"), false);
      assert.equal(store.get(idAt(5)), undefined);
    },
  },
];
