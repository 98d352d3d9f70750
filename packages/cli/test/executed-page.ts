import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The page with every `$` command run again and its output put in place, in one folder and with one store from top to bottom. */
export function executed(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-docs-"));
  try {
    cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
    cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
    const alike = idsAlike();
    const run = (commandLine: string): string => {
      const ran = spawnSync("bash", ["-c", `exec 2>&1; ${commandLine}`], {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`, HOME: folder, COLUMNS: "80", CUTAWAY_DIR: join(folder, ".cutaway") },
      });
      const output = alike(ran.stdout);
      return output === "" || output.endsWith("\n") ? output : `${output}\n`;
    };
    return text.replace(/^```console\n([\s\S]*?)^```$/gm, (_, block: string) => {
      const commandLines = block.split("\n").filter((row) => row.startsWith("$ "));
      return `\`\`\`console\n${commandLines.map((row) => `${row}\n${run(row.slice(2))}`).join("")}\`\`\``;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Replaces ids, whole or as the list shortens them, by ones that are the same in every run: numbered in order of appearance. */
function idsAlike(): (text: string) => string {
  const numbers = new Map<string, number>();
  return (text) =>
    text.replace(/\b01[0-9A-HJKMNP-TV-Z]{12}(?:[0-9A-HJKMNP-TV-Z]{12})?\b/g, (id) => {
      const start = id.slice(0, 14);
      if (!numbers.has(start)) numbers.set(start, numbers.size + 1);
      return `01K0EXAMP1E${String(numbers.get(start)).padStart(3, "0")}${id.length > 14 ? "QZ7M4T9V2C6R" : ""}`;
    });
}
