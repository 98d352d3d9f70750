import type { Call, Finding, Request } from "@cutaway/core";
import { createSampler } from "@cutaway/sampling";
import { expect } from "vitest";
import { withId } from "./calls.ts";

export const known = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The parts of a request in which two differ. */
const partsThatDiffer = (a: Request, b: Request) =>
  ([...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof Request)[]).filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));

const fieldsThatDiffer = (a: object = {}, b: object = {}) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => JSON.stringify(a[name as keyof typeof a]) !== JSON.stringify(b[name as keyof typeof b]),
  );

/** Another call with the same request whose answer is another: what a symptom of differing answers is seen against. */
const otherOf = (call: Call): Call =>
  withId({ ...call, answers: call.answers.map((answer) => ({ ...answer, text: `${answer.text} And more.` })) }, "7");

/**
 * What every change keeps: it leaves the request alone, changes the one thing it names, says what it counts, counts it in the call it was
 * found in, and of a local call makes a request that the runtime takes.
 */
export function holds(call: Call, { rule, change }: Finding): void {
  if (!change || !call.request) return;
  const before = JSON.stringify(call.request);
  const changed = change.apply(call.request);
  expect(JSON.stringify(call.request), `${rule} leaves the request alone`).toBe(before);
  expect(change.apply(call.request), `${rule} gives the same again`).toEqual(changed);
  const parts = partsThatDiffer(call.request, changed);
  expect(parts.length, `${rule} changes something`).toBeGreaterThan(0);
  const named = [...(change.set ? ["parameters"] : []), ...(change.setLocal ? ["local"] : [])];
  if (named.length === 0) expect(parts, rule).toHaveLength(1);
  else expect(named, rule).toEqual(expect.arrayContaining(parts));
  if (change.set) {
    const names = Object.keys(change.set);
    expect(names, rule).toEqual(expect.arrayContaining(fieldsThatDiffer(call.request.parameters, changed.parameters)));
    expect(known({ ...call.request.parameters, ...change.set }), rule).toEqual(changed.parameters);
  }
  if (change.setLocal) expect(known({ ...call.request.local, ...change.setLocal }), rule).toEqual(changed.local ?? {});
  expect(change.counts, `${rule} says what it counts`).toMatch(/\w/);
  expect(change.symptom(call, [call, otherOf(call)]), `${rule} counts its symptom in the call it was found in`).toBe(true);
  if (changed.format === "local") accepted(changed);
}

/** What the local runtime refuses: parameters it does not have, settings without effect, a context it was not trained for. */
export function accepted({ parameters, local = {} }: Request): void {
  createSampler(parameters, {
    ...(local.samplerOrder && { order: local.samplerOrder }),
    ...(local.repetitionWindow !== undefined && { repetitionWindow: local.repetitionWindow }),
  });
  expect(parameters.responseFormat ?? parameters.reasoning).toBeUndefined();
  expect(local.raw && local.template !== undefined).not.toBe(true);
  expect(local.contextSize ?? 8_192).toBeLessThanOrEqual(8_192);
}
