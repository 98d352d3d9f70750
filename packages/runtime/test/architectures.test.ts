import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesSource, openSafetensors } from "@cutaway/formats";
import { describe, expect, test } from "vitest";
import { architectureOf } from "../src/architectures/index.ts";
import { ConfigReader } from "../src/open/config-reader.ts";
import { type Feed, OpenNetwork } from "../src/open/open-network.ts";
import { openParts } from "../src/open/open-parts.ts";
import { OpenRunner, type Values } from "../src/open/open-runner.ts";
import { OpenStepper } from "../src/open/open-stepper.ts";
import { openSafetensorsFolder } from "../src/weights/safetensors-folder.ts";

/** Tiny random networks, judged by Hugging Face transformers; `tools/golden/architectures.py` made them. */
const folder = fileURLToPath(new URL("fixtures/architectures/", import.meta.url));
const names = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/golden.safetensors`));

interface Golden {
  ids: number[];
  source: number[] | undefined;
  values: Map<string, Float32Array>;
}

function readGolden(name: string): Golden {
  const file = openSafetensors(bytesSource(readFileSync(`${folder}${name}/golden.safetensors`)));
  const read = (tensor: string) => {
    const info = file.tensors.get(tensor);
    return info && new Uint8Array(file.read(info)).buffer;
  };
  const integers = (tensor: string) => {
    const buffer = read(tensor);
    return buffer && Array.from(new BigInt64Array(buffer), Number);
  };
  const floats = [...file.tensors.keys()].filter((key) => file.tensors.get(key)?.type === "F32");
  return {
    ids: integers("ids") ?? [],
    source: integers("source"),
    values: new Map(floats.map((key) => [key, new Float32Array(read(key) as ArrayBuffer)])),
  };
}

/** What transformers calls a value, by the hook that holds it. The last state is taken after the final norm. */
function goldenName(hook: string, layers: number, isEncoder: boolean): string | undefined {
  const [, side = "", rest = hook] = /^(encoder\.|decoder\.)?(.*)$/.exec(hook) ?? [];
  const [, layer, part] = /^blocks\.(\d+)\.(.*)$/.exec(rest) ?? [];
  if (part === "attn.hook_pattern") return `${side}attention.${layer}`;
  if (part === "cross_attn.hook_pattern") return `cross.${layer}`;
  if (part === "hook_resid_pre") return `${side}hidden.${layer}`;
  if (rest === "ln_final.hook_normalized") return `${side}hidden.${layers}`;
  return part === "hook_resid_post" && isEncoder ? `${side}hidden.${Number(layer) + 1}` : undefined;
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
};

describe.each(names)("%s", (name) => {
  const golden = readGolden(name);
  const checkpoint = openSafetensorsFolder(`${folder}${name}`);
  const config = new ConfigReader(checkpoint.config, name);
  const architecture = architectureOf(checkpoint.config.model_type, name);
  const feed: Feed = {
    ids: [golden.ids],
    lengths: [golden.ids.length],
    past: 0,
    ...(golden.source && { source: { ids: [golden.source], lengths: [golden.source.length] } }),
  };

  test("logits, hidden states and attentions are those of transformers", () => {
    const network = new OpenNetwork(checkpoint, { isProbed: () => true });
    const out = architecture.build(network, config);
    network.g.output(out);
    const runner = new OpenRunner(network, { threads: 1 });
    const values = runner.run(feed);
    runner.close();
    expect(distance((values.get(out.name) as Values).data, golden.values.get("logits") as Float32Array)).toBeLessThan(1e-4);
    const decoderLayers = (side: string) =>
      [...network.values.keys()].filter((hook) => new RegExp(`^${side}blocks\\.\\d+\\.hook_resid_post$`).test(hook)).length;
    let compared = 0;
    for (const hook of network.values.keys()) {
      const side = /^(encoder|decoder)\./.exec(hook)?.[0] ?? "";
      const expected = golden.values.get(goldenName(hook, decoderLayers(side), architecture.kind === "encoder") ?? "");
      if (!expected) continue;
      compared++;
      expect(distance((values.get(hook) as Values).data, expected), hook).toBeLessThan(1e-4);
    }
    expect(compared).toBeGreaterThanOrEqual(5);
  });

  test.skipIf(architecture.kind === "encoder")(
    "fed token by token over the cache, in parts, truncated and forked, it gives the same logits",
    async () => {
      const parts = openParts(architecture, checkpoint, { threads: 1 });
      const expected = golden.values.get("logits") as Float32Array;
      const row = (position: number) => expected.subarray(position * 48, (position + 1) * 48);
      const stepper = new OpenStepper(parts);
      if (golden.source) await stepper.readSource(golden.source);
      for (const [position, id] of golden.ids.entries()) {
        expect(distance(await stepper.feed([id]), row(position))).toBeLessThan(1e-4);
      }
      stepper.truncate(3);
      const fork = await stepper.fork();
      expect(distance(await fork.feed(golden.ids.slice(3, 9)), row(8))).toBeLessThan(1e-4);
      expect(distance(await stepper.feed(golden.ids.slice(3)), row(13))).toBeLessThan(1e-4);
      expect(distance(await fork.feed(golden.ids.slice(9)), row(13))).toBeLessThan(1e-4);
      parts.close();
    },
  );
});
