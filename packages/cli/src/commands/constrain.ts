import { existsSync } from "node:fs";
import { type Call, CutawayError, plain } from "@cutaway/core";
import { type AskedLanguage, askedLanguage, checkText, checkValue, compileLanguage, type Language, type Violation } from "@cutaway/grammar";
import type { StructuredOutputTarget } from "@cutaway/provider";
import { renderCheck, renderValue } from "../constrain/check-report.ts";
import { counterfactual, placeOf, renderCounterfactual } from "../constrain/counterfactual.ts";
import { explainToken, renderTokenReport } from "../constrain/explain-token.ts";
import { forProvider, renderForProvider } from "../constrain/for-provider.ts";
import { languageReport, renderLanguage } from "../constrain/language-report.ts";
import { reportCall } from "../constrain/report-call.ts";
import { languageReached } from "../exit-codes.ts";
import { readPrompt, readText } from "../input/read-text.ts";
import { languageOf, readsStandardInput } from "../local/language-of.ts";
import { openModel } from "../local/open-model.ts";
import { startProgress } from "../progress.ts";
import { renderGenerated } from "../render/generated.ts";
import type { Session } from "../session.ts";
import { blank } from "../terminal/line.ts";
import { type GenerateOptions, generateCall, sayEnd } from "./generate.ts";
import { chooseTokenizer } from "./tokenizer-choice.ts";

export interface ConstrainOptions extends GenerateOptions {
  text?: string;
  explain?: string;
  tokenizer?: string;
  call?: string;
  answer?: number;
  step?: number;
  without?: string;
  for?: StructuredOutputTarget;
}

/** Of what the command does, which options belong to it; the language's own belong to all but a stored call. */
const language = ["schema", "jsonObject", "regex", "grammar", "grammarSyntax", "choice", "whitespace", "propertyOrder", "checkAfter", "after"];
const common = ["json", "color", "quiet"];
const allowed = {
  compile: language,
  for: ["schema", "jsonObject", "regex", "grammar", "grammarSyntax", "choice", "for"],
  text: [...language, "text"],
  explain: [...language, "text", "explain", "tokenizer"],
  call: ["call", "answer", "step"],
  without: ["call", "answer", "without", "model", "threads"],
};

export async function run([argument]: string[], options: ConstrainOptions, session: Session): Promise<number | undefined> {
  const { out } = session;
  if (options.call !== undefined) {
    refuseOthers(options.without === undefined ? "call" : "without", options, argument);
    const store = await session.storeThatExists();
    const call = store.get(store.resolve(options.call))?.call;
    if (!call) throw new CutawayError("no-call", `${options.call}: no such call`);
    if (options.without !== undefined) await reportWithout(call, options.without, options, session);
    else reportCall(call, options, session);
    return undefined;
  }
  if (options.without !== undefined) throw withoutEffect("--without", "it asks about a stored call");
  if (argument !== undefined) return prompted(argument, options, session);
  if (options.for !== undefined) return forOne(options.for, options, session);
  const job = options.explain !== undefined ? "explain" : options.text !== undefined ? "text" : "compile";
  refuseOthers(job, options, argument);
  const { asked, compiled } = await compile(options, session);
  if (job === "compile") {
    const report = languageReport(asked, compiled);
    if (out.json) out.printJson(plain({ schema: "cutaway/constraint", version: 1, ...report }) ?? null);
    else out.print(...renderLanguage(report, out.width));
    return undefined;
  }
  const text = options.text === undefined ? "" : await textOf(options.text, options, session);
  if (job === "explain") {
    const { tokenizer } = await chooseTokenizer(options.tokenizer === undefined ? {} : { tokenizer: options.tokenizer });
    const report = explainToken(compiled, tokenizer, text, options.explain ?? "");
    if (out.json) out.printJson(plain({ schema: "cutaway/masked-token", version: 1, ...report }) ?? null);
    else out.print(...renderTokenReport(report, out.width));
    return undefined;
  }
  const check = checkText(compiled, text);
  const violations = violationsOf(asked, text);
  const isGood = violations ? violations.length === 0 : check.is === "whole";
  if (out.json)
    out.printJson(plain({ schema: "cutaway/text-check", version: 1, good: isGood, ...(violations && { violations }), byTheMask: check }) ?? null);
  else if (violations && (violations.length > 0 || check.is !== "beginning")) out.print(...renderValue(violations, check, out.width));
  else out.print(...renderCheck(check, text, out.width));
  return isGood ? undefined : languageReached;
}

