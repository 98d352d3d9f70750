import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openStore } from "@cutaway/store";
import { expect, test } from "vitest";
import { createApi } from "../src/api/create-api.ts";
import { openUpstream } from "../src/proxy/upstream.ts";

test("docs/api.md names every route, and no other", () => {
  const page = readFileSync(fileURLToPath(new URL("../../../docs/api.md", import.meta.url)), "utf8");
  const store = openStore(":memory:");
  const upstream = openUpstream("openai", "http://127.0.0.1:1");
  const api = createApi({
    store,
    feed: { subscribe: () => () => {}, close: () => {} },
    upstreams: { openai: upstream, anthropic: upstream },
    counts: { recorded: 0, unrecorded: 0 },
    explainer: { later: () => {}, now: async () => "", close: async () => {} },
    sources: { locals: { of: () => Promise.reject(), close: async () => {} }, baseUrlFor: () => undefined },
    verifier: { start: () => Promise.reject(), current: () => undefined, cancel: () => false, subscribe: () => () => {}, close: async () => {} },
    bench: { run: () => Promise.reject(), close: async () => {} },
    uploads: { add: () => "", remove: () => {}, files: new Map(), close: () => {} },
    inside: { run: () => Promise.reject(), close: async () => {} },
    warn: () => {},
  });
  store.close();
  const routes = api.routes.filter(({ path, method }) => path.startsWith("/api/") && method !== "ALL").map(({ method, path }) => `${method} ${path}`);
  const documented = [...page.matchAll(/^\| `(GET|POST|DELETE) ([^`?]+)[^`]*`(?:, `…\/([^`]+)`)?/gm)].flatMap(([, method, path = "", sibling]) => {
    const paths = sibling === undefined ? [path] : [path, path.replace(/[^/]+$/, sibling)];
    return paths.map((each) => `${method} ${each.replace("REF", ":ref").replace("RULE", ":rule")}`);
  });
  const expected = routes.flatMap((route) =>
    route.endsWith(":which{request|response}") ? ["request", "response"].map((which) => route.replace(/:which.*/, which)) : [route],
  );
  expect(documented.toSorted()).toEqual([...new Set(expected)].toSorted());
});
