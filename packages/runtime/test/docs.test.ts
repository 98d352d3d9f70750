import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { architectureOf, architectures } from "../src/architectures/index.ts";
import { ConfigReader } from "../src/open/config-reader.ts";
import { OpenNetwork } from "../src/open/open-network.ts";
import { tinyLlamaFile } from "../src/testing.ts";
import { openSafetensorsFolder } from "../src/weights/safetensors-folder.ts";
import { architectures as folder } from "./model-folder.ts";

const file = tinyLlamaFile();
afterAll(() => file.remove());

test("the example in docs/local-models.md runs, here with a tiny model", () => {
  const page = readFileSync(new URL("../../../docs/local-models.md", import.meta.url), "utf8");
  const example = page.match(/```ts\n([\s\S]*?)```/)?.[1] ?? "";
  const withTiny = example.replace(/await findModel\(.*?\)/, JSON.stringify(file.path));
  expect(withTiny).not.toBe(example);
  const program = `${withTiny}\nconsole.log(JSON.stringify({ ending: call.ending, seed: call.local?.sampler.seed, steps: call.answers[0]?.steps?.length === call.usage.outputTokens }));`;
  const printed = execFileSync(process.execPath, ["--conditions=@cutaway/source", "--input-type=module-typescript", "--eval", program], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    encoding: "utf8",
  });
  expect(JSON.parse(printed)).toEqual({ ending: "complete", seed: 1, steps: true });
});

describe("docs/architectures.md", () => {
  const page = readFileSync(new URL("../../../docs/architectures.md", import.meta.url), "utf8");
  const rows = (heading: string) => (page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "").split("\n").filter((row) => row.startsWith("| `"));

  test("has every architecture, and the kind of each", () => {
    const written = rows("What runs where").flatMap((row) => {
      const [, types = "", , kind = ""] = row.split("|").map((cell) => cell.trim());
      return [...types.matchAll(/`(\w+)`/g)].map(([, type]) => [type, kind.replace("–", "-")]);
    });
    expect(written.sort()).toEqual(architectures.flatMap(({ modelTypes, kind }) => modelTypes.map((type) => [type, kind])).sort());
  });

  const shapes = new Map(
    rows("What can be read inside").map((row) => [/`([^`]+)`/.exec(row)?.[1] ?? "", /\[([^\]]+)\]/.exec(row)?.[1]?.split(", ")]),
  );

  test.each(["gpt2", "llama", "mixtral", "gemma3", "bert", "t5", "flan-t5"])("has every hook of %s, with its shape", (name) => {
    const checkpoint = openSafetensorsFolder(`${folder}${name}`);
    const { config } = checkpoint;
    const reader = new ConfigReader(config, name);
    const architecture = architectureOf(config.model_type, name);
    const net = new OpenNetwork(checkpoint, { weightsAsInputs: true });
    architecture.build(net, reader);
    checkpoint.close();
    const dimensions = architecture.dimensions(reader);
    const mlpWidth = config.intermediate_size ?? config.d_ff ?? 4 * dimensions.width;
    for (const [hook, { shape }] of net.values) {
      const tokens = hook.startsWith("encoder.") ? "sources" : "tokens";
      const known = {
        ...dimensions,
        batch: "batch",
        1: 1,
        tokens,
        keys: hook.includes(".cross_attn.") ? "sources" : tokens,
        mlpWidth,
        experts: config.num_local_experts,
      };
      const written = shapes.get(
        hook
          .replace(/^(?:en|de)coder\./, "")
          .replace(/^blocks\.\d+/, "blocks.N")
          .replace("cross_attn", "attn"),
      );
      expect(
        written?.map((size) => known[size as keyof typeof known]),
        hook,
      ).toEqual(shape);
    }
    expect(net.values.size).toBeGreaterThan(20);
  });
});
