import {
  arena, BYTE_IDS, BYTE_PAIRS, FOLLOWING, KEYS, LANES, lengths, MEMO, memoBits, PLACES, PREVIOUS, SYMBOLS, starts,
} from "./memory";
import { keyOf, NONE } from "./vocabulary";

/** Pieces of up to so many bytes are merged here: places are bytes, and the one behind the last is one too. */
export const longestMerged: u32 = 254;
const noPlace: usize = 255;

/** Once the vocabulary is in its place: the pairs of bytes, with which every merge begins. */
export function prepareMerges(tokens: i32): void {
  for (let lane: usize = 0; lane < 4; lane++) store<i32>(LANES + 20 * lane, -1);
  for (let place: usize = 0; place < 256; place++) store<u8>(PLACES + place, <u8>place);
  for (let pair: usize = 0; pair < 65536; pair++) store<i32>(BYTE_PAIRS + 4 * pair, NONE);
  for (let id: usize = 0; id < <usize>tokens; id++) {
    if (load<i32>(lengths + 4 * id) != 2 || load<i32>(starts + 4 * id) < 0) continue;
    const bytes = arena + <usize>load<u32>(starts + 4 * id);
    store<i32>(BYTE_PAIRS + 4 * <usize>load<u16>(bytes), keyOf(bytes, 2));
  }
}

/**
 * Writes the ids of one piece to `out`, and returns their number: the token it is, or what merging gives. Two tokens merge if their bytes together are a
 * token, the lowest id first, of equals the leftmost: the lowest of all keys with their places tells both.
 */
export function merge(from: usize, size: u32, out: usize): u32 {
  const whole = keyOf(from, size);
  if (whole != NONE) {
    store<i32>(out, whole >> 8);
    return 1;
  }
  const count = <usize>size;
  const room = begin(from, count);
  for (;;) {
    const lowest = lowestKey(room);
    if (lowest == NONE) break;
    const at = <usize>(lowest & 255);
    const id = lowest >> 8;
    const right = <usize>load<u8>(FOLLOWING + at);
    const beyond = <usize>load<u8>(FOLLOWING + right);
    store<i32>(SYMBOLS + 4 * at, id);
    store<u8>(FOLLOWING + at, <u8>beyond);
    setKey(right, NONE);
    let key = NONE;
    if (beyond < count) {
      store<u8>(PREVIOUS + beyond, <u8>at);
      const to = <usize>load<u8>(FOLLOWING + beyond);
      key = pairKey(id, load<u32>(SYMBOLS + 4 * beyond), from + at, <u32>(to - at)) | <i32>at;
    }
    setKey(at, key);
    const left = <usize>load<u8>(PREVIOUS + at);
    if (left != noPlace) setKey(left, pairKey(load<u32>(SYMBOLS + 4 * left), id, from + left, <u32>(beyond - left)) | <i32>left);
  }
  let kept: u32 = 0;
  for (let at: usize = 0; at < count; at = <usize>load<u8>(FOLLOWING + at)) {
    store<i32>(out + 4 * kept, load<i32>(SYMBOLS + 4 * at));
    kept++;
  }
  return kept;
}

/** Every byte is a token of its own. Returns how many keys there are, with those behind the last that fill its vectors up. */
function begin(from: usize, count: usize): usize {
  const room = (count + 15) & ~15;
  for (let at: usize = 0; at < room; at += 16) {
    v128.store(FOLLOWING + at, v128.load(PLACES + at, 1));
    v128.store(PREVIOUS + at, i8x16.sub(v128.load(PLACES + at), i8x16.splat(1)));
  }
  for (let at: usize = 0; at < count; at++) {
    store<i32>(KEYS + 4 * at, load<i32>(BYTE_PAIRS + 4 * <usize>load<u16>(from + at)) | <i32>at);
    store<i32>(SYMBOLS + 4 * at, load<i32>(BYTE_IDS + 4 * <usize>load<u8>(from + at)));
  }
  for (let at = count - 1; at < room; at++) store<i32>(KEYS + 4 * at, NONE);
  return room;
}

@inline
function lowestKey(room: usize): i32 {
  let lowest = lowestOf16(KEYS);
  for (let at: usize = 16; at < room; at += 16) lowest = i32x4.min_s(lowest, lowestOf16(KEYS + 4 * at));
  lowest = i32x4.min_s(lowest, i32x4.shuffle(lowest, lowest, 2, 3, 0, 1));
  lowest = i32x4.min_s(lowest, i32x4.shuffle(lowest, lowest, 1, 0, 3, 2));
  return i32x4.extract_lane(lowest, 0);
}

@inline
function lowestOf16(keys: usize): v128 {
  return i32x4.min_s(i32x4.min_s(v128.load(keys), v128.load(keys, 16)), i32x4.min_s(v128.load(keys, 32), v128.load(keys, 48)));
}

/** Stores a whole vector: a lane alone would have to reach memory before the vector can be read again. */
@inline
function setKey(at: usize, key: i32): void {
  const vector = KEYS + ((at << 2) & ~15);
  v128.store(vector, v128.bitselect(i32x4.splat(key), v128.load(vector), v128.load(LANES + ((at & 3) << 4))));
}

/** The key of two tokens whose bytes stand at `at`. An entry's place and its tag together are the pair: `PairMemo`. */
@inline
function pairKey(left: u32, right: u32, at: usize, length: u32): i32 {
  const tag = (right << 9) | (left & 0x1ff);
  const place = (((tag * 0x9e3779b1) >> (32 - memoBits)) ^ (left >> 9)) & ((1 << memoBits) - 1);
  const entry = MEMO + (<usize>place << 3);
  const known = load<i32>(entry, 4);
  if (load<u32>(entry) == tag && known != 0) return ~known;
  const key = keyOf(at, length);
  store<u32>(entry, tag);
  store<i32>(entry, ~key, 4);
  return key;
}
