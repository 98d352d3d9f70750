import { CutawayError, type InsideRequest, type InsideToken, type LocalOptions } from "@cutaway/core";
import { type InsideAnswer, type InsideQuestions, type LocalModel, localRequest, type View } from "@cutaway/runtime";
import { defaultModel } from "@cutaway/runtime/models";
import { readPrompt } from "../input/read-text.ts";
import { openModel } from "../local/open-model.ts";
import { startProgress } from "../progress.ts";
import { tokenText } from "../render/tokens.ts";
import type { Session } from "../session.ts";
import { line } from "../terminal/line.ts";

/** The options that say what is looked at. */
export interface SubjectOptions {
  model?: string;
  system?: string;
  raw?: boolean;
  bos?: LocalOptions["bos"];
  prefill?: string;
  token?: string;
  threads?: number;
}

/** A model with what it is to read, and the token that is asked about. */
export interface Subject {
  model: LocalModel;
  request: InsideRequest;
  /** Absent: the one that the model holds likeliest. */
  token?: number;
  ask<Of extends View>(view: Of, question: InsideQuestions[Of]): Promise<InsideAnswer<Of>>;
  /** One token as it is shown: spaces as dots. */
  text(id: number): string;
  close(): Promise<void>;
}

/** `latest`, or the id of a call or its start: ids begin with the time, and that begins with 0 for a long while. */
const callReference = /^(latest(~\d+)?|0[0-9a-hjkmnp-tv-z]{3,25})$/i;

/** What an argument means: a stored local call, or else a prompt. @throws what neither can be */
export async function openSubject(argument: string | undefined, options: SubjectOptions, session: Session, asks: "token" | "text"): Promise<Subject> {
  if (argument !== undefined && callReference.test(argument)) return ofCall(argument, options, session);
  if (asks === "text" && options.token !== undefined)
    throw new CutawayError("option-without-effect", "--token has no effect: this view shows the whole prompt and asks about no token after it", {
      fix: "Leave it out.",
    });
  return ofPrompt(argument, options, session);
}

async function ofPrompt(argument: string | undefined, options: SubjectOptions, session: Session): Promise<Subject> {
  const { model: named = defaultModel, system, raw, bos, prefill, token } = options;
  const prompt = await readPrompt(argument, session);
  const local: LocalOptions = { ...(raw && { raw: true as const }), ...(bos && { bos }), ...(prefill !== undefined && { prefill }) };
  const messages = [...(system === undefined ? [] : [{ role: "system" as const, text: system }]), { role: "user" as const, text: prompt }];
  const model = await openModel(named, { threads: options.threads }, session);
  try {
    const asked = token === undefined ? undefined : tokenOf("--token", token, model, session);
    return subjectOf(model, { request: localRequest({ model: named, messages, local }) }, asked, session);
  } catch (error) {
    await model.close();
    throw error;
  }
}

async function ofCall(reference: string, options: SubjectOptions, session: Session): Promise<Subject> {
  const idle = (["system", "raw", "bos", "prefill"] as const).find((name) => options[name] !== undefined);
  if (idle)
    throw new CutawayError("option-without-effect", `--${idle} has no effect: the prompt is that of the stored call`, {
      fix: "Leave it out, or give a prompt.",
    });
  const store = await session.storeThatExists();
  const stored = store.get(store.resolve(reference));
  const { request, prompt, answers, model: ref, local } = stored?.call ?? { answers: [] };
  const steps = answers[0]?.steps ?? [];
  if (!request || !prompt || !local) {
    throw new CutawayError("not-a-local-call", `${reference} was not made by a local model: nothing of its inside can be seen`, {
      fix: "Replay it with one, cutaway replay CALL --model NAME, and look into that.",
    });
  }
  const said = steps.filter(({ forced }) => forced !== "prefill").map(({ id }) => id as number);
  const at = stepOf(options.token, said.length);
  const model = await openModel(options.model ?? ref?.asked ?? defaultModel, { threads: options.threads }, session);
  const before = local.weights.sha256;
  if (before !== undefined && model.info.weights.sha256 !== before)
    session.out.say(line(`another file than the one that made the call: ${model.info.weights.file}`));
  return subjectOf(model, { request, prompt, answer: said.slice(0, at) }, said[at], session);
}

function stepOf(token: string | undefined, steps: number): number {
  const at = token === undefined ? 0 : Number(token);
  if (Number.isInteger(at) && at >= 0 && at < steps) return at;
  throw new CutawayError("bad-option", `--token: the answer has ${steps} tokens, and ${token ?? "0"} is the number of none`, {
    fix: steps === 0 ? "Give a prompt instead." : `Give a number from 0 to ${steps - 1}.`,
  });
}

/** The token that a text is, or begins with. */
export function tokenOf(option: string, text: string, model: LocalModel, session: Session): number {
  const [first, ...rest] = model.tokenizer?.tokenizer.encode(text, { disallowedSpecial: "as-text" }) ?? [];
  if (first === undefined)
    throw new CutawayError("bad-option", `${option}: the text is empty`, { fix: "Give a token's text, with the space before it: ' Paris'." });
  if (rest.length > 0) session.out.say(line(`${option}: ${JSON.stringify(text)} is ${rest.length + 1} tokens; the first is looked at`));
  return first;
}

function subjectOf(model: LocalModel, request: InsideRequest, token: number | undefined, { out, interrupted }: Session): Subject {
  const bytesOf = (id: number) => model.tokenizer?.tokenizer.bytesOf(id) ?? new Uint8Array();
  return {
    model,
    request,
    ...(token !== undefined && { token }),
    text: (id) => shownToken(bytesOf(id)) || `<${id}>`,
    async ask(view, question) {
      const progress = startProgress(out);
      try {
        return await model.inspect(view, request, question, {
          signal: interrupted,
          onProgress(done, of, what) {
            if (of > 1) progress.update(`${what}: ${done} of ${of}`);
            else if (out.live) progress.update(what);
          },
        });
      } finally {
        progress.done();
      }
    },
    close: () => model.close(),
  };
}

/** On one line, spaces as dots. */
export const shownToken = (bytes: Uint8Array): string => tokenText(bytes).replaceAll("\n", "⏎").replaceAll(" ", "·");

/** A token for a program. */
export const tokenJson = ({ id, bytes, segment, special }: InsideToken) => ({
  id: id as number,
  text: new TextDecoder().decode(bytes),
  segment,
  ...(special && { special }),
});
