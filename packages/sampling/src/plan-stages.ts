import { CutawayError } from "@cutaway/core";
import { buildStage, parameterOf, reordering, type StageRules } from "./build-stage.ts";
import { checkParameters, isSet, nameOf, type SamplerParameters } from "./parameters.ts";
import { defaultOrder, isPresetName, type Preset, presets } from "./presets.ts";
import {
  createSchedule,
  isSchedulable,
  parseSchedule,
  type SchedulableParameter,
  type Schedule,
  type ScheduleSpec,
  schedulable,
  valueAt,
} from "./schedules.ts";
import type { Stage, StageName } from "./stage.ts";
import { entropyOf } from "./take-sums.ts";

export interface SamplerOptions {
  /** Every stage whose parameter is set, once each, in the order in which they are to run. */
  order?: string[];
  /** Whose order and rules to follow: `transformers`, `llama.cpp`, `vllm`. */
  preset?: string;
  /** How many of the last tokens the repetition, frequency and presence penalties look back on. Default: all, or what the preset says. */
  repetitionWindow?: number;
  /** What frequency and presence penalty count: the answer (default), or the prompt too. */
  penaltyScope?: "answer" | "all";
  /** The tokens over which runs do not reach for DRY: sequences of ids, see `breakerTokens`. */
  dryBreakers?: readonly (readonly number[])[];
  /** Steps will be given a mask: the stage `grammar` runs. */
  grammar?: boolean;
  /** Parameters that change from step to step: as a function, a spec, or the short form. They take the place of a fixed value. */
  schedules?: { readonly [parameter in string]?: Schedule | ScheduleSpec | string };
}

export interface StagePlan {
  names: StageName[];
  /** Fresh stages, with nothing learned yet. */
  build(): Stage[];
  /** Only the most probable token of one step or another is ever taken, and nothing is drawn. */
  greedy: boolean;
}

/** The stages to run, in order. Settings that could not change a token are refused by name. */
export function planStages(given: SamplerParameters, options: SamplerOptions = {}): StagePlan {
  checkParameters(given);
  const preset = presetOf(options.preset);
  const schedules = schedulesOf(options.schedules, given);
  const parameters = preset ? asPresetReads(given, preset) : given;
  const isOn = (name: StageName) =>
    name === "grammar" ? options.grammar === true : isSet(parameters, parameterOf[name]) || schedules.has(parameterOf[name] as SchedulableParameter);
  const order = options.order ? checkOrder(options.order, parameters, isOn) : (preset?.order ?? defaultOrder);
  const names = order.filter(isOn);
  if (preset) refuseUnknownTo(preset, isOn);
  const greedyBy = schedules.has("temperature") || schedules.has("topK") ? undefined : greedyStage(parameters);
  if (greedyBy) refuseBesideGreedy(greedyBy, names, parameters);
  refuseAfterMirostat(names);
  checkPenaltyOptions(options, isOn);
  const rules = rulesOf(options, preset);
  return {
    names,
    build: () => names.map((name) => stageOf(name, parameters, rules, schedules)),
    greedy: greedyBy !== undefined && !names.includes("xtc"),
  };
}

function stageOf(name: StageName, parameters: SamplerParameters, rules: StageRules, schedules: ReadonlyMap<SchedulableParameter, Schedule>): Stage {
  const parameter = name === "grammar" ? undefined : (parameterOf[name] as SchedulableParameter);
  const schedule = parameter && schedules.get(parameter);
  if (!parameter || !schedule) return buildStage(name, parameters, rules);
  const scheduled: Stage = {
    name,
    setting: Number.NaN,
    apply(distribution, context) {
      const { history, answerStart } = context;
      const state = { step: history.length - answerStart, entropy: entropyOf(distribution), kept: distribution.count };
      scheduled.setting = valueAt(schedule, parameter, state);
      const now = { ...parameters, [parameter]: scheduled.setting };
      return isSet(now, parameter) ? buildStage(name, now, rules).apply(distribution, context) : { removedMass: 0, kl: 0 };
    },
  };
  return scheduled;
}

function presetOf(name: string | undefined): Preset | undefined {
  if (name === undefined) return undefined;
  if (isPresetName(name)) return presets[name];
  throw new CutawayError("unknown-preset", `there is no sampler preset "${name}"`, {
    data: { preset: name },
    fix: `The presets are ${Object.keys(presets).join(", ")}.`,
  });
}

function rulesOf(options: SamplerOptions, preset: Preset | undefined): StageRules {
  return {
    topK: preset?.topK ?? "ties",
    scope: { scope: options.penaltyScope ?? preset?.penaltyScope ?? "answer", window: options.repetitionWindow ?? preset?.repetitionWindow },
    dryWindow: preset?.dryWindow,
    breakers: options.dryBreakers ?? [],
  };
}

function asPresetReads(parameters: SamplerParameters, { greedyBelow = 0 }: Preset): SamplerParameters {
  const { temperature = 1 } = parameters;
  return temperature > 0 && temperature < greedyBelow ? { ...parameters, temperature: 0 } : parameters;
}

/** What an engine does not have, or does not run beside Mirostat, would change nothing there. */
function refuseUnknownTo({ name: preset, order, withMirostat }: Preset, isOn: (name: StageName) => boolean): void {
  const known = withMirostat && isOn("mirostat") ? withMirostat : order;
  const unknown = defaultOrder.filter((name) => isOn(name) && !known.includes(name));
  if (unknown.length === 0) return;
  const isHidden = unknown.every((name) => order.includes(name));
  throw new CutawayError(
    "option-without-effect",
    `${preset} ${isHidden ? "runs no" : "has no"} ${unknown.join(", ")}${isHidden ? " beside mirostat" : ""}`,
    {
      data: { parameters: unknown, preset },
      fix: `Leave ${unknown.join(", ")} out, or the preset.`,
    },
  );
}

