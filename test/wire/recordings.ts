import { globSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** One recorded exchange, as raw as it lies in the corpus. */
export interface Recording {
  name: string;
  /** The file the product reads, and the position of this exchange in it. */
  file: string;
  index: number;
  uri?: string;
  status?: number;
  headers: Record<string, string>;
  body: string;
}

/** `*.json` whole bodies, `*.chunks.txt` one stream event a line, `*.sse`, and cassettes of HTTP pairs. */
export function recordingsIn(root: string): Recording[] {
  const files = globSync("{vercel-ai,openinference}/**/*.{json,txt,sse}", { cwd: root }).toSorted();
  return files.flatMap((name) => {
    const file = `${root}/${name}`;
    const text = readFileSync(file, "utf8");
    if (!name.startsWith("openinference/")) {
      const bodies = streamsIn(text);
      return bodies.map((body, index) => ({ name: bodies.length > 1 ? `${name}#${index}` : name, file, index, headers: {}, body }));
    }
    const { interactions } = JSON.parse(text) as { interactions: Interaction[] };
    return interactions.map(({ request, response }, index) => ({
      name: `${name}#${index}`,
      file,
      index,
      uri: request.uri,
      ...(typeof response.status === "number" && { status: response.status }),
      headers: Object.fromEntries(Object.entries(response.headers ?? {}).map(([key, value]) => [key.toLowerCase(), String(value)])),
      body: bodyText(response.body),
    }));
  });
}

/** Some files hold the streams of several turns one after another: each ends with its terminal event. */
function streamsIn(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  const ends = lines.flatMap((line, i) => (/^\{.*"type":\s*"(message_stop|response\.completed)"/.test(line) ? [i + 1] : []));
  const cuts = [0, ...ends.filter((end) => lines.slice(end).join("").trim() !== ""), lines.length];
  return cuts.slice(1).map((end, i) => lines.slice(cuts[i], end).join(""));
}

const bodyText = (body: unknown): string => {
  if (typeof body === "string") return body;
  const { base64 } = (body ?? {}) as { base64?: string };
  if (base64?.startsWith("H4sI")) return gunzipSync(Buffer.from(base64, "base64")).toString("utf8");
  return JSON.stringify(body ?? "");
};

interface Interaction {
  request: { uri: string };
  response: { status?: number; headers?: Record<string, unknown>; body: unknown };
}
