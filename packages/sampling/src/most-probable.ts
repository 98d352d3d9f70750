/**
 * The indexes of the k highest scores, highest first; of equal ones the lower index first. -Infinity and NaN never stand in it.
 * A heap whose root is the worst of the best so far: almost every score of a large vocabulary falls to the first comparison.
 * @returns min(k, scores above -Infinity) indexes.
 */
export function mostProbable(scores: Float32Array, count: number, k: number): number[] {
  const heap: number[] = [];
  const worse = (a: number, b: number) => {
    const difference = (scores[a] as number) - (scores[b] as number);
    return difference < 0 || (difference === 0 && a > b);
  };
  let i = 0;
  for (; i < count && heap.length < k; i++) {
    if (!((scores[i] as number) > -Infinity)) continue;
    let child = heap.length;
    while (child > 0 && worse(i, heap[(child - 1) >> 1] as number)) {
      heap[child] = heap[(child - 1) >> 1] as number;
      child = (child - 1) >> 1;
    }
    heap[child] = i;
  }
  if (heap.length === 0) return heap;
  for (;;) {
    i = nextAbove(scores, i, count, scores[heap[0] as number] as number);
    if (i === count) break;
    let hole = 0;
    for (let child = 1; child < heap.length; child = 2 * hole + 1) {
      if (child + 1 < heap.length && worse(heap[child + 1] as number, heap[child] as number)) child++;
      if (!worse(heap[child] as number, i)) break;
      heap[hole] = heap[child] as number;
      hole = child;
    }
    heap[hole] = i++;
  }
  return heap.sort((a, b) => (worse(a, b) ? 1 : -1));
}

/** The first index from `from` on whose score is above the floor; `count` if there is none. */
function nextAbove(scores: Float32Array, from: number, count: number, floor: number): number {
  let i = from;
  while (i < count && !((scores[i] as number) > floor)) i++;
  return i;
}
