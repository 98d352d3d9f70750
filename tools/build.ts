import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Writes `dist/` of every package for publishing: each after the siblings it imports, so that it is checked against their published types, not their sources.
 * Development never needs it: sources run as they are.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const siblingsOf = (name: string) =>
  Object.keys((JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8")) as { dependencies?: object }).dependencies ?? {})
    .filter((dependency) => dependency.startsWith("@cutaway/"))
    .map((dependency) => dependency.slice("@cutaway/".length));

const built = new Set<string>();
const build = (name: string) => {
  if (built.has(name)) return;
  built.add(name);
  siblingsOf(name).forEach(build);
  const folder = `${root}packages/${name}`;
  if (existsSync(`${folder}/vite.config.ts`)) return run("vite", ["build"], folder);
  rmSync(`${folder}/dist`, { recursive: true, force: true });
  const shared = JSON.parse(readFileSync(`${root}tsconfig.json`, "utf8")) as { compilerOptions: Record<string, unknown> };
  const flags = Object.entries(shared.compilerOptions)
    .filter(([option]) => !["noEmit", "customConditions", "allowImportingTsExtensions"].includes(option))
    .flatMap(([option, value]) => [`--${option}`, Array.isArray(value) ? value.join(",") : String(value)]);
  const entries = readdirSync(`${folder}/src`, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  run(
    "tsc",
    [
      ...flags,
      "--noEmit",
      "false",
      "--declaration",
      "--ignoreConfig",
      "--rootDir",
      "src",
      "--outDir",
      "dist",
      ...entries.map((file) => `src/${file}`),
    ],
    folder,
  );
};

function run(command: string, args: string[], cwd: string): void {
  process.stdout.write(`${cwd.slice(root.length)}\n`);
  const { status } = spawnSync(`${root}node_modules/.bin/${command}`, args, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

readdirSync(`${root}packages`).forEach(build);
