import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as after } from "node:timers/promises";

/** What a replay server answers with. */
export interface Answer {
  status?: number;
  /** In order, as written: [name, value, …]. */
  headers?: string[];
  /** Bytes with the pause before each, in milliseconds. */
  chunks: (string | Uint8Array | [pauseMs: number, bytes: string | Uint8Array])[];
  /** `close`: the connection breaks instead of ending. `hang`: nothing more comes. */
  end?: "close" | "hang";
}

export interface Seen {
  method: string;
  url: string;
  rawHeaders: string[];
  body: Buffer;
}

export interface ReplayServer {
  url: string;
  seen: Seen[];
  /** Connections that the other side gave up before the answer's end. */
  aborted: number;
  close(): Promise<void>;
}

/** A model API that says what it is told to, over a real socket. */
export async function replayServer(answer: (request: Seen) => Answer): Promise<ReplayServer> {
  const server = createServer((request, response) => void reply(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const replay: ReplayServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    aborted: 0,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };

  const reply = async (request: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const seen = { method: request.method ?? "", url: request.url ?? "", rawHeaders: request.rawHeaders, body: Buffer.concat(pieces) };
    replay.seen.push(seen);
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) replay.aborted++;
      gone.abort();
    });
    const { status = 200, headers = ["Content-Type", "application/json"], chunks, end } = answer(seen);
    response.sendDate = false;
    response.writeHead(status, headers);
    response.flushHeaders();
    for (const chunk of chunks) {
      const [pause, bytes] = Array.isArray(chunk) ? chunk : [0, chunk];
      if (pause > 0) await after(pause);
      if (gone.signal.aborted) return;
      if (!response.write(bytes)) await once(response, "drain", { signal: gone.signal }).catch(() => {});
    }
    if (end === "hang") return;
    if (end === "close") setTimeout(() => response.destroy(), 20);
    else response.end();
  };
  return replay;
}
