import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

/** Beside Cutaway, or where a program in the folder `from` would find the package. */
export function pathInPackage(source: { package: string; file: string }, from = "."): string | undefined {
  const places = [import.meta.url, join(resolve(from), "index.js")].flatMap((base) => createRequire(base).resolve.paths(source.package) ?? []);
  return places.map((place) => join(place, source.package, source.file)).find((path) => existsSync(path));
}
