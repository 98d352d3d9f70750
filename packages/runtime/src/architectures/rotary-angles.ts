import type { ConfigReader } from "../open/config-reader.ts";
import { angles } from "../open/feeds.ts";
import type { Tensor } from "../open/open-graph.ts";
import type { OpenNetwork } from "../open/open-network.ts";

/**
 * The angle of each pair at each position, with the stretching that config.json asks for, either in `rope_parameters` or in the older
 * `rope_theta` and `rope_scaling`. `of`: the parameters of one kind of layer, where kinds differ.
 * source  Su et al. 2021, arXiv 2104.09864; "llama3": Dubey et al. 2024, "The Llama 3 Herd of Models", arXiv 2407.21783, and its published code
 * @throws `unsupported-model` for a stretching that is not known here
 */
export function rotaryAngles(
  net: OpenNetwork,
  name: string,
  config: ConfigReader,
  headSize: number,
  of?: ConfigReader,
): { cos: Tensor; sin: Tensor } {
  return angles(net, name, rotarySpeeds(config, headSize, of));
}

/** Radians a position, by pair. */
export function rotarySpeeds(config: ConfigReader, headSize: number, of?: ConfigReader): Float64Array {
  const parameters = of ?? config.object("rope_parameters");
  const base = parameters?.get("rope_theta") !== undefined ? parameters.positive("rope_theta") : config.positive("rope_theta", 10_000);
  const scaling = parameters ?? config.object("rope_scaling");
  const pairs = Math.floor((headSize * config.positive("partial_rotary_factor", 1)) / 2);
  const plain = Float64Array.from({ length: pairs }, (_, pair) => base ** (-pair / pairs));
  const type = scaling?.get("rope_type") ?? scaling?.get("type") ?? "default";
  if (!scaling || type === "default") return plain;
  if (type === "linear") return plain.map((speed) => speed / scaling.positive("factor"));
  if (type === "llama3") return plain.map((speed) => stretched(speed, scaling));
  if (type === "factors") {
    // "llama3" as GGUF files have it: worked out for each pair.
    const factors = scaling.numbers("factors") ?? [];
    if (factors.length !== pairs || factors.some((factor) => factor <= 0)) {
      throw config.bad(`${factors.length} factors stretch the positions, and ${pairs} pairs are rotated; each must be above 0`);
    }
    return plain.map((speed, pair) => speed / scaling.positive("factor") / (factors[pair] as number));
  }
  throw config.unsupported(`positions are stretched by ${JSON.stringify(type)}; known are default, linear and llama3`);
}

/** Slow pairs are stretched, fast ones left alone, those between in part. */
function stretched(speed: number, scaling: ConfigReader): number {
  const factor = scaling.positive("factor");
  const low = scaling.positive("low_freq_factor");
  const high = scaling.positive("high_freq_factor");
  const turns = (scaling.positive("original_max_position_embeddings") * speed) / (2 * Math.PI);
  const share = Math.min(1, Math.max(0, (turns - low) / (high - low)));
  return (1 - share) * (speed / factor) + share * speed;
}
