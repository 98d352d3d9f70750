import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { ownHosts, refusalOf } from "../src/guard.ts";

const ask = (headers: Record<string, string>, url = "/v1/models", rawHeaders = Object.entries(headers).flat()) =>
  refusalOf({ headers, rawHeaders, url } as unknown as IncomingMessage, ownHosts(4747))?.code;

test.each(["127.0.0.1:4747", "localhost:4747", "LOCALHOST:4747", "[::1]:4747"])("host %s is ours", (host) => {
  expect(ask({ host })).toBeUndefined();
  expect(ask({ host, origin: `http://${host}` })).toBeUndefined();
});

test.each([
  "evil.example",
  "evil.example:4747",
  "127.0.0.1",
  "127.0.0.1:4748",
  "localhost.evil.example:4747",
  "127.0.0.1:4747.evil.example",
  "0.0.0.0:4747",
  "",
])("host %j is refused", (host) => {
  expect(ask({ host })).toBe("foreign-host");
});

test("no host, and two hosts", () => {
  expect(ask({})).toBe("foreign-host");
  expect(ask({ host: "localhost:4747" }, "/", ["Host", "localhost:4747", "host", "evil.example"])).toBe("foreign-host");
});

test.each([
  "http://evil.example",
  "https://localhost:4747",
  "http://localhost:3000",
  "null",
  "http://localhost:4747.evil.example",
  "http://http://localhost:4747",
])("origin %s is refused", (origin) => {
  expect(ask({ host: "localhost:4747", origin })).toBe("foreign-origin");
});

test("a page of another site may link here, not load from here", () => {
  const host = "localhost:4747";
  expect(ask({ host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, "/")).toBeUndefined();
  expect(ask({ host, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, "/v1/models")).toBe("foreign-origin");
});

test("a forward proxy's request is refused", () => {
  expect(ask({ host: "localhost:4747" }, "http://evil.example/")).toBe("not-a-forward-proxy");
});

test("port 80 is left out of Host by clients", () => {
  expect(ownHosts(80).has("localhost")).toBe(true);
  expect(ownHosts(4747).has("localhost")).toBe(false);
});
