import { createServer, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What to answer to one request. */
export interface ReplayAnswer {
  /** Default 200. */
  status?: number;
  headers?: Record<string, string>;
  /** The body in the pieces in which it is written, each after its delay in milliseconds. */
  chunks: (string | Uint8Array | { after?: number; bytes: string | Uint8Array })[];
  /** Destroy the connection after that many bytes of the body. */
  cutAfter?: number;
  /** Milliseconds before the head is sent. */
  headAfter?: number;
}

export interface SeenRequest {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
}

export interface ReplayServer {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Every request that came, in order. */
  requests: SeenRequest[];
  close(): Promise<void>;
}

/**
 * A server on the loopback address that answers over real sockets with what it is given: recorded bodies, constructed ones, cut streams.
 * answer  called for every request; may differ by path or by how often it was asked
 */
export async function startReplayServer(
  answer: (request: SeenRequest, index: number) => ReplayAnswer | Promise<ReplayAnswer>,
): Promise<ReplayServer> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const seen: SeenRequest = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body: await bodyOf(request) };
    requests.push(seen);
    const { status = 200, headers = {}, chunks, cutAfter, headAfter } = await answer(seen, requests.length - 1);
    if (headAfter) await sleep(headAfter);
    response.writeHead(status, headers);
    response.flushHeaders();
    let left = cutAfter ?? Number.POSITIVE_INFINITY;
    for (const chunk of chunks) {
      const { after = 0, bytes } = typeof chunk === "string" || chunk instanceof Uint8Array ? { bytes: chunk } : chunk;
      if (after > 0) await sleep(after);
      const piece = Buffer.from(bytes).subarray(0, left);
      left -= piece.length;
      if (response.destroyed) return;
      if (piece.length > 0) await new Promise<void>((resolve) => response.write(piece, () => resolve()));
      if (left <= 0) {
        response.destroy();
        return;
      }
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}