/** What a schema says of the text, where it is JSON at all. */
function violationsOf({ source, after }: AskedLanguage, text: string): readonly Violation[] | undefined {
  if (source.kind !== "json-schema" || after !== undefined) return undefined;
  try {
    return checkValue(source.schema, JSON.parse(text)).violations;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** How a provider is asked for the language, and what becomes of it there. */
async function forOne(target: StructuredOutputTarget, options: ConstrainOptions, session: Session): Promise<number | undefined> {
  refuseOthers("for", options, undefined);
  const { asked } = await read(options, session);
  if (!asked) throw noLanguage();
  const report = forProvider(target, asked);
  if (session.out.json) session.out.printJson(plain({ schema: "cutaway/structured-output", version: 1, ...report }) ?? null);
  else session.out.print(...renderForProvider(report, session.out.width));
  return report.accepted ? undefined : languageReached;
}

async function prompted(argument: string, options: ConstrainOptions, session: Session): Promise<number | undefined> {
  for (const name of ["text", "explain", "tokenizer", "for"] as const) {
    if (options[name] !== undefined) throw withoutEffect(`--${name}`, "a prompt is given, and the model answers it");
  }
  const { asked } = await read(options, session);
  if (!asked) throw noLanguage();
  const { explanation, stored, code } = await generateCall([argument], options, session);
  if (!explanation) return code;
  session.out.say(...renderGenerated(explanation, stored, session.out.width), blank);
  sayEnd(explanation, stored, session);
  reportCall(explanation.call, options, session);
  return code;
}

/** Leaves one keyword of the schema out, and lays both masks on what the model says along the answer. */
async function reportWithout(
  call: Call,
  text: string,
  { answer: index = 0, model: named, threads }: ConstrainOptions,
  session: Session,
): Promise<void> {
  const { out, interrupted } = session;
  const place = placeOf(text);
  const answer = call.answers[index];
  if (!answer?.steps) throw new CutawayError("nothing-recorded", `${call.id} has no recorded tokens of an answer ${index}`, { fix: "Count from 0." });
  const model = await openModel(named ?? call.model.asked ?? "", { threads }, session);
  const progress = startProgress(out);
  try {
    const say = (done: number, of: number) => progress.update(`token ${done} of ${of}`);
    const found = await counterfactual(call, answer, place, model, say, () => interrupted.aborted);
    progress.done();
    if (out.json) out.printJson(plain({ schema: "cutaway/counterfactual", version: 1, call: call.id, answer: index, ...found }) ?? null);
    else out.print(...renderCounterfactual(found, answer.steps, out.width));
  } finally {
    progress.done();
    await model.close();
  }
}

async function compile(options: ConstrainOptions, session: Session): Promise<{ asked: AskedLanguage; compiled: Language }> {
  const { asked } = await read(options, session);
  if (!asked) throw noLanguage();
  const { source, whitespace, propertyOrder, checkAfter, after } = asked;
  return {
    asked,
    compiled: compileLanguage(source, { whitespace, propertyOrder, ...(checkAfter && { checkAfter }), ...(after !== undefined && { after }) }),
  };
}

async function read(options: ConstrainOptions, session: Session): Promise<{ asked: AskedLanguage | undefined }> {
  const { responseFormat, constraint } = await languageOf(options, session);
  return { asked: askedLanguage({ parameters: { ...(responseFormat && { responseFormat }) }, local: { ...(constraint && { constraint }) } }) };
}

/** `--text`: the text itself, a file, or standard input. */
async function textOf(text: string, options: ConstrainOptions, session: Session): Promise<string> {
  if (text === "-" && readsStandardInput(options))
    throw new CutawayError("two-inputs", "standard input would be the text and the schema or grammar", { fix: "Give one of them as a file." });
  if (text === "-") return readPrompt("-", session);
  return existsSync(text) ? readText(text, session.out).replace(/\r?\n$/, "") : text;
}

function refuseOthers(job: keyof typeof allowed, options: ConstrainOptions, argument: string | undefined): void {
  if (argument !== undefined) throw withoutEffect("a prompt", "a stored call is looked at");
  const known = new Set([...allowed[job], ...common]);
  const [other] = Object.entries(options).filter(([name, value]) => value !== undefined && !known.has(name) && !(name === "store" && value === true));
  if (other) {
    const because = job === "call" || job === "without" ? "a stored call is looked at" : "nothing is generated: there is no prompt";
    throw withoutEffect(`--${other[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, because);
  }
}

const withoutEffect = (what: string, because: string) =>
  new CutawayError("option-without-effect", `${what} has no effect: ${because}`, { fix: "Leave it out." });

const noLanguage = () =>
  new CutawayError("no-language", "there is nothing to hold an answer to", {
    fix: "Give --schema, --json-object, --regex, --grammar or --choice; or --call for a stored call.",
  });
