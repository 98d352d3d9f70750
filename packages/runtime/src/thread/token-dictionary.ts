import type { Alternative, CallEvent, PromptToken, TokenId, TokenStep } from "@cutaway/core";

/**
 * Events on their way between two threads, without the bytes of their tokens where these are in the dictionary: a token's bytes cross once, and whoever
 * receives events holds one array a token, rather than eleven a step.
 */
export interface PackedEvents {
  events: PackedEvent[];
  /** Those that were never sent before; absent where there are none. */
  tokens?: [id: number, bytes: Uint8Array][];
}

type PackedEvent =
  | Exclude<CallEvent, { type: "prompt-tokens" | "token-step" }>
  | { type: "prompt-tokens"; tokens: Bare<PromptToken>[] }
  | { type: "token-step"; answer: number; step: Omit<Bare<TokenStep>, "top"> & { top?: Bare<Alternative>[] } };

interface Token {
  id?: TokenId;
  bytes: Uint8Array;
}

/** Without bytes: the dictionary has them. */
type Bare<T extends Token> = Omit<T, "bytes"> & { bytes: Uint8Array | undefined };

/** bytesOf  gives the same array for the same token every time: bytes that are another array, as of a token that a stop sequence cut, are sent as they are */
export function tokenPacker(bytesOf: (id: number) => Uint8Array): (events: readonly CallEvent[]) => PackedEvents {
  const sent = new Set<number>();
  return (events) => {
    const tokens: NonNullable<PackedEvents["tokens"]> = [];
    const bare = <T extends Token>(token: T): Bare<T> => {
      const { id, bytes } = token;
      if (id === undefined || bytes !== bytesOf(id)) return token;
      if (!sent.has(id)) tokens.push([id, bytes]);
      sent.add(id);
      return { ...token, bytes: undefined };
    };
    const packed = events.map((event): PackedEvent => {
      if (event.type === "prompt-tokens") return { ...event, tokens: event.tokens.map(bare) };
      if (event.type !== "token-step") return event;
      const { top, ...step } = event.step;
      return { ...event, step: { ...bare(step), ...(top && { top: top.map(bare) }) } };
    });
    return tokens.length === 0 ? { events: packed } : { events: packed, tokens };
  };
}

/** The other end. */
export function tokenUnpacker(): (packed: PackedEvents) => CallEvent[] {
  const known = new Map<number, Uint8Array>();
  const whole = <T extends Token>(token: Bare<T>): T => ({ ...token, bytes: token.bytes ?? known.get(token.id as number) }) as T;
  return ({ events, tokens = [] }) => {
    for (const [id, bytes] of tokens) known.set(id, bytes);
    return events.map((event): CallEvent => {
      if (event.type === "prompt-tokens") return { ...event, tokens: event.tokens.map((token) => whole<PromptToken>(token)) };
      if (event.type !== "token-step") return event;
      const { top, ...step } = event.step;
      return { ...event, step: { ...whole<TokenStep>(step), ...(top && { top: top.map((other) => whole<Alternative>(other)) }) } };
    });
  };
}
