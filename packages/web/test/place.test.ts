import fc from "fast-check";
import { expect, test } from "vitest";
import { type BenchPlace, benchShows, benchTasks, startBench } from "../src/state/bench-place.ts";
import { attentionSides, type InsidePlace, insideShows, type ModelPlace } from "../src/state/inside-place.ts";
import { formatPlace, type Place, parsePlace, startPlace, views } from "../src/state/place.ts";
import { colourings } from "../src/strip/colouring.ts";

const bench = fc.record<BenchPlace>(
  {
    task: fc.constantFrom(...benchTasks),
    tokenizers: fc.uniqueArray(fc.stringMatching(/^[a-z0-9_.:-]{1,20}$/)),
    show: fc.constantFrom(...benchShows),
    marks: fc.boolean(),
    special: fc.boolean(),
    add: fc.boolean(),
    price: fc.string(),
    picked: fc.record({ column: fc.nat(99), token: fc.nat(999_999) }),
    text: fc.string({ minLength: 1, unit: "grapheme" }),
  },
  { requiredKeys: Object.keys(startBench) as (keyof typeof startBench)[] },
);

const inside = fc.record<InsidePlace>(
  {
    show: fc.constantFrom(...insideShows),
    head: fc.record({ side: fc.constantFrom(...attentionSides), layer: fc.nat(999), head: fc.nat(999) }),
    query: fc.nat(99_999),
    key: fc.nat(99_999),
    at: fc.nat(99_999),
    against: fc.nat(99_999),
    layer: fc.integer({ min: -1, max: 999 }),
  },
  { requiredKeys: ["show"] },
);

const alone = fc.record<ModelPlace>(
  { name: fc.string(), text: fc.string({ minLength: 1, unit: "grapheme" }), insteadOf: fc.string({ minLength: 1 }) },
  { requiredKeys: ["name"] },
);

const place = fc.record<Place>(
  {
    q: fc.string(),
    model: fc.string(),
    finding: fc.string(),
    call: fc.string({ minLength: 1 }),
    against: fc.string({ minLength: 1 }),
    marked: fc.string({ minLength: 1 }),
    view: fc.constantFrom(...views),
    answer: fc.nat(999),
    token: fc.nat(999_999),
    lit: fc.record({ finding: fc.nat(99), evidence: fc.nat(99) }, { requiredKeys: ["finding"] }),
    table: fc.boolean(),
    colour: fc.constantFrom(...colourings),
    prompt: fc.constantFrom("tokens" as const, "messages" as const),
    runs: fc.record({ unchanged: fc.nat(99), changed: fc.nat(99) }),
    body: fc.constantFrom("request" as const, "response" as const),
    bench,
    inside,
    alone,
  },
  { requiredKeys: ["q", "model", "finding", "view", "answer", "table", "colour", "body"] },
);

test("the URL holds the whole place", () => {
  fc.assert(
    fc.property(place, (there) => {
      expect(parsePlace(formatPlace(there))).toEqual(there);
    }),
  );
});

test("the start needs no query, and nonsense leads to it", () => {
  expect(formatPlace(startPlace)).toBe("");
  expect(parsePlace("?view=<script>&token=-1&answer=1e9&lit=x.y&table=yes&body=both&bench=x&inside=out&head=self.1")).toEqual(startPlace);
});
