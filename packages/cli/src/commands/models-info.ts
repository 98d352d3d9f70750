import { plain } from "@cutaway/core";
import { defaultModel, type ModelFileInfo, modelInfo } from "@cutaway/runtime/models";
import { startProgress } from "../progress.ts";
import { joined, section } from "../render/section.ts";
import type { Session } from "../session.ts";
import { type Line, line, strong } from "../terminal/line.ts";
import { bytes, count, counted } from "../terminal/numbers.ts";

export interface ModelsInfoOptions {
  verify?: boolean;
}

export async function run([name = defaultModel]: string[], { verify = false }: ModelsInfoOptions, session: Session): Promise<undefined> {
  const { out, env, interrupted: signal } = session;
  const progress = startProgress(out);
  const onBytes = (read: number, of: number) => progress.update(`hashed ${bytes(read)} of ${bytes(of)}`);
  let info: ModelFileInfo;
  try {
    info = await modelInfo(name, { env, verify, signal, onBytes });
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  } finally {
    progress.done();
  }
  if (out.json) {
    const { registered: _, ...shown } = info;
    out.printJson({ schema: "cutaway/model", version: 1, ...unknown, ...(plain(shown) as object) });
  } else out.print(...linesOf(info, session));
}

const unknown = Object.fromEntries(
  [
    "sha256",
    "source",
    "title",
    "architecture",
    "licence",
    "trainedContext",
    "layers",
    "width",
    "heads",
    "keyValueHeads",
    "tokenizer",
    "template",
  ].map((field) => [field, null]),
);

function linesOf(info: ModelFileInfo, session: Session): Line[] {
  const { architecture, tokenizer, template, memory, tensorTypes } = info;
  const { layers, width, heads, keyValueHeads } = info;
  const cache = memory.cachePerThousandTokens;
  return [
    joined([strong(info.name), info.title, info.licence]),
    ...section("file", [
      joined([session.pathForPeople(info.path), bytes(info.size)]),
      line(`SHA-256 ${info.sha256 ?? "not known: --verify reckons it"}${info.verified ? ", reckoned now" : ""}`),
      ...(info.source === undefined ? [] : [line(`from ${info.source}`)]),
    ]),
    ...section("model", [
      joined([
        architecture ?? "architecture not said",
        counted(info.parameters, "parameter"),
        layers === undefined ? undefined : counted(layers, "layer"),
        width === undefined ? undefined : `${count(width)} wide`,
        heads === undefined ? undefined : `${counted(heads, "head")}${keyValueHeads === heads ? "" : `, ${keyValueHeads} of keys and values`}`,
      ]),
      joined(tensorTypes.map(({ type, tensors, bytes: size }) => `${type} ${bytes(size)} in ${counted(tensors, "tensor")}`)),
    ]),
    ...section("context", [line(info.trainedContext === undefined ? "not said" : `trained for ${counted(info.trainedContext, "token")}`)]),
    ...section("tokens", [
      line(tokenizer ? `${tokenizer.model}${tokenizer.pre ? ` (${tokenizer.pre})` : ""}, ${count(tokenizer.tokens)} in all` : "none"),
    ]),
    ...section("template", [
      line(
        template
          ? `${counted(template.characters, "character")}${template.markers.length > 0 ? `, writes ${template.markers.join(" ")}` : ""}`
          : "none",
      ),
    ]),
    ...section("memory", [
      line(`weights ${bytes(memory.weights)}${cache === undefined ? "" : `; keys and values ${bytes(cache)} per 1,000 tokens, at 32 bits a value`}`),
    ]),
  ];
}
