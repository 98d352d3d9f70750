/**
 * The items of several sources as they come, each with the number of its source. A source is asked for its next item only when the one before was taken,
 * so that a slow reader slows all of them. Where the reader leaves or a source fails, all are ended.
 */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<[source: number, item: T]> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const arrived: { source: number; result: IteratorResult<T> }[] = [];
  let failure: { error: unknown } | undefined;
  let wake = () => {};
  const ask = (source: number) =>
    void iterators[source]?.next().then(
      (result) => {
        arrived.push({ source, result });
        wake();
      },
      (error: unknown) => {
        failure ??= { error };
        wake();
      },
    );
  let running = iterators.length;
  try {
    for (let source = 0; source < iterators.length; source++) ask(source);
    while (running > 0) {
      if (failure) throw failure.error;
      const next = arrived.shift();
      if (!next) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (next.result.done) running--;
      else {
        yield [next.source, next.result.value];
        ask(next.source);
      }
    }
  } finally {
    for (const iterator of iterators) void iterator.return?.(undefined)?.then(undefined, () => {});
  }
}
