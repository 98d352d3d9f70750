import type { ReactNode } from "react";
import { insideApi, type Network, type NetworkPart, type Subject } from "../api/inside.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatBytes, formatCount, formatShort, plural } from "../format/numbers.ts";
import { modelCommand } from "../format/shell.ts";
import { visibleLine } from "../format/visible.ts";
import { Facts, Section } from "../parts/section.tsx";
import { PositionsView } from "./positions-view.tsx";
import { jsonBlob, Told } from "./told.tsx";
import { Waiting } from "./waiting.tsx";

/** The architecture of the loaded model, from its config and its tensors: what flows through what, with shapes, parameters and memory. */
export function NetworkView({ subject, name }: { subject: Subject | { model: string }; name: string }) {
  const found = useFetched(JSON.stringify(subject), 0, (_, signal) => insideApi.network(subject, signal));
  const network = found.value;
  if (!network) return <Waiting of={found} what="Reading the model's file" />;
  return (
    <div className="network" data-testid="network">
      <div className="network-parts">
        <Diagram of={network} />
        <div className="network-side">
          <Section title="In all">
            <Facts of={factsOf(network)} />
          </Section>
          <Section title="Memory by part" aside={formatBytes(network.bytes)}>
            <MemoryTable of={network} />
          </Section>
          <PositionsView subject={subject} name={name} trained={network.dimensions.trainedContext} />
          <Section title="Settings">
            <Facts of={Object.entries(network.settings).map(([key, value]) => [key, visibleLine(settingText(value))])} />
          </Section>
        </div>
      </div>
      <Told
        says="Drawn from the file's configuration and tensors: it tells what the network is made of, not what it learnt."
        about="docs/architectures.md"
        command={modelCommand(name)}
        save={{ name: "network.json", data: () => jsonBlob(network) }}
      />
    </div>
  );
}

function factsOf({ type, kind, dimensions, parameters, bytes, openBytes, cacheBytesPerToken, tied, unplaced }: Network): [string, ReactNode][] {
  const { layers, encoderLayers, width, heads, kvHeads, headSize, vocabSize, trainedContext } = dimensions;
  return [
    ["architecture", visibleLine(`${type}, ${kind}`)],
    ["parameters", `${formatCount(parameters)} (${formatShort(parameters)})`],
    ["in the file", formatBytes(bytes)],
    ["in float32, as here", formatBytes(openBytes)],
    ["layers", encoderLayers === undefined ? layers : `${encoderLayers} encoder, ${layers} decoder`],
    ["width", formatCount(width)],
    ["heads", kvHeads === heads ? `${heads} of ${headSize}` : `${heads} of ${headSize}, sharing ${kvHeads} keys and values`],
    ["vocabulary", formatCount(vocabSize)],
    ["trained for", `${formatCount(trainedContext)} positions`],
    [
      "keys and values",
      cacheBytesPerToken === undefined
        ? undefined
        : `${formatBytes(cacheBytesPerToken)} a token; ${formatBytes(cacheBytesPerToken * trainedContext)} for all positions`,
    ],
    ["unembedding", tied === undefined ? undefined : tied ? "the embedding's own matrix" : "a matrix of its own"],
    ["not used", unplaced.length === 0 ? undefined : visibleLine(unplaced.join(", "))],
  ];
}

