import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { tokenizerCatalog } from "@cutaway/tokenizer/named";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../../docs/tokenizer.md", import.meta.url), "utf8");

test.each(["tokenizer.md", "tokens-explained.md"])("the example in docs/%s prints what the page says", (name) => {
  const page = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");
  const block = (language: string) => page.match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``))?.[1] ?? "";
  const printed = execFileSync(process.execPath, ["--conditions=@cutaway/source", "--input-type=module-typescript", "--eval", block("ts")], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    encoding: "utf8",
  });
  expect(printed).toBe(block("text"));
});

test("docs/tokenizer.md lists the tokenizers that have a name", () => {
  const rows = tokenizerCatalog.map(({ name, family, vocabSize, source, models }) => {
    const from = source ? `\`${source.package}\`` : "built in";
    return `| \`${name}\` | ${family} | ${vocabSize.toLocaleString("en")} | ${from} | ${models} |`;
  });
  expect(page.match(/^\| `[^`]+` \| \S+ \| [\d,]+ \|.*$/gm)).toEqual(rows);
});

test("docs/tokenizer.md lists what is read inside a tokenizer.json", () => {
  const listed = (part: string) => new Set(page.match(new RegExp(`^\\| ${part} \\| (.*) \\|$`, "m"))?.[1]?.match(/(?<=`)[A-Z]\w+(?=`)/g));
  const read = (...files: string[]) =>
    new Set(
      files.flatMap(
        (file) => readFileSync(new URL(`../src/${file}`, import.meta.url), "utf8").match(/(?<=case "|type"\) [!=]== ")[A-Z]\w+(?=")/g) ?? [],
      ),
    );
  expect(listed("normalizers")).toEqual(read("json/read-normalizer.ts"));
  expect(listed("post-processors")).toEqual(read("json/read-post-processor.ts"));
  for (const type of read("json/read-pre-tokenizer.ts")) if (!/^(?:Isolated|Removed)$/.test(type)) expect(listed("pre-tokenizers")).toContain(type);
});
