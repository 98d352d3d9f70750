/** A source of uniform numbers in [0, 1). Whatever draws takes one as an argument, so that a seed replays it. */
export type Random = () => number;

/**
 * Seeded uniform numbers: the same seed gives the same sequence on every machine.
 * seed    any safe integer; its low and high 32 bits are both used.
 * source  Blackman & Vigna 2018, xoshiro128**; seeded by splitmix32.
 */
export function seededRandom(seed: number): Random {
  let mix = (Math.trunc(seed / 0x1_0000_0000) ^ seed) | 0;
  const nextMixed = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
  let a = nextMixed();
  let b = nextMixed();
  let c = nextMixed();
  let d = nextMixed();
  return () => {
    const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return scrambled / 0x1_0000_0000;
  };
}

const rotateLeft = (x: number, by: number) => (x << by) | (x >>> (32 - by));
