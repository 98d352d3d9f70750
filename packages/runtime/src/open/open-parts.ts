import type { Architecture, Dimensions } from "../architectures/architecture.ts";
import type { Checkpoint } from "../weights/checkpoint.ts";
import { ConfigReader } from "./config-reader.ts";
import { type Feed, OpenNetwork } from "./open-network.ts";
import { OpenRunner, type Values } from "./open-runner.ts";

/** What steppers of one open network share: the graph that takes a cache, and an encoder–decoder's encoder. */
export interface OpenParts {
  runner: OpenRunner;
  /** Names of the cache's arrays without `past.` and `present.`. */
  cached: readonly { name: string; heads: number; headSize: number }[];
  logits: string;
  dimensions: Dimensions;
  contextSize: number;
  /** The states that a decoder looks at, of its source's tokens. */
  encode?(ids: readonly number[]): Encoded;
  close(): void;
}

export interface Encoded {
  states: Values;
  source: NonNullable<Feed["source"]>;
}

/** @throws `bad-graph` for an encoder, which has no next token */
export function openParts(
  architecture: Architecture,
  checkpoint: Checkpoint,
  { threads, contextSize }: { threads: number; contextSize?: number },
): OpenParts {
  const config = new ConfigReader(checkpoint.config, checkpoint.file);
  const dimensions = architecture.dimensions(config);
  const network = new OpenNetwork(checkpoint, { cache: true });
  const { encode, decode } = architecture;
  const out =
    encode && decode
      ? decode(network, config, network.g.input("encoded", "float32", ["batch", "sources", dimensions.width]))
      : architecture.build(network, config);
  network.g.output(out);
  const cached = network.g.inputs.flatMap(({ name, shape }) =>
    name.startsWith("past.") ? [{ name: name.slice("past.".length), heads: shape[1] as number, headSize: shape[3] as number }] : [],
  );
  const runner = new OpenRunner(network, { threads, name: `${architecture.modelTypes[0]} step` });
  const encoder = encode && decode && openEncoder(encode, checkpoint, config, threads);
  return {
    runner,
    cached,
    logits: out.name,
    dimensions,
    contextSize: contextSize ?? dimensions.trainedContext,
    ...(encoder && { encode: encoder.encode }),
    close() {
      runner.close();
      encoder?.close();
    },
  };
}

function openEncoder(build: NonNullable<Architecture["encode"]>, checkpoint: Checkpoint, config: ConfigReader, threads: number) {
  const network = new OpenNetwork(checkpoint);
  const out = build(network, config);
  network.g.output(out);
  const runner = new OpenRunner(network, { threads, name: "encoder" });
  return {
    encode(ids: readonly number[]): Encoded {
      const source = { ids: [ids], lengths: [ids.length] };
      return { states: runner.run({ ids: [], lengths: [], past: 0, source }).get(out.name) as Values, source };
    },
    close: () => runner.close(),
  };
}
