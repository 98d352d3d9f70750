import { readFileSync } from "node:fs";
import { type BeamOptions, beamSearch, contrastiveSearch, type SamplerParameters } from "@cutaway/sampling";
import { afterAll, expect, test } from "vitest";
import { architectureOf } from "../src/architectures/index.ts";
import { hiddenStepper, openModelInside } from "../src/inspect.ts";
import { openParts } from "../src/open/open-parts.ts";
import { OpenStepper } from "../src/open/open-stepper.ts";
import { openSafetensorsFolder } from "../src/weights/safetensors-folder.ts";
import { architectures } from "./model-folder.ts";

interface Case {
  prompt: number[];
  setting: Record<string, number | boolean | "never" | number[]>;
  found: { tokens: number[]; score?: number }[];
}

/** What Hugging Face transformers finds; `tools/golden/beams.py` made them. */
const read = (name: string) =>
  JSON.parse(readFileSync(`${architectures}${name}`, "utf8")) as { network: string; cases: Case[]; groups: Case[]; contrastive: Case[] };
const newer = read("beams.json");
const older = read("beams-older.json");

const checkpoint = openSafetensorsFolder(`${architectures}${newer.network}`);
const parts = openParts(architectureOf(checkpoint.config.model_type, newer.network), checkpoint, { threads: 1, contextSize: 32 });
const inside = openModelInside(`${architectures}${older.network}`);
afterAll(() => {
  parts.close();
  checkpoint.close();
  inside.close();
});

function optionsOf({ prompt, setting }: Case): BeamOptions {
  const {
    num_beams,
    num_return_sequences,
    length_penalty,
    early_stopping,
    ends = [1],
    num_beam_groups,
    diversity_penalty,
    repetition_penalty,
    no_repeat_ngram_size,
  } = setting;
  const parameters: SamplerParameters = {
    ...(repetition_penalty !== undefined && { repetitionPenalty: repetition_penalty as number }),
    ...(no_repeat_ngram_size !== undefined && { noRepeatNgramSize: no_repeat_ngram_size as number }),
  };
  return {
    beams: num_beams as number,
    answers: num_return_sequences as number,
    maxNewTokens: 10,
    ends: new Set(ends as number[]),
    prompt,
    ...(length_penalty !== undefined && { lengthPenalty: length_penalty as number }),
    ...(early_stopping !== undefined && { earlyStopping: early_stopping as boolean | "never" }),
    ...(num_beam_groups !== undefined && { groups: num_beam_groups as number }),
    ...(diversity_penalty !== undefined && { diversityPenalty: diversity_penalty as number }),
    ...(Object.keys(parameters).length > 0 && { parameters, sampler: { preset: "transformers" } }),
  };
}

const named = (cases: Case[]) => cases.map((item) => ({ ...item, name: `${item.prompt.length} tokens, ${JSON.stringify(item.setting)}` }));

test.each(named([...newer.cases, ...older.groups]))("beams: $name", async (item) => {
  const stepper = new OpenStepper(parts);
  const found = await beamSearch(stepper, await stepper.feed(item.prompt), optionsOf(item));
  // The older release writes its first end token for whichever ended an answer.
  const ends = optionsOf(item).ends ?? new Set();
  const upToEnd = (tokens: number[]) => tokens.map((id) => (item.setting.num_beam_groups !== undefined && ends.has(id) ? 1 : id));
  expect(found.map(({ tokens }) => upToEnd(tokens))).toEqual(item.found.map(({ tokens }) => tokens));
  for (const [i, { score }] of found.entries()) {
    const theirs = item.found[i]?.score;
    // One beam is greedy there, and has no score.
    if (theirs === undefined) continue;
    expect(Math.abs(score - theirs)).toBeLessThan(1e-5 * Math.max(5, Math.abs(theirs)));
  }
});

test.each(named(older.contrastive))("contrastive: $name", async ({ prompt, setting, found }) => {
  const steps = await contrastiveSearch(hiddenStepper(inside, 32), prompt, {
    k: setting.top_k as number,
    alpha: setting.penalty_alpha as number,
    maxNewTokens: 10,
    ends: new Set([1]),
  });
  expect(steps.map(({ id }) => id)).toEqual(found[0]?.tokens);
});
