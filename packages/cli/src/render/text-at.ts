import type { Call, Evidence, Part, TokenStep } from "@cutaway/core";

/** The string of the call that a piece of evidence lies in; undefined where the path names none. */
export function textAt(call: Call, path: string): string | undefined {
  const answer = /^answers\[(\d+)\]\.(?:(text|reasoning|refusal)|toolCalls\[(\d+)\]\.arguments)$/.exec(path);
  if (answer) {
    const [, index, field, toolCall] = answer;
    const found = call.answers[Number(index)];
    if (toolCall !== undefined) return found?.toolCalls[Number(toolCall)]?.arguments;
    return found?.[field as "text" | "reasoning" | "refusal"];
  }
  for (const message of call.request?.messages ?? []) {
    const part = message.parts.find((candidate) => candidate.at === path);
    if (part) return partText(part);
    const only = message.parts[0];
    if (message.at === path && only && message.parts.length === 1) return partText(only);
  }
  return undefined;
}

/** What a part says as text; undefined for media and parts kept as JSON. */
export function partText(part: Part): string | undefined {
  switch (part.type) {
    case "text":
    case "reasoning":
    case "refusal":
    case "tool-result":
      return part.text;
    case "tool-call":
      return part.arguments;
    case "media":
    case "other":
      return undefined;
  }
}

/** The tokens of an answer as one string, with the place of each in it. */
export function textOfSteps(steps: readonly TokenStep[]): { text: string; starts: number[] } {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const starts: number[] = [];
  let text = "";
  for (const step of steps) {
    starts.push(text.length);
    text += decoder.decode(step.bytes, { stream: true });
  }
  return { text: text + decoder.decode(), starts: [...starts, text.length] };
}

/** The value at a dotted path such as `answers[0].finish.raw`; undefined where nothing is. Own properties only. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const [, name, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    const key = name ?? index ?? "";
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Text and span that a `text`, `prompt` or `steps` evidence marks. */
export function markedText(call: Call, evidence: Evidence): { text: string; start: number; end: number } | undefined {
  if (typeof evidence.at === "string" || evidence.path === undefined) return undefined;
  const { start, end } = evidence.at;
  if (evidence.kind === "steps") {
    const steps = /^answers\[(\d+)\]\.steps$/.exec(evidence.path);
    const found = steps && call.answers[Number(steps[1])]?.steps;
    if (!found) return undefined;
    const { text, starts } = textOfSteps(found);
    return { text, start: starts[start] ?? text.length, end: starts[end] ?? text.length };
  }
  const text = textAt(call, evidence.path);
  return text === undefined ? undefined : { text, start: Math.min(start, text.length), end: Math.min(end, text.length) };
}
