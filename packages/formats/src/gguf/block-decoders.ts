/** Decodes one block of `bytes` from `at` on into `out` from `to` on. `half` is the table of half-precision numbers. */
export type BlockDecoder = (bytes: Uint8Array, at: number, out: Float32Array, to: number, half: Float32Array) => void;

/** `d` half · 16 bytes of nibbles: d × (q − 8). The low nibbles are the first half of the block, here and below. */
export const decodeQ4_0: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at, half);
  for (let i = 0; i < 16; i++) {
    const pair = bytes[at + 2 + i] as number;
    out[to + i] = d * ((pair & 15) - 8);
    out[to + 16 + i] = d * ((pair >> 4) - 8);
  }
};

/** `d`, `m` half · 16 bytes of nibbles: d × q + m. */
export const decodeQ4_1: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at, half);
  const m = halfAt(bytes, at + 2, half);
  for (let i = 0; i < 16; i++) {
    const pair = bytes[at + 4 + i] as number;
    out[to + i] = d * (pair & 15) + m;
    out[to + 16 + i] = d * (pair >> 4) + m;
  }
};

/** `d` half · 32 fifth bits · 16 bytes of nibbles: d × (q − 16). */
export const decodeQ5_0: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at, half);
  const high = wordAt(bytes, at + 2);
  for (let i = 0; i < 16; i++) {
    const pair = bytes[at + 6 + i] as number;
    out[to + i] = d * (((pair & 15) | (((high >>> i) & 1) << 4)) - 16);
    out[to + 16 + i] = d * (((pair >> 4) | (((high >>> (i + 16)) & 1) << 4)) - 16);
  }
};

/** `d`, `m` half · 32 fifth bits · 16 bytes of nibbles: d × q + m. */
export const decodeQ5_1: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at, half);
  const m = halfAt(bytes, at + 2, half);
  const high = wordAt(bytes, at + 4);
  for (let i = 0; i < 16; i++) {
    const pair = bytes[at + 8 + i] as number;
    out[to + i] = d * ((pair & 15) | (((high >>> i) & 1) << 4)) + m;
    out[to + 16 + i] = d * ((pair >> 4) | (((high >>> (i + 16)) & 1) << 4)) + m;
  }
};

/** `d` half · 32 signed bytes: d × q. */
export const decodeQ8_0: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at, half);
  for (let i = 0; i < 32; i++) out[to + i] = d * signed(bytes[at + 2 + i] as number);
};

/** 16 bytes of scale and minimum nibbles · 64 bytes of 2-bit q · `d`, `dmin` half: d × scale × q − dmin × minimum, 16 elements a scale. */
export const decodeQ2_K: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at + 80, half);
  const dmin = halfAt(bytes, at + 82, half);
  for (let group = 0; group < 16; group++) {
    const scales = bytes[at + group] as number;
    const scale = d * (scales & 15);
    const minimum = dmin * (scales >> 4);
    const { from, shift } = twoBits(group);
    for (let i = 0; i < 16; i++) out[to + 16 * group + i] = scale * (((bytes[at + 16 + from + i] as number) >> shift) & 3) - minimum;
  }
};

/** 32 bytes of third bits (inverted) · 64 bytes of 2-bit q · 16 scales of 6 bits in 12 bytes · `d` half: d × (scale − 32) × (q − 4), 16 elements a scale. */
export const decodeQ3_K: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at + 108, half);
  for (let group = 0; group < 16; group++) {
    const nibbles = bytes[at + 96 + (group & 7)] as number;
    const low = group < 8 ? nibbles & 15 : nibbles >> 4;
    const high = ((bytes[at + 104 + (group & 3)] as number) >> (2 * (group >> 2))) & 3;
    const scale = d * ((low | (high << 4)) - 32);
    const { from, shift } = twoBits(group);
    const half16 = (group & 1) * 16;
    for (let i = 0; i < 16; i++) {
      const third = ((bytes[at + half16 + i] as number) >> (group >> 1)) & 1;
      out[to + 16 * group + i] = scale * ((((bytes[at + 32 + from + i] as number) >> shift) & 3) - (third ? 0 : 4));
    }
  }
};

