import type { Verifier } from "../verifying/verifier.ts";
import type { ChangeFeed } from "./change-feed.ts";

const utf8 = new TextEncoder();
const heartbeatMs = 15_000;
/** More ids than this in one message are told in several. */
const idsAtOnce = 500;

/** `GET /api/events`: server-sent events naming the calls that changed, never the calls themselves; and how far a verification is. */
export function eventStream(feed: ChangeFeed, verifier: Pick<Verifier, "subscribe">, signal: AbortSignal): Response {
  let stop = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(utf8.encode(text));
      const unsubscribe = feed.subscribe((ids) => {
        for (let at = 0; at < ids.length; at += idsAtOnce)
          send(`event: changed\ndata: ${JSON.stringify({ ids: ids.slice(at, at + idsAtOnce) })}\n\n`);
      });
      const unfollow = verifier.subscribe((state) => send(`event: verify\ndata: ${JSON.stringify(state)}\n\n`));
      const heartbeat = setInterval(() => send(": still here\n\n"), heartbeatMs);
      stop = () => {
        unsubscribe();
        unfollow();
        clearInterval(heartbeat);
      };
      signal.addEventListener("abort", () => {
        stop();
        controller.close();
      });
      send(": listening\n\n");
    },
    cancel: () => stop(),
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}
