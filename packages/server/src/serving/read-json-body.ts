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
  if (!isJsonObject(json)) throw refused("body", "the body is not a JSON object");
  refuseDeep(json);
  return json;
}

/** A message, or the schema of a tool, is nowhere near; what walks a value by recursion must come to its end. */
const deepest = 200;

function refuseDeep(json: JsonObject): void {
  const open: [value: unknown, depth: number][] = [[json, 1]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value !== "object" || value === null) continue;
    if (depth > deepest) throw refused("body", `the body has more than ${deepest} levels`, "Send a flatter one.");
    for (const inner of Object.values(value)) open.push([inner, depth + 1]);
  }
}

const tooLarge = (bytes: number) =>
  new CutawayError("too-large", `the body has ${bytes} bytes; up to ${mostBytes} are read`, { fix: "Shorten the prompt." });
