/** Real texts by kind, at least 3 MB each, built from pinned packages and checked against the hashes below. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache, packageFolder } from "./packages.ts";
import { below, seededRandom } from "./random.ts";

export interface Corpus {
  name: string;
  /** Each is encoded as one text. */
  documents: string[];
  /** Of all documents in UTF-8. */
  bytes: number;
  /** SHA-256 of the documents as a JSON list. */
  sha256: string;
  /** What is in it. */
  contents: string;
}

interface Recipe {
  contents: string;
  sha256: string;
  build: (python: string) => string[];
}

const recipes: Record<string, Recipe> = {
  prose: {
    contents: "addresses of US presidents, the newest first, and a novel",
    sha256: "71f30aee25f4c525eb33f10c9cb6d1aab04ad67c1635859807a8d4c47d75e905",
    build: (python) => [
      ...upTo(2_200_000, files(join(packageFolder("prose", python), "data"), ".txt").reverse()),
      ...upTo(2_000_000, files(join(packageFolder("novel", python), "data"), ".txt")),
    ],
  },
  code: {
    contents: "C++, C headers, Objective-C++, Kotlin, Java, JavaScript, TypeScript, C, Python",
    sha256: "cba74f959aa5bdc5b961d846bb4fde752fdd6a8a8b5dbf3fa726166942f57d91",
    build: (python) => {
      const mobile = packageFolder("mobile", python);
      const of = (extension: string, limit: number) => upTo(limit, files(mobile, extension));
      return [
        ...of(".cpp", 500_000),
        ...of(".h", 300_000),
        ...of(".mm", 300_000),
        ...of(".kt", 400_000),
        ...of(".java", 200_000),
        ...of(".js", 500_000),
        ...of(".ts", 300_000),
        ...upTo(400_000, files(join(packageFolder("database", python), "deps", "sqlite3"), ".c")),
        ...upTo(400_000, files(packageFolder("builder", python), ".py")),
      ];
    },
  },
  multilingual: {
    contents: "the Universal Declaration of Human Rights",
    sha256: "f35c55e50594a7f534b869eeebca2a9fd240f687b094a380ff2c2dee2ef94352",
    build: (python) => declarations(python).map(({ text }) => text),
  },
  json: {
    contents: "browser compatibility, job statistics, films, map coordinates, flights; with and without indentation",
    sha256: "94a4c94b07876dcdd82adf1d9ea3f17c9c1f4c7955e4a7ec03a16297d55b8a42",
    build: (python) => {
      const charts = join(packageFolder("charts", python), "data");
      const read = (name: string, limit: number) => upTo(limit, [readFileSync(join(charts, name), "utf8")]);
      const browsers = readFileSync(join(packageFolder("browsers", python), "data.json"), "utf8");
      return [
        ...upTo(800_000, [browsers]),
        ...upTo(600_000, [JSON.stringify(JSON.parse(browsers).html, null, 2)]),
        ...read("movies.json", 600_000),
        ...read("jobs.json", 300_000),
        ...read("earthquakes.json", 300_000),
        ...read("flights-5k.json", 300_000),
        ...upTo(400_000, [readFileSync(join(packageFolder("maps", python), "countries-50m.json"), "utf8")]),
      ];
    },
  },
  base64: {
    contents: "seeded random bytes: lines of 76 characters, data URLs, and unbroken runs up to 60,000 characters",
    sha256: "5fd2822473a50d4068d9ef0b5906161f614ebed80856bc4af5b14ecd88072c11",
    build: () => base64(3_100_000, 64),
  },
};

export const corpusNames: readonly string[] = Object.keys(recipes);

/** The corpora, from the cache where they are there. throws where a text is not what it was when the hash was taken. */
export function corpora(python: string, names: readonly string[] = corpusNames): Corpus[] {
  return names.map((name) => {
    const { contents, sha256, build } = recipes[name] as Recipe;
    const path = join(cache, `${name}.json`);
    if (!existsSync(path)) {
      const documents = build(python);
      mkdirSync(cache, { recursive: true });
      writeFileSync(path, JSON.stringify(documents));
    }
    const file = readFileSync(path);
    const found = createHash("sha256").update(file).digest("hex");
    if (found !== sha256) throw new Error(`corpus ${name}: SHA-256 is ${found}, expected ${sha256}; remove ${path} and build it again`);
    const documents = JSON.parse(file.toString("utf8")) as string[];
    return { name, documents, bytes: documents.reduce((sum, text) => sum + Buffer.byteLength(text), 0), sha256, contents };
  });
}

/** Language tag and text of every translation, each up to 8,000 characters. */
export function declarations(python: string): { language: string; text: string }[] {
  const folder = join(packageFolder("declarations", python), "declaration");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".html"))
    .sort()
    .map((name) => {
      const html = readFileSync(join(folder, name), "utf8");
      const text = html
        .replace(/^[\s\S]*<body>/, "")
        .replace(/<[^>]*>/g, "")
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&amp;", "&");
      return { language: /data-iso6393="([^"]*)"/.exec(html)?.[1] ?? name.replace(".html", ""), text: [...text].slice(0, 8000).join("") };
    });
}

/** The texts of a folder's files, in an order that every machine agrees on. */
function files(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

/** The first `characters` of the texts, in documents of up to 100,000 characters that end at a line where they can. */
function upTo(characters: number, texts: string[]): string[] {
  const documents: string[] = [];
  let left = characters;
  for (const text of texts) {
    for (let at = 0; at < text.length && left > 0; ) {
      const most = Math.min(at + 100_000, at + left, text.length);
      const line = text.lastIndexOf("\n", most) + 1;
      let end = most < text.length && line > at + 50_000 ? line : most;
      if (/[\ud800-\udbff]/.test(text[end - 1] as string)) end--;
      documents.push(text.slice(at, end));
      left -= end - at;
      at = end;
    }
  }
  return documents;
}

function base64(characters: number, seed: number): string[] {
  const random = seededRandom(seed);
  const documents: string[] = [];
  for (let total = 0; total < characters; ) {
    const bytes = Uint8Array.from({ length: 10 + below(random, 45_000) }, () => below(random, 256));
    const text = Buffer.from(bytes).toString("base64");
    const shape = below(random, 3);
    const document = shape === 0 ? text : shape === 1 ? text.replace(/.{76}/g, "$&\n") : `<img src="data:image/png;base64,${text}">`;
    documents.push(document);
    total += document.length;
  }
  return documents;
}
