/** `text[start, end)` repeats with a period: `text[i] === text[i - period]` for every i from `start + period`. */
export interface PeriodicRun {
  start: number;
  end: number;
  period: number;
}

/** Characters that must agree before a distance is tried as a period. */
const window = 8;

/**
 * Stretches of a text that repeat themselves at least `copies` times, in order, as long as they can be made.
 * Every position looks up where its last 8 characters stood before; that distance is followed as a period until a character
 * disagrees. One pass, a table of at most 8 MB, no matter what the text is.
 * text       any length; positions are UTF-16 code units
 * minLength  shortest stretch to report
 */
export function periodicRuns(text: string, minLength = 60, copies = 3): PeriodicRun[] {
  const runs: PeriodicRun[] = [];
  const slots = tableSize(text.length);
  const lastEnd = new Int32Array(slots);
  let hash = 0;
  let period = 0;
  let from = 0;

  const close = (end: number) => {
    if (end - from + period < minLength || end - from < period * (copies - 1)) return;
    let start = from - period;
    while (start > 0 && text.charCodeAt(start - 1) === text.charCodeAt(start - 1 + period)) start--;
    const previous = runs[runs.length - 1];
    if (previous && start < previous.end && previous.period === period) previous.end = end;
    else runs.push({ start, end, period });
  };

  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    hash = Math.imul(hash, base) + code + 1;
    if (i >= window) hash -= Math.imul(leaving, text.charCodeAt(i - window) + 1);
    if (period > 0 && code !== text.charCodeAt(i - period)) {
      close(i);
      period = 0;
    }
    if (i < window - 1) continue;
    const slot = Math.imul(hash, 0x9e3779b1) >>> (32 - Math.log2(slots));
    if (period === 0) {
      const before = (lastEnd[slot] as number) - 1;
      if (before >= window - 1 && sameWindow(text, before, i)) {
        period = i - before;
        from = i - window + 1;
      }
    }
    lastEnd[slot] = i + 1;
  }
  if (period > 0) close(text.length);
  return runs;
}

const base = 0x01000193;
/** base ** window modulo 2^32: the weight of the character that leaves the window. */
const leaving = Array.from({ length: window }).reduce<number>((power) => Math.imul(power, base), 1);

function tableSize(length: number): number {
  let size = 256;
  while (size < length && size < 1 << 21) size *= 2;
  return size;
}

function sameWindow(text: string, a: number, b: number): boolean {
  for (let k = 0; k < window; k++) if (text.charCodeAt(a - k) !== text.charCodeAt(b - k)) return false;
  return true;
}