/** `d`, `dmin` half · 8 scales and minima of 6 bits in 12 bytes · 128 bytes of nibbles: d × scale × q − dmin × minimum, 32 elements a scale. */
export const decodeQ4_K: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at, half);
  const dmin = halfAt(bytes, at + 2, half);
  for (let group = 0; group < 8; group++) {
    const scale = d * scaleOf(bytes, at + 4, group);
    const minimum = dmin * minimumOf(bytes, at + 4, group);
    const from = at + 16 + 32 * (group >> 1);
    const shift = (group & 1) * 4;
    for (let i = 0; i < 32; i++) out[to + 32 * group + i] = scale * (((bytes[from + i] as number) >> shift) & 15) - minimum;
  }
};

/** As Q4_K, with 32 bytes of fifth bits before the nibbles: bit g of byte i is element i of group g. */
export const decodeQ5_K: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at, half);
  const dmin = halfAt(bytes, at + 2, half);
  for (let group = 0; group < 8; group++) {
    const scale = d * scaleOf(bytes, at + 4, group);
    const minimum = dmin * minimumOf(bytes, at + 4, group);
    const from = at + 48 + 32 * (group >> 1);
    const shift = (group & 1) * 4;
    for (let i = 0; i < 32; i++) {
      const fifth = ((bytes[at + 16 + i] as number) >> group) & 1;
      out[to + 32 * group + i] = scale * ((((bytes[from + i] as number) >> shift) & 15) | (fifth << 4)) - minimum;
    }
  }
};

/** 128 bytes of low nibbles · 64 bytes of high bit pairs · 16 signed scales · `d` half: d × scale × (q − 32), 16 elements a scale. */
export const decodeQ6_K: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at + 208, half);
  for (let group = 0; group < 16; group++) {
    const scale = d * signed(bytes[at + 192 + group] as number);
    // 128 elements share 64 bytes of nibbles and 32 of bit pairs: quarters 0 and 1 the low nibbles, 2 and 3 the high ones.
    const part = group >> 3;
    const quarter = (group >> 1) & 3;
    const low = at + 64 * part + 32 * (quarter & 1) + 16 * (group & 1);
    const high = at + 128 + 32 * part + 16 * (group & 1);
    for (let i = 0; i < 16; i++) {
      const nibble = ((bytes[low + i] as number) >> (4 * (quarter >> 1))) & 15;
      const pair = ((bytes[high + i] as number) >> (2 * quarter)) & 3;
      out[to + 16 * group + i] = scale * ((nibble | (pair << 4)) - 32);
    }
  }
};

/** What the sixteen 4-bit numbers of IQ4_NL stand for: closer together near 0, where most weights are. */
export const iq4Numbers: readonly number[] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/** `d` half · 16 bytes of nibbles: d × the number that each stands for. */
export const decodeIQ4_NL: BlockDecoder = (bytes, at, out, to, half) => {
  const d = halfAt(bytes, at, half);
  for (let i = 0; i < 16; i++) {
    const pair = bytes[at + 2 + i] as number;
    out[to + i] = d * (iq4Numbers[pair & 15] as number);
    out[to + 16 + i] = d * (iq4Numbers[pair >> 4] as number);
  }
};

const signed = (byte: number) => (byte << 24) >> 24;

const halfAt = (bytes: Uint8Array, at: number, half: Float32Array) => half[(bytes[at] as number) | ((bytes[at + 1] as number) << 8)] as number;

const wordAt = (bytes: Uint8Array, at: number) =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);

/** Where the 2-bit values of a group of 16 lie: four groups of 32 elements share 32 bytes, two bits each. */
const twoBits = (group: number) => ({ from: 32 * (group >> 3) + 16 * (group & 1), shift: group & 6 });

/** The 6-bit scales and minima of Q4_K and Q5_K: four in the low bits of the first bytes each, the rest put together from nibbles and top bits. */
function scaleOf(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return (bytes[at + group] as number) & 63;
  return ((bytes[at + group + 4] as number) & 15) | (((bytes[at + group - 4] as number) >> 6) << 4);
}

function minimumOf(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return (bytes[at + group + 4] as number) & 63;
  return ((bytes[at + group + 4] as number) >> 4) | (((bytes[at + group] as number) >> 6) << 4);
}
