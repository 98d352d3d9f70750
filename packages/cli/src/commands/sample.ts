import { CutawayError, plain } from "@cutaway/core";
import { defaultModel } from "@cutaway/runtime/models";
import { readPrompt } from "../input/read-text.ts";
import { openModel } from "../local/open-model.ts";
import { refuseTwoInputs, requestOf } from "../local/request-of.ts";
import { choiceNames, choiceOf } from "../local/sampler-options.ts";
import { startProgress } from "../progress.ts";
import { readByProvider, renderByProvider } from "../sample/for-provider.ts";
import { renderResampled, renderSamples, renderWaterfall } from "../sample/render-samples.ts";
import { resampledAnswer } from "../sample/resampled.ts";
import { runSetting } from "../sample/run-setting.ts";
import { type Sampled, varietyOf } from "../sample/sampled.ts";
import { readSettings, type SampleSetting } from "../sample/settings.ts";
import type { Session } from "../session.ts";
import { blank, line } from "../terminal/line.ts";
import type { GenerateOptions } from "./generate.ts";

export interface SampleOptions extends GenerateOptions {
  with?: string[];
  vary?: string[];
  step?: number;
  call?: string;
  answer?: number;
  for?: string;
}

export async function run([argument]: string[], options: SampleOptions, session: Session): Promise<number | undefined> {
  if (options.for !== undefined) return byProvider(options.for, argument, options, session);
  return options.call === undefined ? prompted(argument, options, session) : recorded(argument, options, session);
}

/** What a provider makes of the settings: nothing is asked. */
function byProvider(target: string, argument: string | undefined, options: SampleOptions, { out }: Session): undefined {
  const because = "it is told how a provider reads the parameters, and nothing is asked";
  if (argument !== undefined) throw withoutEffect("a prompt", because);
  const { for: _for, json: _json, color: _color, quiet: _quiet, store, ...given } = options as SampleOptions & Record<string, unknown>;
  const { parameters, local } = choiceOf(given);
  const asked = Object.fromEntries(
    Object.entries({ ...parameters, n: undefined, topLogprobs: options.topLogprobs }).filter(([, value]) => value !== undefined),
  );
  const read = new Set<string>([...choiceNames, "topLogprobs"]);
  const other =
    Object.entries(given).find(([name, value]) => value !== undefined && !read.has(name))?.[0] ??
    (store === false ? "noStore" : Object.keys(local)[0]);
  if (other !== undefined) throw withoutEffect(`--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, because);
  const report = readByProvider(target, asked);
  if (out.json)
    out.printJson(plain({ schema: "cutaway/provider-sampling", version: 1, target, ...report.semantics, settings: report.settings }) ?? null);
  else out.print(...renderByProvider(report, out.width));
  return undefined;
}

/** The same prompt under every setting, one after the other. */
async function prompted(argument: string | undefined, options: SampleOptions, session: Session): Promise<number | undefined> {
  const { out, interrupted } = session;
  const { model: named = defaultModel, threads, exact = false, step } = options;
  if (options.answer !== undefined) throw withoutEffect("--answer", "every setting has an answer of its own");
  const settings = readSettings(options.with, options.vary);
  refuseTwoInputs(argument, options);
  const prompt = await readPrompt(argument, session);
  const request = await requestOf(named, prompt, options, session);
  const store = options.store ? await session.store() : undefined;
  const model = await openModel(named, { threads, contextSize: options.contextSize, ...(exact && { network: "open" }) }, session);
  const samples: Sampled[] = [];
  let last: SampleSetting | undefined;
  const progress = startProgress(out);
  try {
    for (const [at, setting] of settings.entries()) {
      if (interrupted.aborted) break;
      progress.update(`setting ${at + 1} of ${settings.length}: ${setting.name}`);
      last = setting;
      samples.push(...(await runSetting(model, request, setting, store, interrupted)));
    }
  } finally {
    progress.done();
    await model.close();
  }
  if (out.json) {
    const waterfall = (one: Sampled) => (step === undefined ? {} : { step: one.steps[step] ?? null });
    out.printJson(
      plain({
        schema: "cutaway/samples",
        version: 1,
        prompt,
        variety: varietyOf(samples),
        samples: samples.map(({ steps: _, ...one }, at) => ({ ...one, ...waterfall(samples[at] as Sampled) })),
      }) ?? null,
    );
  } else {
    out.print(...renderSamples(samples, varietyOf(samples), out.width));
    if (step !== undefined) {
      for (const { setting, steps } of samples) {
        const shown = steps[step];
        out.print(blank, ...(shown ? renderWaterfall(setting, shown, step, out.width) : [line(`${setting}: there is no recorded token ${step}`)]));
      }
    }
  }
  if (interrupted.aborted) {
    const where = last ? `in setting ${settings.indexOf(last) + 1} of ${settings.length}, ${last.name}` : "before the first setting";
    out.say(line(`interrupted ${where}: what is done is above${store ? ", and kept" : ""}`));
  }
  return undefined;
}

/** A stored answer under other settings, without the model: from the alternatives that were recorded. */
async function recorded(argument: string | undefined, options: SampleOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const { call: reference = "", answer: index = 0, step } = options;
  if (argument !== undefined) throw withoutEffect("a prompt", "a stored call is sampled again");
  const known = new Set(["call", "answer", "step", "with", "vary", "json", "color", "quiet"]);
  const [other] = Object.entries(options).filter(([name, value]) => value !== undefined && !known.has(name) && !(name === "store" && value === true));
  if (other)
    throw withoutEffect(
      `--${other[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      "a stored call is sampled again; settings are given by --with and --vary",
    );
  const store = await session.storeThatExists();
  const call = store.get(store.resolve(reference))?.call;
  const answer = call?.answers[index];
  if (!call || !answer?.steps) {
    throw new CutawayError("nothing-recorded", `${reference} has no recorded tokens${index > 0 ? ` of an answer ${index}` : ""}`, {
      fix: "Name a call whose tokens were recorded with alternatives (top_logprobs).",
    });
  }
  const answers = readSettings(options.with, options.vary).map((setting) => resampledAnswer(call, answer, setting));
  const shown = step === undefined ? undefined : answer.steps[step];
  if (step !== undefined && !shown)
    throw new CutawayError("bad-option", `--step: the answer has ${answer.steps.length} tokens`, { fix: "Count from 0." });
  if (out.json) {
    out.printJson(
      plain({ schema: "cutaway/resampled", version: 1, call: call.id, answer: index, settings: answers, ...(shown && { step: shown }) }) ?? null,
    );
    return;
  }
  out.print(...renderResampled(answers, answer.steps, out.width));
  if (shown && step !== undefined) out.print(blank, ...renderWaterfall("as recorded", shown, step, out.width));
}

const withoutEffect = (what: string, because: string) =>
  new CutawayError("option-without-effect", `${what} has no effect: ${because}`, { fix: "Leave it out." });
