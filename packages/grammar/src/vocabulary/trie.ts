import { alphabetOf, other } from "./alphabets.ts";
import { textClasses } from "./token-classes.ts";

/**
 * Tries of tokens' bytes, one for each class, in one set of arrays: a node's subtree follows it, so a walk goes forward, and where a byte may not come it jumps
 * to `end`. Position 0 is no node.
 */
export interface Tries {
  /** The byte that leads to a node, [nodes]. */
  byte: Uint8Array;
  /** Bytes from the root, [nodes]; 0 = a root. */
  depth: Uint16Array;
  /** The first position after the subtree, [nodes]. */
  end: Int32Array;
  /** The token whose bytes end here, −1 for none, [nodes]. */
  token: Int32Array;
  /** The characters below a node; `other` among them too where the node stands inside a character, or something below is none, [nodes]. */
  alphabet: Uint16Array;
  /** The most characters below a node, [nodes]. */
  height: Uint16Array;
  /** Tokens before a node in the order of the nodes, [nodes + 1]: the tokens of a subtree are `order` from its rank to that of its end. */
  rank: Int32Array;
  /** Tokens in the order of the nodes. */
  order: Int32Array;
  /** Each class's root, [classes]. */
  roots: Int32Array;
  /** The root's child for a byte, 0 for none: `children[256 * class + byte]`. */
  children: Int32Array;
  /** Length of the longest token of a class in bytes, [classes]. */
  longest: Int32Array;
}

export interface TokenBytes {
  /** All tokens' bytes, one after the other. */
  bytes: Uint8Array;
  /** Where a token's bytes begin; they end where the next one's begin, [size + 1]. */
  starts: Int32Array;
}

/** `classes`: the ids of each class; no token is empty. Of tokens with the same bytes the lowest id stands in the trie, the others come back as `twins`. */
export function buildTries(tokens: TokenBytes, classes: readonly Int32Array[]): { tries: Tries; twins: [id: number, twin: number][] } {
  const { bytes, starts } = tokens;
  let room = 1 + classes.length;
  for (const ids of classes) for (const id of ids) room += (starts[id + 1] as number) - (starts[id] as number);
  const byte = new Uint8Array(room);
  const depth = new Uint16Array(room);
  const end = new Int32Array(room);
  const token = new Int32Array(room).fill(-1);
  const roots = new Int32Array(classes.length);
  const children = new Int32Array(256 * classes.length);
  const longest = new Int32Array(classes.length);
  const twins: [number, number][] = [];
  /** The nodes from the root to the last token's end. */
  const path: number[] = [];
  let count = 1;
  classes.forEach((ids, kind) => {
    sortByBytes(tokens, ids, 0, ids.length, 0);
    const root = count++;
    roots[kind] = root;
    path.length = 0;
    path.push(root);
    let last = -1;
    for (const id of ids) {
      const start = starts[id] as number;
      const length = (starts[id + 1] as number) - start;
      longest[kind] = Math.max(longest[kind] as number, length);
      let shared = 0;
      if (last >= 0) {
        const lastStart = starts[last] as number;
        const most = Math.min(length, (starts[last + 1] as number) - lastStart);
        while (shared < most && bytes[start + shared] === bytes[lastStart + shared]) shared++;
        if (shared === length && most === length && (starts[last + 1] as number) - lastStart === length) {
          twins.push([token[path.at(-1) as number] as number, id]);
          continue;
        }
      }
      while (path.length > shared + 1) end[path.pop() as number] = count;
      for (let level = shared; level < length; level++) {
        const value = bytes[start + level] as number;
        if (level === 0) children[256 * kind + value] = count;
        byte[count] = value;
        depth[count] = level + 1;
        path.push(count++);
      }
      token[path.at(-1) as number] = id;
      last = id;
    }
    while (path.length > 0) end[path.pop() as number] = count;
  });
  const rank = new Int32Array(count + 1);
  const order: number[] = [];
  for (let place = 0; place < count; place++) {
    rank[place] = order.length;
    if ((token[place] as number) >= 0) order.push(token[place] as number);
  }
  rank[count] = order.length;
  return {
    tries: {
      byte: byte.slice(0, count),
      depth: depth.slice(0, count),
      end: end.slice(0, count),
      token: token.slice(0, count),
      ...characters({ byte: byte.subarray(0, count), depth, end }, roots[textClasses.length] ?? count),
      rank,
      order: Int32Array.from(order),
      roots,
      children,
      longest,
    },
    twins,
  };
}

/** Which characters stand below each node, and how many at most: nothing is said where tokens hold more than characters of the groups, from `stop` on. */
function characters({ byte, depth, end }: Pick<Tries, "byte" | "depth" | "end">, stop: number): Pick<Tries, "alphabet" | "height"> {
  const alphabet = new Uint16Array(byte.length).fill(other);
  const height = new Uint16Array(byte.length);
  /** The group of the character that ends at a node; 0 inside of one. */
  const own = new Uint16Array(stop);
  /** At each depth of the present node: bytes that the character begun still needs, and what of it was read. */
  const needed: number[] = [0];
  const read: number[] = [0];
  for (let place = 1; place < stop; place++) {
    const level = depth[place] as number;
    if (level === 0) continue;
    const value = byte[place] as number;
    const inside = (needed[level - 1] as number) > 0;
    const more = inside ? (needed[level - 1] as number) - 1 : following(value);
    const scalar = inside ? ((read[level - 1] as number) << 6) | (value & 0x3f) : value & (more === 0 ? 0x7f : 0x3f >>> more);
    needed[level] = more;
    read[level] = scalar;
    own[place] = more === 0 ? alphabetOf(scalar) : 0;
  }
  // Children stand after their parents.
  for (let place = stop - 1; place > 0; place--) {
    let below = 0;
    let most = 0;
    for (let child = place + 1; child < (end[place] as number); child = end[child] as number) {
      below |= (own[child] as number) | (alphabet[child] as number);
      most = Math.max(most, Math.sign(own[child] as number) + (height[child] as number));
    }
    alphabet[place] = below;
    height[place] = most;
  }
  for (let place = 1; place < stop; place++)
    if (own[place] === 0 && (depth[place] as number) > 0) alphabet[place] = (alphabet[place] as number) | other;
  return { alphabet, height };
}

/** Bytes that follow a lead byte of UTF-8. */
const following = (lead: number): number => (lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3);

/**
 * Sorts ids[from..to), alike in their first `level` bytes, by their bytes, then by id.
 * source  Bentley, Sedgewick, "Fast Algorithms for Sorting and Searching Strings", 1997: quicksort in three parts, a byte at a time.
 */
function sortByBytes(tokens: TokenBytes, ids: Int32Array, from: number, to: number, level: number): void {
  const { bytes, starts } = tokens;
  const at = (id: number): number => {
    const place = (starts[id] as number) + level;
    return place < (starts[id + 1] as number) ? (bytes[place] as number) : -1;
  };
  while (to - from > 1) {
    const pivot = at(ids[(from + to) >>> 1] as number);
    let low = from;
    let high = to;
    for (let i = from; i < high; ) {
      const id = ids[i] as number;
      const value = at(id);
      if (value === pivot) i++;
      else if (value < pivot) {
        ids[i++] = ids[low] as number;
        ids[low++] = id;
      } else {
        ids[i] = ids[--high] as number;
        ids[high] = id;
      }
    }
    sortByBytes(tokens, ids, from, low, level);
    sortByBytes(tokens, ids, high, to, level);
    if (pivot < 0) {
      ids.subarray(low, high).sort();
      return;
    }
    from = low;
    to = high;
    level++;
  }
}
