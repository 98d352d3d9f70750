import { CutawayError, type LocalRun, type PromptToken, type Request } from "@cutaway/core";
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
  const tokens = encode(rendered(request, model.info, now), local.bos ?? "auto");
  const prefill = local.prefill ? encode(rawPrompt([], local.prefill), "never") : [];
  if (tokens.length + prefill.length === 0) {
    throw new CutawayError("empty-prompt", "the prompt is empty: there is nothing that the model could go on from", { fix: "Give it a text." });
  }
  return { tokens, prefill, template: local.raw ? "none" : local.template === undefined ? "model" : "request" };
}

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

function rendered({ local = {}, messages }: Request, { name, template: own, specials, eos }: Vocabulary["info"], now: Date): RenderedPrompt {
  if (local.raw) return rawPrompt(messages);
  const template = local.template ?? own;
  if (template === undefined) {
    throw new CutawayError("no-chat-template", `${name} brings no chat template: nobody can tell how messages are put to it`, {
      fix: "Send the text as it is (--raw), or give a template (--template).",
    });
  }
  if (messages.length === 0) throw new CutawayError("empty-prompt", "there are no messages", { fix: "Give at least one message." });
  return renderChat(template, messages, { now, ...(specials.bos && { bos: specials.bos.text }), ...(eos !== undefined && { eos }) });
}
