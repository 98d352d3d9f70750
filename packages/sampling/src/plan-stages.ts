import { CutawayError } from "@cutaway/core";
import { checkParameters, isSet, parameterNames, parameterOf, type SamplerParameters } from "./parameters.ts";
import type { Stage, StageName } from "./stage.ts";
import { minP } from "./stages/min-p.ts";
import { repetitionPenalty } from "./stages/repetition-penalty.ts";
import { temperature } from "./stages/temperature.ts";
import { topK } from "./stages/top-k.ts";
import { topP } from "./stages/top-p.ts";

export interface SamplerOptions {
  /** Every stage whose parameter is set, once each, in the order in which they are to run. */
  order?: string[];
  /** How many of the last tokens the repetition penalty looks back on. Default: all. */
  repetitionWindow?: number;
}

/** As `generate` of transformers puts them: processors, then warpers (`_get_logits_processor`, 5.23). */
export const defaultOrder: readonly StageName[] = ["repetition_penalty", "temperature", "top_k", "top_p", "min_p"];

const builders: Record<StageName, (setting: number, options: SamplerOptions) => Stage> = {
  repetition_penalty: (setting, { repetitionWindow }) => repetitionPenalty(setting, repetitionWindow),
  temperature,
  top_k: topK,
  top_p: topP,
  min_p: minP,
};

/** The stages to run, in order. Settings that could not change a token are refused by name. */
export function planStages(parameters: SamplerParameters, options: SamplerOptions = {}): { stages: Stage[]; greedy: boolean } {
  checkParameters(parameters);
  const order = options.order ? checkOrder(options.order, parameters) : defaultOrder;
  const names = order.filter((name) => isSet(parameters, parameterOf[name]));
  const greedyBy = parameters.temperature === 0 ? "temperature" : parameters.topK === 1 ? "top_k" : undefined;
  if (greedyBy) refuseBesideGreedy(greedyBy, names, parameters);
  checkWindow(parameters, options);
  const stages = names.map((name) => builders[name](parameters[parameterOf[name]] ?? 0, options));
  return { stages, greedy: greedyBy !== undefined };
}

function checkOrder(order: string[], parameters: SamplerParameters): StageName[] {
  const refuse = (code: string, says: string, fix: string) => new CutawayError(code, `sampler order: ${says}`, { data: { order }, fix });
  for (const [i, name] of order.entries()) {
    if (!isStageName(name)) throw refuse("unknown-stage", `there is no stage "${name}"`, `The stages are ${defaultOrder.join(", ")}.`);
    if (order.indexOf(name) !== i) throw refuse("doubled-stage", `${name} stands in it twice`, "Name every stage once.");
    if (parameters[parameterOf[name]] === undefined) {
      throw refuse("stage-without-parameter", `${name} stands in it and has no value`, `Set ${name}, or take it out of the order.`);
    }
  }
  const left = defaultOrder.filter((name) => isSet(parameters, parameterOf[name]) && !order.includes(name));
  if (left.length > 0) {
    throw refuse("option-without-effect", `${left.join(", ")} ${has(left)} a value and no place in it`, `Add ${left.join(", ")} to the order.`);
  }
  return order.filter(isStageName);
}

/** One token is left after the greedy stage, and only what changes which one that is can have an effect. */
function refuseBesideGreedy(greedyBy: StageName, names: StageName[], parameters: SamplerParameters): void {
  const before = names.slice(0, names.indexOf(greedyBy));
  const idle: string[] = names.filter((name) => name !== greedyBy && !(name === "repetition_penalty" && before.includes(name)));
  if (parameters.seed !== undefined) idle.push(parameterNames.seed);
  if (idle.length === 0) return;
  const setting = greedyBy === "temperature" ? "temperature 0" : "top_k 1";
  throw new CutawayError("option-without-effect", `${setting} always takes the most probable token: ${idle.join(", ")} ${has(idle)} no effect`, {
    data: { parameters: idle, because: setting },
    fix: `Leave out ${idle.join(", ")}, or ${greedyBy === "temperature" ? "raise the temperature" : "raise top_k"}.`,
  });
}

function checkWindow(parameters: SamplerParameters, { repetitionWindow }: SamplerOptions): void {
  if (repetitionWindow === undefined) return;
  if (!Number.isSafeInteger(repetitionWindow) || repetitionWindow < 1) {
    throw new CutawayError("invalid-parameter", `the repetition window is ${repetitionWindow}, and must be a whole number of tokens from 1 on`, {
      data: { parameter: "repetition_window", value: repetitionWindow },
    });
  }
  if (!isSet(parameters, "repetitionPenalty")) {
    throw new CutawayError("option-without-effect", "a repetition window is given, and there is no repetition penalty to look back through it", {
      data: { parameters: ["repetition_window"] },
      fix: "Set repetition_penalty, or leave the window out.",
    });
  }
}

const isStageName = (name: string): name is StageName => Object.hasOwn(builders, name);
const has = (names: string[]) => (names.length === 1 ? "has" : "have");
