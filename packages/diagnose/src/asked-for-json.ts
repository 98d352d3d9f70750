import type { Call } from "@cutaway/core";
import { promptTexts } from "./texts.ts";

/** How a call asked for JSON: by a parameter that makes the provider promise it, or in words. */
export function howAskedForJson(call: Call): { by: "parameter" | "words"; at: string; span?: { start: number; end: number } } | undefined {
  const type = call.request?.parameters.responseFormat?.type;
  if (type === "json" || type === "json-schema") return { by: "parameter", at: "request.parameters.responseFormat" };
  for (const { role, at, text, type: part } of promptTexts(call).reverse()) {
    if (role === "assistant" || role === "tool" || part !== "text") continue;
    const match = wording.exec(text.length > 20_000 ? text.slice(-20_000) : text);
    if (!match) continue;
    const start = match.index + Math.max(0, text.length - 20_000);
    return { by: "words", at, span: { start, end: start + match[0].length } };
  }
  return undefined;
}

export const isAskedForJson = (call: Call): boolean => howAskedForJson(call) !== undefined;

/** An order to answer in JSON alone, not a mention of it. */
const wording =
  /\b(?:only|just|strictly|exclusively|purely) (?:\w+ ){0,4}json\b|\b(?:respond|reply|answer|output|return|produce)(?: \w+){0,3} (?:in|as|with|using)?(?: \w+){0,3} ?json\b|\bjson (?:only|object only|format only)\b|\bvalid json\b/i;