function schedulesOf(given: SamplerOptions["schedules"], parameters: SamplerParameters): Map<SchedulableParameter, Schedule> {
  const schedules = new Map<SchedulableParameter, Schedule>();
  for (const [name, schedule] of Object.entries(given ?? {})) {
    if (schedule === undefined) continue;
    if (!isSchedulable(name)) {
      throw new CutawayError("invalid-schedule", `${name} cannot change from step to step`, {
        data: { parameter: name },
        fix: `These can: ${schedulable.join(", ")}.`,
      });
    }
    if (parameters[name] !== undefined) {
      throw new CutawayError("option-without-effect", `${nameOf(name)} has a value and a schedule: the value would never be used`, {
        data: { parameters: [nameOf(name)] },
        fix: "Leave one of them out.",
      });
    }
    schedules.set(
      name,
      typeof schedule === "function" ? schedule : createSchedule(typeof schedule === "string" ? parseSchedule(schedule) : schedule),
    );
  }
  return schedules;
}

function checkOrder(order: string[], parameters: SamplerParameters, isOn: (name: StageName) => boolean): StageName[] {
  const refuse = (code: string, says: string, fix: string) => new CutawayError(code, `sampler order: ${says}`, { data: { order }, fix });
  for (const [i, name] of order.entries()) {
    if (!isStageName(name)) throw refuse("unknown-stage", `there is no stage "${name}"`, `The stages are ${defaultOrder.join(", ")}.`);
    if (order.indexOf(name) !== i) throw refuse("doubled-stage", `${name} stands in it twice`, "Name every stage once.");
    const isGiven = isOn(name) || (name !== "grammar" && parameters[parameterOf[name]] !== undefined);
    if (!isGiven) throw refuse("stage-without-parameter", `${name} stands in it and has no value`, `Set ${name}, or take it out of the order.`);
  }
  const left = defaultOrder.filter((name) => isOn(name) && !order.includes(name));
  if (left.length > 0) {
    throw refuse("option-without-effect", `${left.join(", ")} ${has(left)} a value and no place in it`, `Add ${left.join(", ")} to the order.`);
  }
  return order.filter(isStageName);
}

const greedyStage = ({ temperature, topK }: SamplerParameters): StageName | undefined => {
  if (temperature === 0) return "temperature";
  return topK === 1 ? "top_k" : undefined;
};

/** One token is left after the greedy stage, and only what changes which one that is can have an effect. */
function refuseBesideGreedy(greedyBy: StageName, names: StageName[], parameters: SamplerParameters): void {
  const before = names.slice(0, names.indexOf(greedyBy));
  const idle: string[] = names.filter((name) => name !== greedyBy && !(reordering.has(name) && before.includes(name)));
  if (parameters.seed !== undefined && !before.includes("xtc")) idle.push(nameOf("seed"));
  if (idle.length === 0) return;
  const setting = greedyBy === "temperature" ? "temperature 0" : "top_k 1";
  throw new CutawayError("option-without-effect", `${setting} always takes the most probable token: ${idle.join(", ")} ${has(idle)} no effect`, {
    data: { parameters: idle, because: setting },
    fix: `Leave out ${idle.join(", ")}, or ${greedyBy === "temperature" ? "raise the temperature" : "raise top_k"}.`,
  });
}

function refuseAfterMirostat(names: StageName[]): void {
  const at = names.indexOf("mirostat");
  if (at < 0 || at === names.length - 1) return;
  throw new CutawayError("mirostat-not-last", `sampler order: ${names.slice(at + 1).join(", ")} after mirostat, which learns from what is drawn`, {
    data: { order: names },
    fix: "Put mirostat last.",
  });
}

function checkPenaltyOptions({ repetitionWindow, penaltyScope, dryBreakers }: SamplerOptions, isOn: (name: StageName) => boolean): void {
  const counts = isOn("frequency_penalty") || isOn("presence_penalty");
  const idle: string[] = [];
  if (repetitionWindow !== undefined) {
    if (!Number.isSafeInteger(repetitionWindow) || repetitionWindow < 1) {
      throw new CutawayError("invalid-parameter", `the repetition window is ${repetitionWindow}, and must be a whole number of tokens from 1 on`, {
        data: { parameter: "repetition_window", value: repetitionWindow },
      });
    }
    if (!counts && !isOn("repetition_penalty")) idle.push("repetition_window");
  }
  if (penaltyScope !== undefined && !counts) idle.push("penalty_scope");
  if (dryBreakers !== undefined && dryBreakers.length > 0 && !isOn("dry")) idle.push("dry_sequence_breakers");
  if (idle.length === 0) return;
  throw new CutawayError(
    "option-without-effect",
    `${idle.join(", ")}: ${has(idle) === "has" ? "it says" : "they say"} what a penalty looks at, and there is no such penalty`,
    {
      data: { parameters: idle },
      fix: "Set the penalty, or leave it out.",
    },
  );
}

const isStageName = (name: string): name is StageName => (defaultOrder as readonly string[]).includes(name);
const has = (names: string[]) => (names.length === 1 ? "has" : "have");
