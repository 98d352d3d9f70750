import { CutawayError, type Explanation } from "@cutaway/core";
import { explain, explanationToJson, keepVerifications } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import type { LocalModels } from "@cutaway/server";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { exitCodeOf, findingsReached } from "../exit-codes.ts";
import { createFailOn } from "../fail-on.ts";
import { createFailedInputs } from "../input/failed-inputs.ts";
import { type ModelOverride, type Read, readCalls } from "../input/read-calls.ts";
import { startJsonList } from "../json-stream.ts";
import { type Progress, startProgress } from "../progress.ts";
import { renderExplanation } from "../render/explanation.ts";
import { createSummary } from "../render/summary.ts";
import type { Session } from "../session.ts";
import { line, strong } from "../terminal/line.ts";
import { counted, usd } from "../terminal/numbers.ts";
import { couldNotVerify, type VerifyChoice, verifyChoice } from "../verify/verify-choice.ts";

export interface ExplainOptions extends ModelOverride {
  contextWindow?: number;
  tokenizer?: string;
  at?: Date;
  failOn?: string[];
  store: boolean;
  verify?: boolean;
  maxCalls?: number;
  maxCost?: number;
  baseUrl?: string;
}

/** Explains every call of every input; what cannot be read is named and does not stop the rest. */
export async function run(inputs: string[], options: ExplainOptions, session: Session): Promise<number> {
  const { out } = session;
  const failsOn = createFailOn(options.failOn);
  const verifying = verifyChoice(options);
  const json = out.json ? startJsonList(out, "cutaway/explanations", 1, "explanations") : undefined;
  const summary = createSummary();
  const unsupported: { name: string; from: string; says: string }[] = [];
  const failed = createFailedInputs();
  const progress = startProgress(out);
  let single: { explanation: Explanation; reference: string | undefined } | undefined;
  let reached = false;
  let undecided = 0;
  let kept = 0;
  const locals = verifying && (await import("@cutaway/server")).localModels({ signal: session.interrupted });

  for (const input of inputs) {
    try {
      for await (const read of readCalls(input, session, options)) {
        if (session.interrupted.aborted) break;
        if (read.kind === "unsupported") {
          unsupported.push({ name: read.name, from: read.from, says: read.says });
          continue;
        }
        const explained = await explainRead(read, options, session);
        const explanation = verifying && locals ? await verified(explained, verifying, locals, session, progress) : explained;
        if (verifying && couldNotVerify(explanation.findings)) undecided++;
        if (options.store && read.kind === "recorded") kept++;
        reached ||= failsOn(explanation.findings);
        const stored = options.store || read.kind === "stored" ? explanation.call.id : undefined;
        summary.add(explanation, read.from, stored);
        single = summary.calls === 1 ? { explanation, reference: stored ?? (input === "-" ? undefined : input) } : undefined;
        json?.push(explanationToJson(explanation));
        progress.update(`${counted(summary.calls, "call")} explained`);
        if (summary.calls % 16 === 0) await breath();
      }
    } catch (thrown) {
      if (!failed.add(thrown, input, kept)) break;
    }
    if (session.interrupted.aborted) break;
  }
  progress.done();
  await locals?.close();

  if (json) json.end({ unsupported, failed: [...failed.list] });
  else if (single) out.print(...renderExplanation(single.explanation, out.width, single.reference));
  else if (summary.calls > 1) out.print(...summary.render(out.width));
  if (!json) for (const { name, from, says } of unsupported) out.complain(line(strong(`unsupported-format: ${name}`), `  ${from}: ${says}`));
  if (session.interrupted.aborted) out.say(line(`interrupted: ${counted(summary.calls, "call")} explained${options.store ? " and kept" : ""}`));

  failed.end(inputs.length, summary.calls);
  if (summary.calls === 0 && unsupported.length > 0) return 2;
  if (summary.calls === 0 && !session.interrupted.aborted)
    throw new CutawayError("nothing-to-explain", "the input is empty", { fix: "Give a recorded request, answer, or both." });
  if (reached) return findingsReached;
  return undecided > 0 ? exitCodeOf("unverified") : 0;
}

async function verified(
  explanation: Explanation,
  choice: VerifyChoice,
  locals: LocalModels,
  session: Session,
  progress: Progress,
): Promise<Explanation> {
  const { verifyFindings } = await import("../verify/verify-findings.ts");
  return verifyFindings(explanation, {
    ...choice,
    locals,
    store: await session.store(),
    signal: session.interrupted,
    onProgress: ({ rule }, { done, total, cost, perMinute }) =>
      progress.update(
        `${rule}: run ${done} of ${total}${perMinute === undefined ? "" : ` · ${Math.round(perMinute)} a minute`} · ${cost === 0 ? "no cost" : usd(cost)}`,
      ),
  });
}

async function explainRead(read: Exclude<Read, { kind: "unsupported" }>, options: ExplainOptions, session: Session): Promise<Explanation> {
  const keep = options.store && read.kind === "recorded";
  const store = keep || read.kind === "stored" ? await session.store() : undefined;
  const before = keep ? store?.sameRecording(read.bodies) : undefined;
  const call = before === undefined ? read.call : { ...read.call, id: before };
  const explained = await explain(call, {
    catalog,
    loadTokenizer,
    ...(store && { related: store.related(call) }),
    ...(options.contextWindow !== undefined && { contextWindow: options.contextWindow }),
    ...(options.tokenizer !== undefined && { tokenizer: options.tokenizer }),
    ...(options.at && { at: options.at }),
  });
  const known = store?.get(call.id)?.findings ?? [];
  const explanation = { ...explained, findings: keepVerifications(explained.findings, known) };
  if (!store || !keep) return explanation;
  const { findings, cost } = explanation;
  return { ...explanation, call: store.put({ call, bodies: read.bodies, findings, ...(cost && { cost }) }) };
}

/** Lets signals and timers in between calls. */
const breath = () => new Promise<void>((resolve) => setImmediate(resolve));
