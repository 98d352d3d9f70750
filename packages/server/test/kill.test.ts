import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { seededRandom } from "@cutaway/core";
import { openStore } from "@cutaway/store";
import { expect, test } from "vitest";
import { replayServer } from "./support/replay-server.ts";
import { chatBody, chatStream, messagesStream } from "./support/wire.ts";

const moments = 20;

async function startProxy(path: string, upstream: string, folder: string) {
  const child = spawn(
    process.execPath,
    ["--conditions=@cutaway/source", fileURLToPath(new URL("support/proxy-process.ts", import.meta.url)), path, upstream],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") }, // twenty starts of the same program
    },
  );
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: line.toString().trim(), exit: once(child, "exit") };
}

/** Calls one after the other until the proxy is gone; adds the name of each call whose end was seen, the moment it was seen. */
async function client(url: string, name: string, kind: "stream" | "whole" | "anthropic", finished: string[]): Promise<void> {
  for (let n = 0; ; n++) {
    const label = `${name}-${n}`;
    const messages = [{ role: "user", content: label }];
    const path = kind === "anthropic" ? "/v1/messages" : "/v1/chat/completions";
    try {
      const response = await fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": "test-key-0123", authorization: "Bearer test-key-0123" },
        body: JSON.stringify({ model: "gpt-4o-mini", max_tokens: 9, messages, stream: kind !== "whole" }),
      });
      let text = "";
      for await (const bytes of response.body ?? []) {
        text += Buffer.from(bytes).toString();
        if (/data: \[DONE\]\n\n|"message_stop"}\n\n/.test(text)) break;
      }
      if (kind === "whole") JSON.parse(text);
      else if (!/\[DONE\]|"message_stop"/.test(text)) return;
      finished.push(label);
    } catch {
      return;
    }
  }
}

test(`kill -9 of the proxy at ${moments} random moments: the store opens, no finished call is lost`, { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-kill-"));
  const path = join(folder, "calls.db");
  const upstream = await replayServer(({ url, body }) => {
    const { stream } = JSON.parse(body.toString()) as { stream: boolean };
    if (url === "/v1/messages") return messagesStream(["Hel", "lo"]);
    return stream ? chatStream(["Hel", "lo", "!"], 1) : { chunks: [chatBody("Hello")] };
  });
  const random = seededRandom(20_261_122);
  const finished: string[] = [];
  let next = startProxy(path, upstream.url, folder);
  for (let round = 0; round < moments; round++) {
    const { child, url, exit } = await next;
    const clients = (["stream", "whole", "anthropic", "stream"] as const).map((kind, i) => client(url, `round-${round}-client-${i}`, kind, finished));
    // Every fourth time it may have finished nothing yet; else two calls at least, however slow the machine.
    const before = finished.length;
    const isEarly = round % 4 === 3;
    while (!isEarly && finished.length < before + 2 && child.exitCode === null) await after(1);
    await after(isEarly ? 20 + random() * 180 : random() * 180);
    child.kill("SIGKILL");
    await exit;
    if (round < moments - 1) next = startProxy(path, upstream.url, folder);
    await Promise.all(clients);
  }
  await upstream.close();

  const store = openStore(path);
  const endings = new Map<string, string>();
  let answersWrong = 0;
  let before: ReturnType<typeof store.list>["next"];
  do {
    const page = store.list({ limit: 500, ...(before && { before }) });
    for (const { id, preview, ending } of page.rows) {
      endings.set(preview.split(" → ")[0] as string, ending);
      const call = store.get(id)?.call;
      if (ending === "complete" && !/^Hello!?$/.test(call?.answers[0]?.text ?? "")) answersWrong++;
    }
    before = page.next;
  } while (before);
  store.close();
  rmSync(folder, { recursive: true });
  expect(finished.length).toBeGreaterThan(moments);
  expect(finished.filter((label) => endings.get(label) !== "complete")).toEqual([]);
  expect(answersWrong).toBe(0);
});
