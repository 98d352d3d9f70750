import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalModel, openLocalModel } from "@cutaway/runtime";
import { type TinyLlamaOptions, tinyLlamaFile } from "@cutaway/runtime/testing";
import { openStore, type Store } from "@cutaway/store";
import OpenAI from "openai";
import { onTestFinished } from "vitest";
import { type ModelServerOptions, type RunningModelServer, startModelServer } from "../../src/index.ts";

export interface Served extends RunningModelServer {
  model: LocalModel;
  store: Store;
  warnings: string[];
  client: OpenAI;
  /** A request as it is, without a client's care. */
  post(path: string, body: unknown, init?: RequestInit): Promise<{ status: number; headers: Headers; json: Json }>;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of answers, looked into by tests
export type Json = any;

export const modelName = "tiny";

/** A tiny model with random weights behind the endpoint, closed when the test ends. */
export async function served(...options: Parameters<typeof startServed>): Promise<Served> {
  const started = await startServed(...options);
  onTestFinished(started.end);
  return started;
}

/** The same for several tests: `end` closes it. */
export async function startServed(
  { streams = 4, queue = 8, ...options }: Partial<Omit<ModelServerOptions, "model">> = {},
  tiny: TinyLlamaOptions = {},
): Promise<Served & { end(): Promise<void> }> {
  const file = tinyLlamaFile({ seed: 3, trainedContext: 2048, endless: true, ...tiny });
  const folder = mkdtempSync(join(tmpdir(), "cutaway-serving-"));
  const model = await openLocalModel({ path: file.path, name: modelName }, { threads: 1, streams });
  const store = openStore(join(folder, "calls.db"));
  const warnings: string[] = [];
  const clean = async () => {
    await model.close();
    store.close();
    file.remove();
    rmSync(folder, { recursive: true });
  };
  const server = await startModelServer({ model, port: 0, streams, queue, store, warn: (message) => warnings.push(message), ...options }).catch(
    async (error: unknown) => {
      await clean();
      throw error;
    },
  );
  const end = async () => {
    await server.close();
    await clean();
  };
  const client = new OpenAI({ apiKey: options.token ?? "none", baseURL: `${server.url}/v1`, maxRetries: 0 });
  return {
    ...server,
    end,
    model,
    store,
    warnings,
    client,
    async post(path, body, init = {}) {
      const response = await fetch(`${server.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
      });
      return { status: response.status, headers: response.headers, json: await response.json() };
    },
  };
}

export const messages = [{ role: "user" as const, content: "hello" }];

export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
