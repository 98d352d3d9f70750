import type { Call, LocalRun } from "@cutaway/core";
import type { ReactNode } from "react";
import { formatCount } from "../format/numbers.ts";
import { visibleLine } from "../format/visible.ts";

type Fact = readonly [name: string, value: ReactNode];

/** How the messages became the prompt. */
export function promptFacts({ template, markers, specials, dropped, reusedTokens }: LocalRun): Fact[] {
  const used = {
    model: "the model's own",
    request: "another, given with the request",
    none: template.modelHasOne ? "none: raw text, though the model has one" : "none: raw text, the model has none",
  };
  const bos = specials.bos ? `${visibleLine(specials.bos.text)} (id ${specials.bos.id}), ` : "";
  return [
    ["template", used[template.used]],
    ["its markers", markers.length > 0 ? visibleLine(markers.join(" ")) : "none"],
    ["BOS", `${bos}the file asks for ${specials.addBos ? "one" : "none"}`],
    ["ends a turn", specials.ends.map(({ id, text }) => `${visibleLine(text)} (id ${id})`).join(", ") || null],
    ["left out", dropped ? `${formatCount(dropped.tokens)} of ${formatCount(dropped.of)} prompt tokens, at the ${dropped.at}` : "nothing"],
    ["reused", !reusedTokens ? undefined : `${formatCount(reusedTokens)} tokens from the call before`],
  ];
}

/** What ran, and how it chose. */
export function runFacts({ weights, engine, sampler }: LocalRun): Fact[] {
  return [
    ["weights", visibleLine(weights.file)],
    ["SHA-256", weights.sha256 ?? null],
    ["architecture", visibleLine(weights.architecture)],
    ["quantisation", weights.quantization === undefined ? null : visibleLine(weights.quantization)],
    ["engine", visibleLine(`${engine.name} ${engine.version}, ${engine.threads} thread${engine.threads === 1 ? "" : "s"}`)],
    [
      "sampler",
      sampler.greedy ? "greedy: always the most probable" : visibleLine(sampler.order.join(" → ")) || "the model's probabilities as they are",
    ],
    ["seed", sampler.seed === undefined ? (sampler.greedy ? "none needed" : null) : sampler.seed],
  ];
}

/**
 * Tokens per second: the prompt's until the first token (the wait for the model included, tokens kept from the call before left out),
 * the answer's between its first and its last. Absent where an instant or a count is unknown, or no token had to be read.
 */
export function speedsOf({ instants, prompt, local, usage }: Call): { prompt?: number; answer?: number } {
  const { firstToken, lastToken } = instants;
  const read = prompt && prompt.length - (local?.reusedTokens ?? 0);
  const written = usage.outputTokens;
  return {
    ...(read !== undefined && read > 0 && firstToken !== undefined && firstToken > 0 && { prompt: (read / firstToken) * 1000 }),
    ...(written !== undefined &&
      written > 1 &&
      firstToken !== undefined &&
      lastToken !== undefined &&
      lastToken > firstToken && { answer: ((written - 1) / (lastToken - firstToken)) * 1000 }),
  };
}
