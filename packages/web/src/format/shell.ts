import type { Call, JsonObject, Request, WireFormat } from "@cutaway/core";

/** One shell word that stands for exactly this text. */
export const shellQuote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/**
 * The request as a cURL command. The key is a variable of the shell: it is not recorded, so it cannot be copied.
 * Undefined when the body as sent is not known.
 */
export function curlOf(request: Request): string | undefined {
  const body: JsonObject | undefined = request.body;
  if (!body || request.format === "local") return undefined;
  const anthropic = request.format === "anthropic-messages";
  const lines = [`curl ${shellQuote(request.url ?? defaultUrl[request.format])}`, `-H 'content-type: application/json'`];
  if (anthropic) {
    lines.push(
      `-H "x-api-key: $ANTHROPIC_API_KEY"`,
      `-H ${shellQuote(`anthropic-version: ${request.headers?.["anthropic-version"] ?? "2023-06-01"}`)}`,
    );
    const beta = request.headers?.["anthropic-beta"];
    if (beta) lines.push(`-H ${shellQuote(`anthropic-beta: ${beta}`)}`);
  } else {
    lines.push(`-H "authorization: Bearer $OPENAI_API_KEY"`);
  }
  if (body.stream === true) lines.push("--no-buffer");
  lines.push(`--data-raw ${shellQuote(JSON.stringify(body))}`);
  return lines.join(" \\\n  ");
}

const defaultUrl: Record<WireFormat, string> = {
  "openai-chat": "https://api.openai.com/v1/chat/completions",
  "openai-responses": "https://api.openai.com/v1/responses",
  "anthropic-messages": "https://api.anthropic.com/v1/messages",
};

export const explainCommand = (call: Pick<Call, "id">): string => `npx cutaway explain ${call.id}`;

/** Prints one part of a call as it is stored. path  in jq's language: `.call.answers[0].steps[12]` */
export const showCommand = (id: string, path: string): string => `npx cutaway show ${id} --json | jq ${shellQuote(path)}`;

/** `set` in the vocabulary's names; a parameter that is null or undefined is left out of the new request. */
export function replayCommand(id: string, set: Record<string, unknown>): string {
  const options = Object.entries(set).map(([name, value]) => ` --set ${shellQuote(`${wireName(name)}=${valueText(value)}`)}`);
  return `npx cutaway replay ${id}${options.join("")}`;
}

/** As the field spells parameters: `topP` → `top_p`. */
export const wireName = (name: string): string =>
  name === "maxOutputTokens" ? "max_tokens" : name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

const valueText = (value: unknown): string =>
  typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);

export const positionsCommand = (name: string): string => `npx cutaway inspect positions ${shellQuote(name)}`;

export const modelCommand = (name: string): string => `npx cutaway models info ${shellQuote(name)}`;
