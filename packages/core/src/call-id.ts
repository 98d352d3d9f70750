import type { Random } from "./random.ts";

/** ULID: 10 characters of milliseconds, 16 of randomness, Crockford base 32. Sorts by time of creation. */
export type CallId = string & { readonly __brand: "CallId" };

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function newCallId(now: number = Date.now(), random: Random = drawnAtOnce()): CallId {
  let time = "";
  for (let left = Math.floor(now), i = 0; i < 10; i++) {
    time = alphabet[left % 32] + time;
    left = Math.floor(left / 32);
  }
  let tail = "";
  for (let i = 0; i < 16; i++) tail += alphabet[Math.floor(random() * 32)];
  return (time + tail) as CallId;
}

export const isCallId = (text: string): text is CallId => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text);

/** Milliseconds since the epoch at which the id was made. */
export function callIdTime(id: CallId): number {
  let time = 0;
  for (const character of id.slice(0, 10)) time = time * 32 + alphabet.indexOf(character);
  return time;
}

/** The randomness of one id in one request to the system, which costs several microseconds each. */
function drawnAtOnce(): Random {
  const numbers = crypto.getRandomValues(new Uint32Array(16));
  let next = 0;
  return () => (numbers[next++] as number) / 0x1_0000_0000;
}
