import type { JsonObject } from "@cutaway/core";

export interface StreamEnds {
  /** Called once, however the stream ends. */
  ended(): void;
  /** The reader is gone, or has not read for too long: nothing more is to be made. */
  cancel(): void;
  /** What to tell instead of the rest where making it failed. */
  failure(error: unknown): JsonObject;
}

/** Milliseconds in which a reader may read nothing while there is something to read: it holds a place that others wait for. */
const patience = 60_000;

/**
 * Server-sent events, `[DONE]` last. The next one is made when the reader has room for it: a slow reader slows its own answer, and no memory grows.
 */
export function eventStream(
  events: AsyncGenerator<JsonObject>,
  { ended, cancel, failure }: StreamEnds,
  patienceMs = patience,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const end = () => {
    clearTimeout(timer);
    if (isOver) return;
    isOver = true;
    ended();
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(timer);
        const send = (data: string) => controller.enqueue(encoder.encode(`data: ${data}\n\n`));
        try {
          const next = await events.next();
          if (isOver) return;
          if (!next.done) {
            send(JSON.stringify(next.value));
            timer = setTimeout(() => {
              cancel();
              controller.error(new Error("the reader stalled"));
              void events.return(undefined);
              end();
            }, patienceMs);
            return;
          }
        } catch (error) {
          if (isOver) return;
          send(JSON.stringify(failure(error)));
        }
        send("[DONE]");
        controller.close();
        end();
      },
      async cancel() {
        cancel();
        end();
        await events.return(undefined).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}
