import { CutawayError, type LocalRun, type PromptToken, type Request, type TokenId } from "@cutaway/core";
import { promptTokens, type RenderedPrompt, rawPrompt, renderChat } from "@cutaway/tokenizer/chat-template";
import type { Vocabulary } from "./ready-model.ts";

export interface BuiltPrompt {
  tokens: PromptToken[];
  /** The beginning of the answer, where the request gives one: it is read after the prompt and never truncated. */
  prefill: PromptToken[];
  template: LocalRun["template"]["used"];
}

/**
 * The tokens of a request: BOS, its messages through the chat template or as they are, and the beginning of the answer, which is encoded
 * by itself: its tokens are steps of the answer.
 * now  what a template that asks for the date is told.
 * @throws `no-chat-template`, `empty-prompt`, `prompt-too-large`, and what the template or the tokenizer refuse: `bad-chat-template`, `no-bos-token`, `special-token-in-text`
 */
export function buildPrompt(request: Request, model: Vocabulary, now: Date): BuiltPrompt {
  const { local = {} } = request;
  const { info, tokenizer, bytesOf } = model;
  refuseHuge(request);
  const encode = (prompt: RenderedPrompt, bos: "auto" | "always" | "never") =>
    promptTokens(tokenizer, prompt, { parseSpecial: local.parseSpecial ?? false, bos, specials: info.specials }).map(
      (token): PromptToken => ({ ...token, bytes: token.id === undefined ? token.bytes : bytesOf(token.id) }),
    );
  const tokens = local.tokens
    ? givenTokens(local.tokens, model)
    : withSourceEnd(encode(rendered(request, model.info, now), local.bos ?? "auto"), model);
  const prefill = local.prefill ? encode(rawPrompt([], local.prefill), "never") : [];
  if (tokens.length + prefill.length === 0) {
    throw new CutawayError("empty-prompt", "the prompt is empty: there is nothing that the model could go on from", { fix: "Give it a text." });
  }
  return {
    tokens,
    prefill,
    template: local.raw || local.tokens || isItsOwnPrompt(request, info) ? "none" : local.template === undefined ? "model" : "request",
  };
}

const givenTokens = (ids: readonly number[], { tokenizer, bytesOf }: Vocabulary): PromptToken[] =>
  ids.map((id) => ({ id: id as TokenId, bytes: bytesOf(id), segment: "user", ...(tokenizer.kindOf(id) === "special" && { special: true }) }));

/** An encoder's text ends as it did in training. */
function withSourceEnd(tokens: PromptToken[], { info, bytesOf }: Vocabulary): PromptToken[] {
  const { sourceEnd } = info;
  if (!sourceEnd || tokens.length === 0 || tokens.at(-1)?.id === sourceEnd.id) return tokens;
  return [...tokens, { id: sourceEnd.id, bytes: bytesOf(sourceEnd.id), segment: "template", special: true }];
}

/** An encoder–decoder without a template was trained on plain texts: one message is the text. */
const isItsOwnPrompt = ({ messages, local = {} }: Request, { decoderStart, template }: Vocabulary["info"]): boolean =>
  decoderStart !== undefined && template === undefined && local.template === undefined && messages.length === 1;

/** UTF-16 units: about a million tokens. More would only be encoded to be refused or cut. */
const longestPrompt = 4 * 1024 * 1024;

function refuseHuge({ messages, local = {} }: Request): void {
  let length = local.prefill?.length ?? 0;
  for (const { parts } of messages) for (const part of parts) length += part.type === "text" ? part.text.length : 0;
  if (length <= longestPrompt) return;
  throw new CutawayError("prompt-too-large", `the messages have ${length} characters; up to ${longestPrompt} are read`, {
    fix: "Shorten them.",
    data: { length, longest: longestPrompt },
  });
}

function rendered(request: Request, info: Vocabulary["info"], now: Date): RenderedPrompt {
  const { name, template: own, specials, eos } = info;
  const { local = {}, messages, tools } = request;
  if (local.raw || isItsOwnPrompt(request, info)) return rawPrompt(messages);
  const template = local.template ?? own;
  if (template === undefined) {
    throw new CutawayError("no-chat-template", `${name} brings no chat template: nobody can tell how messages are put to it`, {
      fix: "Send the text as it is (--raw), or give a template (--template).",
    });
  }
  if (messages.length === 0) throw new CutawayError("empty-prompt", "there are no messages", { fix: "Give at least one message." });
  refuseLostCalls(request, template, name);
  const options = { now, ...(specials.bos && { bos: specials.bos.text }), ...(eos !== undefined && { eos }) };
  if (tools.length === 0) return renderChat(template, messages, options);
  const prompt = renderChat(template, messages, { ...options, tools });
  if (prompt.text === renderChat(template, messages, options).text) throw unknownTools(name, "tools");
  return prompt;
}

/** A template that leaves out what it does not know would make tools disappear without a word. */
function refuseLostCalls({ messages }: Request, template: string, name: string): void {
  for (const { parts } of messages)
    for (const part of parts) if (part.type === "tool-call" && !template.includes("tool_calls")) throw unknownTools(name, part.at);
}

const unknownTools = (name: string, what: string) =>
  new CutawayError("unsupported-parameter", `${what}: the chat template of ${name} knows no tools, so the model would not see them`, {
    fix: "Describe the tools in a message, or use a model that was trained to call them.",
    data: { parameters: [what] },
  });
