import { CutawayError } from "@cutaway/core";
import type { OpenModel, Reading } from "@cutaway/runtime/inspect";
import type { Arrays } from "../frame.ts";
import type { AttentionSide } from "./inside-ask.ts";
import { poolPattern } from "./pool-pattern.ts";

/** The attention of a model that read a text: every head small, and as many whole patterns as memory has room for. */
export interface AttentionKept {
  sides: SideOverview[];
  /** A whole pattern [queries, keys] of one head. @throws `no-such-head` */
  pattern(side: AttentionSide, layer: number, head: number): { queries: number; keys: number; data: Float32Array };
}

interface SideOverview {
  side: AttentionSide;
  layers: number;
  heads: number;
  queries: number;
  keys: number;
  /** Side of a small pattern, in cells. */
  rows: number;
  columns: number;
  /** [layers, heads, rows, columns]: of the queries of a row, the mean share of attention on the keys of a column. */
  small: Float32Array;
  /** [layers, heads]: mean share on the first token, of all queries after the first. */
  sink: Float32Array;
}

/** Bytes of patterns that are kept. A text of 1,024 tokens has 1.1 GB of them in a model of 30 layers with 9 heads. */
const mostKept = 1.5 * 1024 ** 3;

/** Reads the text once, or once for every group of layers whose patterns fit into memory together. */
export function attentionOf(model: OpenModel, reading: Reading): AttentionKept {
  const room = Math.min(mostKept, process.availableMemory() / 2);
  const sides = sidesOf(model, reading).map((side) => ({ ...side, groups: groupsOf(side, room) }));
  const whole = new Map<string, Float32Array>();
  let held: readonly string[] = [];
  const read = (hooks: readonly string[]) => {
    for (const hook of held) whole.delete(hook);
    held = hooks;
    const wanted = new Set(hooks);
    const question = {
      key: `attention ${hooks.join(" ")}`,
      plan: { isProbed: (hook: string) => wanted.has(hook) },
      ...(model.architecture.kind !== "encoder" && { asked: [0] }),
      outputs: () => ({}),
    };
    for (const [hook, { data }] of model.run(question, reading).hooks) whole.set(hook, data);
  };
  const overviews = sides.map(({ side, hooks, heads, queries, keys, groups }): SideOverview => {
    const [rows, columns] = [Math.min(queries, cells), Math.min(keys, cells)];
    const overview = {
      side,
      layers: hooks.length,
      heads,
      queries,
      keys,
      rows,
      columns,
      small: new Float32Array(hooks.length * heads * rows * columns),
      sink: new Float32Array(hooks.length * heads),
    };
    for (const group of groups) {
      read(group);
      for (const hook of group) {
        const layer = hooks.indexOf(hook);
        for (let head = 0; head < heads; head++) {
          const at = layer * heads + head;
          const pattern = headIn(whole.get(hook) as Float32Array, head, queries * keys);
          overview.sink[at] = poolPattern(
            pattern,
            { queries, keys, rows, columns },
            overview.small.subarray(at * rows * columns, (at + 1) * rows * columns),
          );
        }
      }
    }
    return overview;
  });
  return {
    sides: overviews,
    pattern(name, layer, head) {
      const found = sides.find(({ side }) => side === name);
      const hook = found?.hooks[layer];
      if (!found || hook === undefined || head >= found.heads) throw noSuchHead(sides, name, layer, head);
      if (!whole.has(hook)) read(found.groups.find((group) => group.includes(hook)) ?? [hook]);
      const { queries, keys } = found;
      return { queries, keys, data: headIn(whole.get(hook) as Float32Array, head, queries * keys) };
    },
  };
}

/** Cells of a small pattern's side. */
const cells = 32;

interface Side {
  side: AttentionSide;
  hooks: string[];
  heads: number;
  queries: number;
  keys: number;
}

function sidesOf({ architecture: { kind }, dimensions }: OpenModel, { ids, source }: Reading): Side[] {
  const { layers, encoderLayers = layers, heads } = dimensions;
  const hooks = (count: number, prefix: string, part = "attn") =>
    Array.from({ length: count }, (_, layer) => `${prefix}blocks.${layer}.${part}.hook_pattern`);
  const [own, read] = [ids.length, source?.length ?? 0];
  if (kind !== "encoder-decoder")
    return [{ side: kind === "encoder" ? "encoder" : "self", hooks: hooks(layers, ""), heads, queries: own, keys: own }];
  return [
    { side: "self", hooks: hooks(layers, "decoder."), heads, queries: own, keys: own },
    { side: "cross", hooks: hooks(layers, "decoder.", "cross_attn"), heads, queries: own, keys: read },
    { side: "encoder", hooks: hooks(encoderLayers, "encoder."), heads, queries: read, keys: read },
  ];
}

function groupsOf({ hooks, heads, queries, keys }: Side, room: number): string[][] {
  const atOnce = Math.max(1, Math.floor(room / (heads * queries * keys * 4)));
  return Array.from({ length: Math.ceil(hooks.length / atOnce) }, (_, i) => hooks.slice(i * atOnce, (i + 1) * atOnce));
}

const headIn = (patterns: Float32Array, head: number, size: number): Float32Array => patterns.subarray(head * size, (head + 1) * size);

function noSuchHead(sides: readonly Side[], side: AttentionSide, layer: number, head: number): CutawayError {
  const known = sides.map(({ side, hooks, heads }) => `${side}: ${hooks.length} layers of ${heads} heads`).join("; ");
  return new CutawayError("no-such-head", `this model has no head ${head} in layer ${layer} of its ${side} attention`, {
    fix: `It has ${known}, counted from 0.`,
  });
}

export function overviewOf({ sides }: AttentionKept): [head: object, arrays: Arrays] {
  return [
    { schema: "cutaway/attention-overview", version: 1, sides: sides.map(({ small: _, sink: __, ...side }) => side) },
    Object.fromEntries(sides.flatMap(({ side, small, sink }) => [[`${side}.small`, small] as const, [`${side}.sink`, sink] as const])),
  ];
}

export function headOf(kept: AttentionKept, side: AttentionSide, layer: number, head: number): [head: object, arrays: Arrays] {
  const { queries, keys, data } = kept.pattern(side, layer, head);
  return [{ schema: "cutaway/attention-pattern", version: 1, side, layer, head, queries, keys }, { pattern: data }];
}
