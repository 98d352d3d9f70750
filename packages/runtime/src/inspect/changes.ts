import { CutawayError, type Intervention } from "@cutaway/core";
import type { HookChange, OpenNetwork } from "../open/open-network.ts";
import type { Values } from "../open/open-runner.ts";
import type { OpenModel, Reading } from "./open-model.ts";

/** Values at hooks that are multiplied and added to, row by row of a batch: what a graph with changes is given. */
export interface Changes {
  plan: ReadonlyMap<string, HookChange>;
  given: Record<string, Values>;
}

/** Values that are there once a head, [batch, tokens, heads, size]; all others that can be changed are [batch, tokens, width]. */
const isPerHead = (hook: string): boolean => /\.hook_(rot_)?[qkvz]$/.test(hook);
const isChangeable = (hook: string): boolean =>
  isPerHead(hook) || /hook_(embed|pos_embed|resid_(pre|mid|post)|attn_out|cross_attn_out|mlp_out)$/.test(hook);

/** The axes of a value whose change differs by token; a single one where all heads or the whole stream change alike. */
interface Place {
  hook: string;
  tokens: number;
  /** 1 for a stream. */
  heads: number;
  /** Numbers a head, or the width of the stream. */
  size: number;
}

/** One row of a batch: which values are set to what. */
export interface RowChange {
  hook: string;
  heads?: readonly number[] | undefined;
  positions?: readonly number[] | undefined;
  /** The value is multiplied by it; default 0. */
  times?: number;
  /** Added afterwards: values of the same place, [1, tokens, …], of which the changed positions and heads are taken. */
  plus?: Values;
}

/**
 * Rows of changes as inputs of one graph. What a row does not change is multiplied by 1, and 0 is added to it: it stays as it is, to the last bit (a batch of
 * another size may round otherwise).
 * `hooks`: all that may change in this graph, whether or not a row of this batch changes them.
 */
export function changesOf(
  model: OpenModel,
  reading: Reading,
  hooks: readonly string[],
  rows: readonly (readonly RowChange[])[],
  isShifted = adds(rows),
): Changes {
  const plan = new Map<string, HookChange>();
  const given: Record<string, Values> = {};
  for (const hook of hooks) {
    const place = placeOf(model, reading, hook);
    const { tokens, heads, size } = place;
    const axes = [hook.startsWith("encoder.") ? "sources" : "tokens", ...(isPerHead(hook) ? [heads] : [])];
    plan.set(hook, { scale: ["batch", ...axes, 1], ...(isShifted && { shift: ["batch", ...axes, size] }) });
    const perRow = tokens * heads;
    const scale = new Float32Array(rows.length * perRow).fill(1);
    const shift = new Float32Array(isShifted ? rows.length * perRow * size : 0);
    for (const [row, changes] of rows.entries()) {
      for (const change of changes) {
        if (change.hook !== hook) continue;
        for (const cell of cellsOf(change, place)) {
          const at = row * perRow + cell;
          scale[at] = change.times ?? 0;
          if (change.plus) shift.set(change.plus.data.subarray(cell * size, (cell + 1) * size), at * size);
        }
      }
    }
    const shape = [rows.length, tokens, ...(isPerHead(hook) ? [heads] : [])];
    given[`${hook}.scale`] = { shape: [...shape, 1], data: scale };
    if (isShifted) given[`${hook}.shift`] = { shape: [...shape, size], data: shift };
  }
  return { plan, given };
}

/** Whether any change adds something: its graph has an input for that. */
export const adds = (rows: readonly (readonly RowChange[])[]): boolean => rows.some((row) => row.some(({ plus }) => plus));

function placeOf(model: OpenModel, reading: Reading, hook: string): Place {
  const { heads, kvHeads, headSize, width } = model.dimensions;
  if (!isChangeable(hook)) {
    throw new CutawayError(
      "unchangeable-hook",
      `the value at ${hook} cannot be changed: changed are streams, what is added to them, and q, k, v and z of heads`,
      {
        fix: "Change hook_z of the head, or hook_attn_out or hook_mlp_out of the layer.",
        data: { hook },
      },
    );
  }
  const tokens = hook.startsWith("encoder.") ? (reading.source ?? []).length : reading.ids.length;
  if (!isPerHead(hook)) return { hook, tokens, heads: 1, size: width };
  return { hook, tokens, heads: /_[kv]$/.test(hook) ? kvHeads : heads, size: headSize };
}

/** The numbers (token · heads + head) of what a change touches. @throws `out-of-range` */
function cellsOf({ hook, heads, positions }: RowChange, place: Place): number[] {
  const all = (count: number) => Array.from({ length: count }, (_, at) => at);
  const check = (at: number, count: number, what: string) => {
    if (Number.isInteger(at) && at >= 0 && at < count) return;
    throw new CutawayError("out-of-range", `${hook} has no ${what} ${at}: they run from 0 to ${count - 1}`, { data: { hook, at, count } });
  };
  if (heads && !isPerHead(hook))
    throw new CutawayError("option-without-effect", `${hook} has no heads`, { fix: "Change hook_z of the layer's heads." });
  for (const head of heads ?? []) check(head, place.heads, "head");
  for (const position of positions ?? []) check(position, place.tokens, "token");
  return (positions ?? all(place.tokens)).flatMap((position) => (heads ?? all(place.heads)).map((head) => position * place.heads + head));
}

/** Hooks of a model, in the order of the computation; `*` in a pattern stands for a layer. @throws `unknown-hook` where it fits none */
export function hooksLike(pattern: string, network: OpenNetwork): string[] {
  if (!pattern.includes("*")) return [pattern].filter((hook) => network.value(hook));
  const [before = "", after = ""] = pattern.split("*");
  const found = [...network.values.keys()].filter(
    (hook) => hook.startsWith(before) && hook.endsWith(after) && /^\d+$/.test(hook.slice(before.length, hook.length - after.length)),
  );
  if (found.length === 0) network.value(pattern);
  return found;
}

/** Interventions as changes of one row; means are those of the text itself, read without any change. */
export function rowOf(interventions: readonly Intervention[], meanAt: (hook: string) => Values): RowChange[] {
  return interventions.map(({ hook, heads, positions, set }) => ({
    hook,
    heads,
    positions,
    ...(typeof set === "object" && { times: set.times }),
    ...(set === "mean" && { plus: meanAt(hook) }),
  }));
}

/** Each number's mean over the tokens, at every token: values [1, tokens, …]. */
export function meanOverTokens({ shape, data }: Values): Values {
  const tokens = shape[1] as number;
  const size = data.length / tokens;
  const mean = new Float32Array(data.length);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let token = 0; token < tokens; token++) sum += data[token * size + i] as number;
    for (let token = 0; token < tokens; token++) mean[token * size + i] = sum / tokens;
  }
  return { shape, data: mean };
}
