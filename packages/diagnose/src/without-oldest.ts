import type { Message } from "@cutaway/core";

/**
 * The messages without the oldest turns: system messages and the last turn stay, and a turn (a user message with what follows it) goes
 * as a whole, so that no tool result is left without its call.
 * enough  is asked after each turn that went, with the messages left; true stops
 * returns undefined where there is no turn to spare
 */
export function withoutOldest(messages: readonly Message[], enough: (left: readonly Message[]) => boolean): Message[] | undefined {
  const fixed = (message: Message) => message.role === "system" || message.role === "developer";
  const turns: number[] = messages.flatMap(({ role, parts }, i) => (role === "user" && !parts.some(({ type }) => type === "tool-result") ? [i] : []));
  if (turns.length < 2) return undefined;
  let left: Message[] = [...messages];
  for (const start of turns.slice(1)) {
    left = messages.filter((message, i) => i >= start || fixed(message));
    if (enough(left)) break;
  }
  return left;
}

/** UTF-16 code units of the messages' texts: a measure of share, not of tokens. */
export const lengthOf = (messages: readonly Message[]): number =>
  messages.reduce((sum, { parts }) => sum + parts.reduce((inner, part) => inner + partLength(part), 0), 0);

function partLength(part: Message["parts"][number]): number {
  if (part.type === "tool-call") return part.arguments.length;
  if (part.type === "media" || part.type === "other") return 0;
  return part.text.length;
}
