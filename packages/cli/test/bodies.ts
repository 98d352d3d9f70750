/** Bodies as providers send them, made by hand: small, and with one thing wrong each. */
export const chatRequest = (changes: object = {}) => ({
  model: "gpt-4o-mini",
  messages: [
    { role: "system", content: "You are a terse release-notes writer." },
    { role: "user", content: "Summarise the outage of 12 March." },
  ],
  max_tokens: 16,
  temperature: 0.7,
  ...changes,
});

export const chatAnswer = (text: string, finish = "length", changes: object = {}) => ({
  id: "chatcmpl-constructed",
  object: "chat.completion",
  created: 1_741_944_413,
  model: "gpt-4o-mini-2024-07-18",
  choices: [{ index: 0, message: { role: "assistant", content: text, refusal: null }, logprobs: null, finish_reason: finish }],
  usage: { prompt_tokens: 29, completion_tokens: 16, total_tokens: 45 },
  ...changes,
});

/** A request with its response, as files of recorded traffic hold them. */
export const pair = (request: object, response: object, url = "https://api.openai.com/v1/chat/completions", status = 200): string =>
  JSON.stringify({
    request: { method: "POST", url, body: request },
    response: { status, headers: { "content-type": "application/json" }, body: response },
  });

export const cutPair = (url?: string): string =>
  pair(chatRequest(), chatAnswer("Three things failed at once: a stale cache, a retry storm, and a"), url);

export const healthyPair = (): string =>
  pair(
    chatRequest({ max_tokens: 400 }),
    chatAnswer("A stale cache failed.", "stop", { usage: { prompt_tokens: 29, completion_tokens: 6, total_tokens: 35 } }),
  );
