import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunningServer, type ServerOptions, startServer } from "@cutaway/server";
import { openStore, type Store } from "@cutaway/store";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { launchBrowser } from "./browser.ts";

/** The workbench as it is built, on the real server over a fresh store, in the system's browser. */
export interface Workbench {
  store: Store;
  server: RunningServer;
  browser: Browser;
  /** Everything pages complained of, and every request of theirs to anywhere but the server. Tests empty it. */
  trouble: string[];
  newPage(viewport: { width: number; height: number }, colorScheme?: "dark" | "light"): Promise<Page>;
  close(): Promise<void>;
}

export async function openWorkbench(chromium: string, options: Partial<ServerOptions> = {}): Promise<Workbench> {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-workbench-"));
  const root = fileURLToPath(new URL("..", import.meta.url));
  const outDir = join(folder, "dist");
  await build({ configFile: join(root, "vite.config.ts"), logLevel: "error", build: { outDir } });
  const store = openStore(join(folder, "calls.db"));
  const server = await startServer({ store, port: 0, webRoot: outDir, ...options });
  const browser = await launchBrowser(chromium);
  const trouble: string[] = [];
  return {
    store,
    server,
    browser,
    trouble,
    async newPage(viewport, colorScheme = "dark") {
      const context = await browser.newContext({ viewport, colorScheme, permissions: ["clipboard-read", "clipboard-write"] });
      const made = await context.newPage();
      made.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") trouble.push(`${message.type()}: ${message.text()}`);
      });
      made.on("pageerror", (error) => trouble.push(`threw: ${error.message}`));
      made.on("request", (request) => {
        if (!request.url().startsWith(server.url)) trouble.push(`asked ${request.url()}`);
      });
      return made;
    },
    async close() {
      await browser.close();
      await server.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