/** From the tokens at the top down to the logits; the line at the left is the residual stream that every part reads from and adds to. */
function Diagram({ of }: { of: Network }) {
  const { width, vocabSize } = of.dimensions;
  const isEncoder = of.kind === "encoder";
  return (
    <ol className="network-flow" aria-label="The parts in the order of the computation">
      <li className="flow-end">tokens</li>
      {of.parts.map((part, i) => (
        <li key={i} className={`flow-part flow-${part.kind}`}>
          <header>
            <b>{partName(part)}</b>
            {part.times > 1 && <span className="flow-times">× {part.times}</span>}
            <span className="push" />
            <span title={`${formatCount(part.parameters * part.times)} parameters`}>{formatShort(part.parameters * part.times)} parameters</span>
            <span>{formatBytes(part.bytes)}</span>
          </header>
          <div className="flow-blocks">
            {part.blocks.map((block) => (
              <section key={block.kind} className={`flow-block block-${block.kind}`} aria-label={block.kind}>
                {block.kind !== "other" && (
                  <h4>
                    {block.kind}
                    <small>{formatShort(block.parameters)}</small>
                  </h4>
                )}
                <Tensors of={block.tensors} />
              </section>
            ))}
          </div>
        </li>
      ))}
      {!isEncoder && of.tied && (
        <li className="flow-part flow-tied">
          <header>
            <b>unembedding</b>
            <span className="push" />
            <span>the embedding’s matrix again</span>
          </header>
        </li>
      )}
      <li className="flow-end">{isEncoder ? `states [tokens × ${formatCount(width)}]` : `logits [tokens × ${formatCount(vocabSize)}]`}</li>
    </ol>
  );
}

const mostTensors = 14;

type Tensor = NetworkPart["blocks"][number]["tensors"][number];

function Tensors({ of }: { of: readonly Tensor[] }) {
  const names = shortNames(of.map(({ name }) => name));
  return (
    <ul>
      {ordered(of)
        .slice(0, mostTensors)
        .map(({ name, shape, type }) => (
          <li key={name}>
            <code title={visibleLine(name)}>{visibleLine(names.get(name) ?? name)}</code>
            <span className="number">{shape.length === 0 ? "1" : shape.map(formatCount).join(" × ")}</span>
            <small>{visibleLine(type)}</small>
          </li>
        ))}
      {of.length > mostTensors && <li className="fine">and {plural(of.length - mostTensors, "tensor")} more</li>}
    </ul>
  );
}

/** Queries, keys, values, and what is made of them; files have them by their alphabet. */
const ordered = (tensors: readonly Tensor[]): Tensor[] => tensors.toSorted((a, b) => placeOf(a) - placeOf(b));
const inOrder = [/(?:\bq|query|c_attn)/, /(?:\bk_|\bk\.|key)/, /(?:\bv|value)/, /(?:gate|w1|wi|c_fc|intermediate)/, /(?:\bup|w3)/];
const placeOf = ({ name }: Tensor): number => {
  const place = inOrder.findIndex((pattern) => pattern.test(name));
  return place === -1 ? inOrder.length : place;
};

/** As many of a name's last words as tell it from the others of the block. */
function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const words = (name: string) => name.replace(/\.weight$/, "").split(".");
  const lastOf = (name: string, count: number) =>
    words(name)
      .slice(-count - (name.endsWith(".bias") ? 1 : 0))
      .join(".");
  return new Map(
    names.map((name) => {
      let count = 1;
      while (count < words(name).length && names.some((other) => other !== name && lastOf(other, count) === lastOf(name, count))) count++;
      return [name, lastOf(name, count)];
    }),
  );
}

function MemoryTable({ of: { parts, bytes } }: { of: Network }) {
  return (
    <table className="memory-table" data-testid="memory">
      <tbody>
        {parts.map((part, i) => (
          <tr key={i}>
            <th scope="row">
              {partName(part)}
              {part.times > 1 && ` × ${part.times}`}
            </th>
            <td className="memory-bar">
              <i style={{ width: `${(part.bytes / bytes) * 100}%` }} />
            </td>
            <td className="number">{formatBytes(part.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function partName({ kind, layers, times }: NetworkPart): string {
  const name = { embedding: "embedding", layer: "layer", "encoder-layer": "encoder layer", "decoder-layer": "decoder layer", head: "output" }[kind];
  if (!layers) return name;
  return times > 1 ? `${name}s ${layers[0]}–${layers[1]}` : `${name} ${layers[0]}`;
}

const settingText = (value: unknown): string => {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  if (!Array.isArray(value)) return typeof value === "string" ? value : JSON.stringify(value);
  const counts = Map.groupBy(value.map(String), (each) => each);
  return Array.from(counts, ([each, all]) => `${all.length} × ${each}`).join(", ");
};
