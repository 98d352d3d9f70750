import { CutawayError, decodeUtf8, encodeUtf8, type PromptToken, type Request, type Tokenizer } from "@cutaway/core";
import { healPrompt, vocabularyOf } from "@cutaway/grammar";

export interface HealedRequest {
  request: Request;
  /** What the answer begins with now: the text of the tokens that were taken back. Empty where the prompt's end is whole. */
  begins: string;
  /** How many tokens were taken back. */
  tokens: number;
}

export interface HealedModel {
  tokenizer: Tokenizer;
  /** Whether the prompt is the text of an encoder: nothing goes on from its end. */
  isEncoderDecoder: boolean;
}

/**
 * Token healing: where a raw prompt, or the beginning that an answer is given, ends inside what would be one token, its last tokens are taken back and the answer
 * has to begin with their text. The request that comes of it is an ordinary one: token ids or a shorter beginning, and a language.
 * prompt  the request's tokens as the model would read them, the beginning of the answer last.
 * @throws `option-without-effect` where the prompt ends with what the template wrote; `unsupported-parameter` beside a schema or a grammar
 */
export function healRequest(request: Request, prompt: readonly PromptToken[], { tokenizer, isEncoderDecoder }: HealedModel): HealedRequest {
  const { local = {} } = request;
  const { prefill, ...rest } = local;
  refuseOtherLanguages(request);
  const asked = prefill === undefined ? prompt : lastOf(prompt, encodeUtf8(prefill).length);
  const last = asked.at(-1);
  if (!last || (prefill === undefined && (last.special || last.segment === "template" || isEncoderDecoder))) {
    throw new CutawayError("option-without-effect", "heal has no effect: the prompt does not end with a text that the answer goes on with", {
      fix: "Send the text as it is, without a chat template, or give the beginning of the answer.",
      data: { parameters: ["heal"] },
    });
  }
  const ids = asked.map(({ id }) => id as number);
  const { kept, prefix } = healPrompt(vocabularyOf(tokenizer), ids);
  const begins = textOf(prefix);
  const before = textOf(tokenizer.decodeBytes(kept));
  // Half a character cannot be asked for as text: then the end stays as it is.
  if (!begins || (prefill !== undefined && before === undefined)) return { request, begins: "", tokens: 0 };
  const constraint = beginningWith(prefill ?? begins, rest.constraint);
  const tokens = ids.length - kept.length;
  if (prefill !== undefined) return { request: { ...request, local: { ...rest, ...(before && { prefill: before }), constraint } }, begins, tokens };
  // Ids stand in place of messages, and of all that says how these are read.
  const { raw: _raw, template: _template, parseSpecial: _special, bos: _bos, ...others } = rest;
  return { request: { ...request, messages: [], local: { ...others, tokens: kept, constraint } }, begins, tokens };
}

type Constraint = NonNullable<NonNullable<Request["local"]>["constraint"]>;

/** The language of what was asked for, after this text; of a free answer, any text. Where there is a beginning already, the language is read from it on. */
function beginningWith(text: string, { regex, choice, ...other }: Constraint = {}): Constraint {
  if (choice) return { ...other, choice: choice.map((one) => text + one) };
  return { ...other, regex: `${text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}${regex === undefined ? "[\\s\\S]*" : `(?:${regex})`}` };
}

/** An answer that has a beginning and a language: the language holds the beginning too. */
function refuseOtherLanguages({ parameters: { responseFormat }, local: { constraint, prefill } = {} }: Request): void {
  const isJson = responseFormat !== undefined && responseFormat.type !== "text";
  const beside = isJson ? "a JSON schema" : constraint?.grammar ? "a grammar" : constraint?.after ? "a language that begins later" : undefined;
  const isHeldFromStart = prefill !== undefined && (constraint?.regex !== undefined || constraint?.choice !== undefined);
  if (!beside && !isHeldFromStart) return;
  throw new CutawayError("unsupported-parameter", `heal: not beside ${beside ?? "a beginning that is part of a pattern or choice"}`, {
    fix: "Leave one of them out.",
    data: { parameters: ["heal"] },
  });
}

/** The last tokens that give so many bytes. */
function lastOf(tokens: readonly PromptToken[], bytes: number): readonly PromptToken[] {
  let from = tokens.length;
  for (let left = bytes; left > 0 && from > 0; ) left -= tokens[--from]?.bytes.length ?? 0;
  return tokens.slice(from);
}

/** Undefined where the bytes end inside a character. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = decodeUtf8(bytes);
  return text.includes("\uFFFD") ? undefined : text;
}
