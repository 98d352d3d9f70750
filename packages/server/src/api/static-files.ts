import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** Only what this server sends may run or load in the workbench; model output is text there, and this is the second lock. */
const contentPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const notBuilt =
  "The workbench is not built yet.\n\nIn the clone, run: npm run build:web\nThe API and the recording proxy on this port work without it.\n";

/** A file of the built workbench. A path without extension is one of its pages: they are all `index.html`, the URL holds the state. */
export async function staticFile(webRoot: string | undefined, path: string): Promise<Response> {
  const index = webRoot === undefined ? undefined : await fileAt(join(webRoot, "index.html"));
  if (webRoot === undefined || !index) return new Response(notBuilt, { status: 503, headers: { "content-type": "text/plain; charset=utf-8" } });
  const wanted = inside(webRoot, path);
  const extension = extname(wanted ?? "");
  if (wanted === undefined || extension === "") return page(index, ".html", "no-cache");
  const body = extension in types ? await fileAt(wanted) : undefined;
  if (!body) return new Response("There is no such file.\n", { status: 404, headers: { "content-type": "text/plain; charset=utf-8" } });
  return page(body, extension, path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
}

function page(body: Buffer<ArrayBuffer>, extension: string, caching: string): Response {
  return new Response(body, {
    headers: { "content-type": types[extension] ?? "application/octet-stream", "cache-control": caching, "content-security-policy": contentPolicy },
  });
}

function inside(root: string, path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const full = normalize(join(root, decoded));
  return decoded.includes("\0") || !full.startsWith(normalize(root) + sep) ? undefined : full;
}

async function fileAt(path: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return (await stat(path)).isFile() ? await readFile(path) : undefined;
  } catch {
    return undefined;
  }
}
