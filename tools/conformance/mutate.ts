/** Files broken as disks, networks and enemies break them. */
import { below, pick } from "./random.ts";

const hostileValues: unknown[] = [
  null,
  -1,
  0,
  1,
  1e300,
  2 ** 31,
  2 ** 53,
  0.5,
  "",
  "a",
  "\ud800",
  "(a+)+",
  "[",
  "▁",
  "__proto__",
  "x".repeat(70_000),
  [],
  {},
  [[]],
  true,
  false,
  ["a", "a"],
  { type: "BPE" },
];

export function mutated(random: () => number, bytes: Uint8Array): Uint8Array {
  const isJson = bytes[0] === 0x7b && random() < 0.6;
  let result = isJson ? jsonMutated(random, bytes) : bytes;
  if (!isJson || random() < 0.1) for (let left = 1 + below(random, 3); left > 0; left--) result = bytesMutated(random, result);
  return result;
}

function bytesMutated(random: () => number, bytes: Uint8Array): Uint8Array {
  const at = random() < 0.3 ? below(random, Math.min(200, bytes.length + 1)) : below(random, bytes.length + 1);
  const length = 1 + below(random, random() < 0.2 ? 4000 : 8);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(Math.min(bytes.length, at + length));
  switch (below(random, 6)) {
    case 0:
      return before.slice();
    case 1:
      return joined(before, after);
    case 2:
      return joined(
        before,
        Uint8Array.from({ length }, () => below(random, 256)),
        bytes.subarray(at),
      );
    case 3:
      return joined(before, new Uint8Array(bytes.length - after.length - at).fill(pick(random, [0, 0x7f, 0x80, 0xff])), after);
    case 4: {
      const from = below(random, bytes.length + 1);
      return joined(before, bytes.subarray(from, from + length), bytes.subarray(at));
    }
    default: {
      const flipped = bytes.slice();
      if (at < flipped.length) flipped[at] = (flipped[at] as number) ^ (1 << below(random, 8));
      return flipped;
    }
  }
}

/** One value somewhere in the tree becomes another, vanishes, or is there twice. */
function jsonMutated(random: () => number, bytes: Uint8Array): Uint8Array {
  const root = JSON.parse(new TextDecoder().decode(bytes));
  let holder = root;
  for (;;) {
    const keys = Object.keys(holder);
    if (keys.length === 0) break;
    const key = pick(random, keys);
    const value = holder[key];
    if (typeof value === "object" && value !== null && Object.keys(value).length > 0 && random() < 0.8) {
      holder = value;
      continue;
    }
    const other = Object.keys(root);
    const replaced = random();
    if (replaced < 0.2) delete holder[key];
    else if (replaced < 0.3 && Array.isArray(holder)) holder.push(...structuredClone(holder.slice(0, 10)));
    else if (replaced < 0.4) holder[key] = structuredClone(root[pick(random, other)]);
    else if (replaced < 0.5) holder[key] = nested(below(random, 3000));
    else holder[key] = pick(random, hostileValues);
    break;
  }
  return new TextEncoder().encode(JSON.stringify(root));
}

function nested(depth: number): unknown {
  let value: unknown = "a";
  for (let level = 0; level < depth; level++)
    value = level % 2 === 0 ? [value] : { type: "Sequence", [level % 4 === 1 ? "normalizers" : "pretokenizers"]: [value] };
  return value;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
