import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { served } from "./served.ts";

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const page = read("../../../../docs/serve.md");
const model = "smollm2-135m-instruct";

describe("docs/serve.md", () => {
  const examples = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

  test("its programs run as they stand, here over a tiny model under the name they ask for", async () => {
    expect(examples.length).toBeGreaterThanOrEqual(2);
    const { url } = await served({ name: model });
    for (const code of examples) {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module-typescript", "--eval", code], {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        env: { ...process.env, OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: "none", NO_COLOR: "1" },
      });
      expect(stdout.length).toBeGreaterThan(20);
      expect(stderr).toBe("");
    }
  });

  /** Names in backquotes in the first cell of a table's rows, of one section. */
  const listed = (heading: string) =>
    (page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "")
      .split("\n")
      .flatMap((row) => (/^\| ([^|]*`[^|]*) \|/.exec(row)?.[1] ?? "").match(/(?<=`)\w+(?=`)/g) ?? []);

  test("lists every field that chat and text completions read, and no other", () => {
    const folder = new URL("../../src/serving/", import.meta.url);
    const readIn = (file: string) =>
      [...readFileSync(new URL(file, folder), "utf8").matchAll(/fields\.(?:value|number|whole|flag|text|neutral)\("(\w+)"/g)].map(([, name]) => name);
    const loops = [
      "tools",
      "functions",
      ...[...readFileSync(new URL("answer-format.ts", folder), "utf8").matchAll(/^ {2}\["(\w+)", /gm)].map(([, name]) => name as string),
    ];
    const files = ["asked.ts", "sampler-fields.ts", "answer-format.ts", "chat-request.ts", "completion-request.ts"];
    const names = new Set([...files.flatMap(readIn), ...loops]);
    expect(new Set(listed("What a request may say"))).toEqual(names);
    expect(readdirSync(folder)).toContain("serve-embeddings.ts");
    for (const name of readIn("serve-embeddings.ts")) expect(page).toContain(`\`${name}\``);
  });

  test("lists every code of an error that has a status of its own", () => {
    const source = read("../../src/serving/api-error.ts");
    const codes = [...source.matchAll(/code: "(\w+)"/g)]
      .map(([, code]) => code as string)
      .filter((code) => !["method_not_supported", "not_a_forward_proxy"].includes(code));
    const errors = page.split("\n## Errors\n")[1]?.split("\n## ")[0] ?? "";
    for (const code of codes) expect(errors).toContain(`\`${code}\``);
  });
});
