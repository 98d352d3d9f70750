import type { Message } from "@cutaway/core";

/**
 * The messages without the oldest turns: system messages and the last turn stay, and a turn (a user message with what follows it) goes
 * as a whole, so that no tool result is left without its call.
 * room  turns go until what is left is at most so long, as `lengthOf` measures; the last turn always stays
 * returns undefined where there is no turn to spare
 */
export function withoutOldest(messages: readonly Message[], room: number): Message[] | undefined {
  const turns = messages.flatMap(({ role, parts }, i) => (role === "user" && !parts.some(({ type }) => type === "tool-result") ? [i] : []));
  if (turns.length < 2) return undefined;
  let length = lengthOf(messages);
  let start = 0;
  for (const next of turns.slice(1)) {
    length -= lengthOf(messages.slice(start, next).filter((message) => !isFixed(message)));
    start = next;
    if (length <= room) break;
  }
  return messages.filter((message, i) => i >= start || isFixed(message));
}

const isFixed = ({ role }: Message) => role === "system" || role === "developer";

/** UTF-16 code units of the messages' texts: a measure of share, not of tokens. */
export const lengthOf = (messages: readonly Message[]): number =>
  messages.reduce((sum, { parts }) => sum + parts.reduce((inner, part) => inner + partLength(part), 0), 0);

function partLength(part: Message["parts"][number]): number {
  if (part.type === "tool-call") return part.arguments.length;
  if (part.type === "media" || part.type === "other") return 0;
  return part.text.length;
}
