import { CutawayError } from "@cutaway/core";
import type { Dimensions } from "../architectures/architecture.ts";

/** Where a probe lies in the graph, and the shape of its value for `tokens` new tokens among `total`. */
export interface FastProbe {
  /** An output of the graph; undefined: the embeddings themselves. */
  output: string | undefined;
  shape(tokens: number, total: number): number[];
}

const parts = ["hook_resid_pre", "hook_resid_mid", "hook_resid_post", "hook_attn_out", "hook_mlp_out", "attn.hook_pattern"];

/**
 * Finds a value inside the fast network: of each block the residual stream before, between and after its parts, what each part adds to it, all
 * [1, tokens, width], and the pattern of attention [1, heads, tokens, total].
 * @throws `unknown-hook`, with those there are
 */
export function fastProbe(hook: string, { layers, width, heads }: Pick<Dimensions, "layers" | "width" | "heads">): FastProbe {
  const [, digits, part = ""] = /^blocks\.(\d+)\.(.+)$/.exec(hook) ?? [];
  const layer = Number(digits);
  if (digits === undefined || layer >= layers || !parts.includes(part)) {
    throw new CutawayError("unknown-hook", `the fast network has no hook ${JSON.stringify(hook)}`, {
      fix: `It has blocks.0 to blocks.${layers - 1} with ${parts.join(", ")}; the open network has more.`,
      data: { hook },
    });
  }
  if (part === "attn.hook_pattern") return { output: hook, shape: (tokens, total) => [1, heads, tokens, total] };
  const shape = (tokens: number) => [1, tokens, width];
  if (part === "hook_resid_pre" && layer === 0) return { output: undefined, shape };
  // What leaves a block enters the next one: the graph has it once.
  if (part === "hook_resid_post" && layer < layers - 1) return { output: `blocks.${layer + 1}.hook_resid_pre`, shape };
  return { output: hook, shape };
}
