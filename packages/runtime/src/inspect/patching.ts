import { CutawayError } from "@cutaway/core";
import type { Values } from "../open/open-runner.ts";
import { layersOf } from "./ablation.ts";
import type { RowChange } from "./changes.ts";
import type { OpenModel, Reading } from "./open-model.ts";
import type { Pace } from "./pace.ts";
import { layerHooks, readHooks } from "./read-hooks.ts";
import { type Outcome, type Question, sweep } from "./sweep.ts";

/** What is carried over: the stream before a layer, what a layer's attention or MLP adds, or what one head gives. */
export type PatchOf = "resid_pre" | "attn_out" | "mlp_out" | "z";

export interface PatchOptions {
  of: PatchOf;
  /** Default: all. */
  layers?: readonly number[];
  pace?: Pace;
}

/** What carrying a value over from one text's reading into another's does to the difference of two tokens' logits. */
export interface Patching {
  of: PatchOf;
  /** Logit of `token` less that of `against`. */
  clean: number;
  corrupted: number;
  /** `effect`: 0 is the corrupted text's difference, 1 the clean one's. By layer and position; of `z` by layer and head, all positions at once. */
  cells: { layer: number; position?: number; head?: number; difference: number; effect: number }[];
}

/**
 * Activation patching, clean into corrupted.
 * source  Meng et al. 2022, "Locating and Editing Factual Associations in GPT", arXiv 2202.05262, section 2; Heimersheim and Nanda 2024, arXiv 2404.15255
 * @throws `texts-differ-in-length`, `no-difference`
 */
export async function patch(
  model: OpenModel,
  { clean, corrupted }: { clean: Reading; corrupted: Reading },
  target: Required<Question>,
  { of, layers = layersOf(model), pace }: PatchOptions,
): Promise<Patching> {
  refuseUnequal(clean, corrupted);
  const hook = of === "z" ? "attn.hook_z" : `hook_${of}`;
  const hooks = layers.map((layer) => layerHooks(model, hook)[layer] as string);
  const values = readHooks(model, clean, hooks);
  const key = `patch ${hooks.join()}`;
  const run = (reading: Reading, rows: RowChange[][], what: string) =>
    sweep(model, reading, target, rows, { key, hooks, what, ...(pace && { pace }) });

  const cells = layers.flatMap((layer, at): Cell[] =>
    of === "z"
      ? Array.from({ length: model.dimensions.heads }, (_, head) => ({ layer, head, hook: hooks[at] as string }))
      : corrupted.ids.map((_, position) => ({ layer, position, hook: hooks[at] as string })),
  );
  const rows = cells.map((cell): RowChange[] => [
    {
      hook: cell.hook,
      plus: values.get(cell.hook) as Values,
      ...(cell.head !== undefined && { heads: [cell.head] }),
      ...(cell.position !== undefined && { positions: [cell.position] }),
    },
  ]);
  const difference = (outcome: Outcome | undefined) => outcome?.difference as number;
  const cleanDifference = difference((await run(clean, [[]], "reading both texts"))[0]);
  const [base, ...outcomes] = await run(corrupted, [[], ...rows], "carrying values over");
  const span = cleanDifference - difference(base);
  if (Math.abs(span) < leastSpan) throw sameAnswers(span);
  return {
    of,
    clean: cleanDifference,
    corrupted: difference(base),
    cells: cells.map(({ hook: _, ...place }, at) => ({
      ...place,
      difference: difference(outcomes[at]),
      effect: (difference(outcomes[at]) - difference(base)) / span,
    })),
  };
}

interface Cell {
  layer: number;
  position?: number;
  head?: number;
  hook: string;
}

/** Of the logits: shares of less are noise. */
const leastSpan = 0.05;

function refuseUnequal(clean: Reading, corrupted: Reading): void {
  if (clean.ids.length === corrupted.ids.length && clean.source?.length === corrupted.source?.length) return;
  const [a, b] = [clean.source ?? clean.ids, corrupted.source ?? corrupted.ids];
  throw new CutawayError("texts-differ-in-length", `the texts are ${a.length} and ${b.length} tokens long: values are carried over token by token`, {
    fix: "Change words for others with as many tokens (cutaway tokens show tells).",
    data: { clean: a.length, corrupted: b.length },
  });
}

const sameAnswers = (span: number) =>
  new CutawayError(
    "no-difference",
    `the two texts' difference of the logits is the same, but for ${span.toFixed(4)}: there is nothing to carry over`,
    {
      fix: "Choose texts that the model answers differently, or other tokens.",
      data: { span },
    },
  );
