// The demo with the real model, where a registry or a hub gives it: at least five of six causes must be confirmed.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const pull = spawnSync("npx", ["cutaway", "models", "pull"], { stdio: ["ignore", "ignore", "inherit"] });
if (pull.status !== 0) {
  console.log(`the demo is left out: the model could not be had here (models pull ended with ${pull.status})`);
  process.exit(pull.status === 5 ? 0 : 1);
}
const folder = mkdtempSync(join(tmpdir(), "cutaway-demo-"));
const demo = spawnSync("npm", ["start", "--silent", "--", "--once", "--json"], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
  env: { ...process.env, CUTAWAY_DIR: folder },
});
rmSync(folder, { recursive: true, force: true });
if (demo.status !== 0) process.exit(demo.status ?? 1);
mkdirSync("reports", { recursive: true });
writeFileSync("reports/demo.json", demo.stdout);
const { calls, confirmed, of, seconds } = JSON.parse(demo.stdout);
for (const { case: name, finding, verdict, unchanged, changed } of calls) {
  console.log(`${name}: ${finding?.rule ?? "no finding"}, ${verdict ?? "-"}, ${unchanged?.join("/") ?? "-"} → ${changed?.join("/") ?? "-"}`);
}
console.log(`${confirmed} of ${of} causes confirmed in ${seconds.toFixed(0)} s`);
process.exit(of === 6 && confirmed >= 5 ? 0 : 1);
