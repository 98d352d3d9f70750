/** Files broken as disks, networks and enemies break them. */
import { type GgufWritable, writeGguf } from "@cutaway/formats";
import { below, pick } from "./random.ts";
import type { TokenizerFile } from "./tokenizer-files.ts";

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

export function mutated(random: () => number, { bytes, metadata }: Pick<TokenizerFile, "bytes" | "metadata">): Uint8Array {
  if (metadata && random() < 0.7) return metadataMutated(random, metadata);
  const isJson = bytes[0] === 0x7b && random() < 0.6;
  let result = isJson ? jsonMutated(random, bytes) : bytes;
  if (!isJson || random() < 0.1) for (let left = 1 + below(random, 3); left > 0; left--) result = bytesMutated(random, result);
  return result;
}

/** A whole GGUF file that says something else: an entry gone, cut short, of another type, or with other values in it. */
function metadataMutated(random: () => number, entries: readonly [string, GgufWritable][]): Uint8Array {
  const at = below(random, entries.length);
  const [key, value] = entries[at] as [string, GgufWritable];
  const other: GgufWritable[] = [0, -1, 2 ** 40, "", "llama", ["a"], new Int32Array(3), new Float32Array(4).fill(Number.NaN)];
  let changed: GgufWritable | undefined = pick(random, other);
  const length = typeof value === "object" && "length" in value ? value.length : 0;
  const kind = random();
  if (kind < 0.15) changed = undefined;
  else if (kind < 0.4 && length > 0) changed = (value as string[]).slice(0, below(random, length)) as GgufWritable;
  else if (kind < 0.9 && Array.isArray(value)) {
    const strings = [...(value as string[])];
    for (let left = 1 + below(random, 30); left > 0; left--)
      strings[below(random, length)] = pick(random, ["", "a", " ", "▁", "<0x41>", "<0xZZ>", "\ufffd", "a b c", "x".repeat(5000)]);
    changed = strings;
  } else if (kind < 0.9 && (value instanceof Int32Array || value instanceof Float32Array)) {
    const numbers = value.slice();
    changed = numbers;
    for (let left = 1 + below(random, 30); left > 0; left--)
      numbers[below(random, length)] = pick(random, [0, -1, 2, 3, 4, 5, 6, 99, -1e30, Number.NaN, Number.POSITIVE_INFINITY]);
  }
  const rest = entries.filter((_, index) => index !== at);
  return writeGguf({ metadata: changed === undefined ? rest : [...rest, [key, changed]], tensors: [] });
}

function bytesMutated(random: () => number, bytes: Uint8Array): Uint8Array {
  const at = random() < 0.3 ? below(random, Math.min(200, bytes.length + 1)) : below(random, bytes.length + 1);
  const length = 1 + below(random, random() < 0.2 ? 4000 : 8);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(Math.min(bytes.length, at + length));
  switch (below(random, 6)) {
    case 0:
      return new Uint8Array(before);
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
      const flipped = new Uint8Array(bytes);
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
