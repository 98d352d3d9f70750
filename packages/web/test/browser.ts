import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where systems keep their Chromium; `CUTAWAY_CHROMIUM` names another. Nothing is downloaded. */
const usual = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].flatMap((name) => [`/usr/bin/${name}`, `/snap/bin/${name}`]);
const apple = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

export const chromiumPath = (): string | undefined => process.env.CUTAWAY_CHROMIUM ?? [...usual, ...apple].find((path) => existsSync(path));

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
