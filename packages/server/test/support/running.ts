import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "@cutaway/store";
import { onTestFinished } from "vitest";
import { type RunningServer, type ServerOptions, startServer } from "../../src/index.ts";
import { type Answer, type ReplayServer, replayServer, type Seen } from "./replay-server.ts";

export interface Running extends RunningServer {
  store: Store;
  /** Of the data file. */
  path: string;
  upstream: ReplayServer;
  warnings: string[];
}

/** A server over a fresh data file, with one replay server for both vendors behind it. All is closed when the test ends. */
export async function running(answer: (request: Seen) => Answer, options: Partial<ServerOptions> = {}): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-server-"));
  const path = join(folder, "recorded.db");
  const store = openStore(path);
  const upstream = await replayServer(answer);
  const warnings: string[] = [];
  const server = await startServer({
    store,
    port: 0,
    upstreams: { openai: upstream.url, anthropic: upstream.url },
    warn: (message) => warnings.push(message),
    ...options,
  });
  onTestFinished(async () => {
    await server.close();
    store.close();
    await upstream.close();
    rmSync(folder, { recursive: true });
  });
  return { ...server, store, path, upstream, warnings };
}
