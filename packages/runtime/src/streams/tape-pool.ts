import type { Stepper } from "@cutaway/core";
import { createPromptReader, type PromptReader } from "../prompt-reader.ts";

/** A stepper and what it has read: the place of one answer. */
export interface Tape {
  stepper: Stepper;
  reader: PromptReader;
}

/** What an answer needs before it can begin. */
export interface Need {
  /** Prompt and the longest answer. */
  positions: number;
  /** The prompt: a tape that holds its beginning is the best one. */
  ids: Uint32Array;
  isStopped(): boolean;
}

export interface TapePool {
  /** Waits in line, first come, first served. @returns undefined where `isStopped` said so while it waited */
  take(need: Need): Promise<Tape | undefined>;
  giveBack(tape: Tape): void;
  /** Sends those away who do not want to wait any longer. */
  sweep(): void;
  /** Of those in use, waiting, and of all that are kept. */
  readonly counts: { taken: number; waiting: number; positions: number };
  close(): void;
}

export interface TapePoolOptions {
  /** Tapes in use at once at most. */
  tapes: number;
  /** Positions of all tapes together at most; one answer alone may have more. */
  positions: number;
  newStepper(capacity: number): Stepper;
  /** Default: prompts are fed to the stepper. */
  newReader?(stepper: Stepper): PromptReader;
  /** Positions that a new tape is made with; default: what is needed, and up to a multiple of `grain`. */
  capacityFor?(positions: number): number;
}

/** Answers of similar length fit the same tapes. */
const grain = 256;
/** How many times longer than needed a tape may be that is taken for want of a better one. */
const roomy = 2;

/**
 * Tapes for many answers at once in bounded memory. A tape is as long as its answer needs, and is kept afterwards with its prompt, so that the
 * next prompt with the same beginning, or the next answer of that length, finds it. Where room is needed, the one unused longest is given up.
 */
export function createTapePool({
  tapes,
  positions,
  newStepper,
  newReader = createPromptReader,
  capacityFor = (needed) => Math.ceil(needed / grain) * grain,
}: TapePoolOptions): TapePool {
  const taken = new Set<Tape>();
  /** Unused ones, the one unused longest first. */
  const idle: Tape[] = [];
  const line: { need: Need; resolve(tape: Tape | undefined): void; reject(error: unknown): void }[] = [];

  const total = () => [...taken, ...idle].reduce((sum, { stepper }) => sum + stepper.capacity, 0);
  const drop = (tape: Tape) => {
    idle.splice(idle.indexOf(tape), 1);
    tape.stepper.close();
  };
  const fitting = (need: Need) => idle.filter(({ stepper }) => stepper.capacity >= need.positions);

  const find = (need: Need): Tape | undefined => {
    if (taken.size >= tapes) return undefined;
    const shared = ({ reader }: Tape) => reader.shared(need.ids);
    const best = fitting(need).reduce<Tape | undefined>((best, tape) => (shared(tape) > (best ? shared(best) : 0) ? tape : best), undefined);
    if (best) return best;
    const capacity = capacityFor(need.positions);
    const hasPlace = taken.size + idle.length < tapes;
    if (hasPlace && total() + capacity <= positions) return makeTape(capacity);
    // A tape of a whole context under a short answer would keep others waiting for its positions.
    const [oldest] = fitting(need).filter(({ stepper }) => stepper.capacity <= roomy * capacity);
    if (oldest) return oldest;
    while (idle[0] && (taken.size + idle.length >= tapes || total() + capacity > positions)) drop(idle[0]);
    return total() + capacity <= positions || taken.size === 0 ? makeTape(capacity) : undefined;
  };
  const makeTape = (capacity: number): Tape => {
    const stepper = newStepper(capacity);
    return { stepper, reader: newReader(stepper) };
  };
  const serve = () => {
    for (let first = line[0]; first; first = line[0]) {
      try {
        const tape = first.need.isStopped() ? undefined : find(first.need);
        if (!tape && !first.need.isStopped()) return;
        line.shift();
        if (tape) {
          if (idle.includes(tape)) idle.splice(idle.indexOf(tape), 1);
          taken.add(tape);
        }
        first.resolve(tape);
      } catch (error) {
        line.shift();
        first.reject(error);
      }
    }
  };

  return {
    take: (need) =>
      new Promise((resolve, reject) => {
        line.push({ need, resolve, reject });
        serve();
      }),
    giveBack(tape) {
      taken.delete(tape);
      idle.push(tape);
      serve();
    },
    sweep() {
      for (let at = line.length - 1; at >= 0; at--) if (line[at]?.need.isStopped()) line.splice(at, 1)[0]?.resolve(undefined);
    },
    get counts() {
      return { taken: taken.size, waiting: line.length, positions: total() };
    },
    close() {
      for (const { stepper } of [...taken, ...idle]) stepper.close();
      taken.clear();
      idle.length = 0;
    },
  };
}
