import { CutawayError, isJsonObject, type JsonObject } from "@cutaway/core";
import { refused } from "./api-error.ts";

/** Room for the longest prompt that the runtime reads, with every character escaped three bytes long. */
const mostBytes = 16 * 1024 * 1024;

/** @throws `too-large` as soon as that is known, `invalid-parameter` for what is no JSON object */
export async function readJsonBody(request: Request): Promise<JsonObject> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > mostBytes) throw tooLarge(declared);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > mostBytes) throw tooLarge(size);
    parts.push(part);
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)));
  } catch (error) {
    throw refused("body", `the body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`);
  }
  if (isJsonObject(json)) return json;
  throw refused("body", "the body is not a JSON object");
}

const tooLarge = (bytes: number) =>
  new CutawayError("too-large", `the body has ${bytes} bytes; up to ${mostBytes} are read`, { fix: "Shorten the prompt." });
