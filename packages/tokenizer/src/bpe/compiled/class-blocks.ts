import { classOf } from "../../scan/character-class.ts";

const blockBits = 7;
const mostBlocks = 512;

/** The class of every code point in a thirtieth of the memory: blocks of 128, each kept once, and which block each 128 code points have. */
export interface ClassBlocks {
  blocks: Uint16Array;
  classes: Uint8Array;
}

let packed: ClassBlocks | undefined;

export function classBlocks(): ClassBlocks {
  packed ??= pack();
  return packed;
}

function pack(): ClassBlocks {
  const size = 1 << blockBits;
  const blocks = new Uint16Array(0x110000 >> blockBits);
  const classes = new Uint8Array(mostBlocks * size);
  const known = new Map<string, number>();
  const block = new Uint8Array(size);
  for (let index = 0; index < blocks.length; index++) {
    for (let at = 0; at < size; at++) block[at] = classOf((index << blockBits) + at);
    const key = String.fromCharCode(...block);
    const number = known.get(key) ?? known.size;
    if (number === known.size) {
      known.set(key, number);
      classes.set(block, number * size);
    }
    blocks[index] = number;
  }
  return { blocks, classes: classes.slice(0, known.size * size) };
}
