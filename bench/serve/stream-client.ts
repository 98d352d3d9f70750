/** What one client saw, request after request. */
export interface ClientLog {
  /** Pieces of text: tokens, but for those that are only part of a character. */
  pieces: number;
  /** Milliseconds from asking to the first piece; between two pieces of one answer. */
  firstAfter: number[];
  gaps: number[];
  finished: number;
  errors: string[];
}

/** Asks for one streamed chat completion after the other until `until`; what runs then is cut off, and is no error. */
export async function askUntil(
  until: number,
  { baseUrl, model, maxTokens, prompt }: { baseUrl: string; model: string; maxTokens: number; prompt(request: number): string },
): Promise<ClientLog> {
  const log: ClientLog = { pieces: 0, firstAfter: [], gaps: [], finished: 0, errors: [] };
  const stop = AbortSignal.timeout(Math.max(1, Math.round(until - performance.now())));
  for (let request = 0; !stop.aborted; request++) {
    const askedAt = performance.now();
    try {
      const response = await fetch(`${baseUrl}/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          model,
          messages: [{ role: "user", content: prompt(request) }],
          max_tokens: maxTokens,
          temperature: 1,
          seed: request,
          stream: true,
        }),
        signal: stop,
      });
      if (response.status !== 200 || !response.body) throw new Error(`${response.status}: ${(await response.text()).slice(0, 200)}`);
      await read(response.body, askedAt, log);
    } catch (error) {
      if (!stop.aborted) log.errors.push(error instanceof Error ? error.message : String(error));
    }
  }
  return log;
}

async function read(body: ReadableStream<Uint8Array>, askedAt: number, log: ClientLog): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  let last: number | undefined;
  let isDone = false;
  let finish: unknown;
  for await (const part of body) {
    const now = performance.now();
    const events = (rest + decoder.decode(part, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const data = event.replace(/^data: /, "");
      if (data === "[DONE]") {
        isDone = true;
        continue;
      }
      const { choices, error } = JSON.parse(data) as {
        choices?: { delta: { content?: string }; finish_reason: unknown }[];
        error?: { message: string };
      };
      if (error) throw new Error(error.message);
      finish ??= choices?.[0]?.finish_reason;
      if (!choices?.[0]?.delta.content) continue;
      log.pieces++;
      if (last === undefined) log.firstAfter.push(now - askedAt);
      else log.gaps.push(now - last);
      last = now;
    }
  }
  if (!isDone || !finish) throw new Error("the stream ended without its end");
  log.finished++;
}
