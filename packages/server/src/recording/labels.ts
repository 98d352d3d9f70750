import type { IncomingHttpHeaders } from "node:http";
import type { Call } from "@cutaway/core";

/** What the caller says about a call: `x-cutaway-session`, `x-cutaway-tag` (a list, commas between), and the W3C `traceparent`. */
export interface Labels {
  trace?: Call["trace"];
  tags?: string[];
}

export function labelsOf(headers: IncomingHttpHeaders): Labels {
  const session = text(headers["x-cutaway-session"]).slice(0, 200);
  const tags = text(headers["x-cutaway-tag"])
    .split(",")
    .map((tag) => tag.trim().slice(0, 100))
    .filter((tag) => tag !== "")
    .slice(0, 20);
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(text(headers.traceparent)) ?? [];
  const parent = traceId !== undefined && spanId !== undefined ? { traceId, spanId: randomHex(8), parentSpanId: spanId } : undefined;
  const trace = parent ?? (session ? { traceId: randomHex(16), spanId: randomHex(8) } : undefined);
  return { ...(trace && { trace: { ...trace, ...(session && { session }) } }), ...(tags.length > 0 && { tags }) };
}

const text = (value: string | string[] | undefined): string => [value ?? []].flat().join(",").trim();

const randomHex = (bytes: number): string => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
