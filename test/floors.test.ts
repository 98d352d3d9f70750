import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The floors of the house (docs/layout.md): a package may import only from floors below its own. */
const floors: Record<string, number> = {
  core: 1,
  formats: 2,
  sampling: 2,
  metrics: 2,
  tokenizer: 3,
  plan: 3,
  provider: 3,
  store: 3,
  grammar: 4,
  rag: 4,
  runtime: 5,
  lab: 6,
  diagnose: 7,
  web: 7,
  server: 8,
  cli: 9,
};

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = globSync("packages/*/package.json", { cwd: root }).map((path) => ({
  folder: path.split("/")[1] as string,
  json: JSON.parse(readFileSync(root + path, "utf8")) as { name: string; dependencies?: object; devDependencies?: object },
}));

/** The web workbench is served by `server` as files, never imported. */
const siblings = (dependencies: object | undefined) =>
  Object.keys(dependencies ?? {})
    .filter((name) => name.startsWith("@cutaway/"))
    .map((name) => name.slice("@cutaway/".length));

test("every package has a floor and is named after its folder", () => {
  expect(packages.length).toBeGreaterThan(0);
  for (const { folder, json } of packages) {
    expect(json.name).toBe(`@cutaway/${folder}`);
    expect(floors, `packages/${folder} has no floor: give it one in docs/layout.md and here`).toHaveProperty(folder);
  }
});

test("package.json files declare siblings of lower floors only", () => {
  const upward = packages.flatMap(({ folder, json }) =>
    [...siblings(json.dependencies), ...siblings(json.devDependencies)]
      .filter((name) => !((floors[name] ?? Number.POSITIVE_INFINITY) < (floors[folder] ?? 0)))
      .map((name) => `${folder} → ${name}`),
  );
  expect(upward).toEqual([]);
});

test("sources import only siblings that package.json declares", () => {
  const undeclared: string[] = [];
  for (const { folder, json } of packages) {
    const declared = new Set([...siblings(json.dependencies), folder]);
    for (const file of globSync(`packages/${folder}/src/**/*.{ts,tsx}`, { cwd: root })) {
      for (const [, name] of readFileSync(root + file, "utf8").matchAll(/(?:from|import)\s*\(?\s*["']@cutaway\/([a-z-]+)/g)) {
        if (!declared.has(name as string)) undeclared.push(`${file} → ${name}`);
      }
    }
  }
  expect(undeclared).toEqual([]);
});
