import type { Message, Tool } from "@cutaway/core";
import { findTools } from "./find-tools.ts";
import { Marks, type PromptPart } from "./marks.ts";
import { runTemplate } from "./run-template.ts";
import { templateMessages, templateTools } from "./template-messages.ts";

export interface RenderedPrompt {
  text: string;
  /** What came from messages, tools and prefill, in order and apart from one another; all else the template wrote. */
  parts: PromptPart[];
  /** Texts that are in the prompt at places nobody can tell, because the template rewrites or compares them; they count as the template's. */
  unlocated: string[];
}

export interface ChatOptions {
  /** The texts of the model's BOS and EOS tokens: `bos_token` and `eos_token` of the template. */
  bos?: string;
  eos?: string;
  /** Whether the prompt ends where the answer begins. Default: true. */
  addGenerationPrompt?: boolean;
  tools?: readonly Tool[];
  /** The text that the answer begins with, put after the prompt; counts as `history`. */
  prefill?: string;
  /** What `strftime_now` tells. Default: now. */
  now?: Date;
}

/**
 * A chat through its Jinja template, and which part of the text came from where: `system` (system and developer messages), `user` (the last user
 * message), `history` (all earlier turns), `context` (tool results), `tools`; what the template wrote itself, a default system message included, is `template`.
 * throws  `bad-chat-template` where the template fails or refuses; `unsupported-content` for what is not text.
 */
export function renderChat(template: string, messages: readonly Message[], options: ChatOptions = {}): RenderedPrompt {
  const { bos, eos, addGenerationPrompt = true, tools = [], prefill = "", now = new Date() } = options;
  const toolList = templateTools(tools);
  const render = (chat: unknown, list: unknown) => {
    const variables = { messages: chat, tools: list, documents: null, add_generation_prompt: addGenerationPrompt };
    return runTemplate(template, { ...variables, ...(bos !== undefined && { bos_token: bos }), ...(eos !== undefined && { eos_token: eos }) }, now);
  };
  const given = toolList.length > 0 ? toolList : null;
  const texts: string[] = [];
  const chat = templateMessages(messages, (text) => {
    texts.push(text);
    return text;
  });
  const text = render(chat, given);
  const marks = new Marks();
  const marked = rendered(() =>
    render(
      templateMessages(messages, (leaf, segment) => marks.mark(leaf, segment)),
      given,
    ),
  );
  const messageParts = marked === undefined ? undefined : marks.parts(text, marked);
  const toolSpans = given ? findTools(text, toolList, (form, x) => runTemplate(form, { x }, now)) : [];
  const toolsMatter = given !== null && !toolSpans && rendered(() => render(chat, null)) !== text;
  const toolParts = (toolSpans ?? []).map((span): PromptPart => ({ span, segment: "tools" }));
  const prefillPart: PromptPart = { span: { start: text.length, end: text.length + prefill.length }, segment: "history" };
  return {
    text: text + prefill,
    parts: [...apart([...(messageParts ?? []), ...toolParts]), ...(prefill === "" ? [] : [prefillPart])],
    unlocated: [...(messageParts ? [] : texts), ...(toolsMatter ? [JSON.stringify(toolList)] : [])],
  };
}

/** A prompt without a template: the texts of the messages, one after the other. */
export function rawPrompt(messages: readonly Message[], prefill = ""): RenderedPrompt {
  const text = messages.flatMap(({ parts }) => parts.map((part) => ("text" in part ? part.text : ""))).join("");
  const parts: PromptPart[] = [
    { span: { start: 0, end: text.length }, segment: "user" },
    { span: { start: text.length, end: text.length + prefill.length }, segment: "history" },
  ];
  return { text: text + prefill, parts: parts.filter(({ span }) => span.end > span.start), unlocated: [] };
}

/** A template that compares texts may fail on marked ones. */
function rendered(run: () => string): string | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** In order; of two that overlap, the first. */
function apart(parts: PromptPart[]): PromptPart[] {
  const kept: PromptPart[] = [];
  for (const part of parts.toSorted((a, b) => a.span.start - b.span.start)) {
    if (part.span.start >= (kept.at(-1)?.span.end ?? 0)) kept.push(part);
  }
  return kept;
}
