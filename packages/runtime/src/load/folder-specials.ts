import { isJsonObject, type JsonObject, type JsonValue, type LocalRun, type SpecialToken, type TokenId, type Tokenizer } from "@cutaway/core";
import { badModel } from "../engine/unsupported-model.ts";
import type { FolderFiles } from "./folder-vocabulary.ts";

/** What a folder's files say of the tokens around a prompt and an answer. */
export interface FolderSpecials {
  specials: LocalRun["specials"];
  /** Text of the tokenizer's EOS: templates ask for it. */
  eos?: string;
  /** Special tokens that the chat template writes. */
  markers: string[];
  /** Of an encoder–decoder. */
  decoderStart?: SpecialToken;
  sourceEnd?: SpecialToken;
}

/**
 * As transformers has it: what ends an answer is generation_config.json's eos_token_id, else config.json's, and the tokenizer's own EOS with it;
 * whether BOS goes first is told by the tokenizer's post-processor, else by add_bos_token.
 * @throws `bad-model` for an encoder–decoder that does not say what its decoder begins with
 */
export function folderSpecials(files: FolderFiles, tokenizer: Tokenizer, kind: "decoder" | "encoder" | "encoder-decoder"): FolderSpecials {
  const { config, generationConfig, tokenizerConfig, specialTokens, template } = files;
  /** An id that the vocabulary does not have is none: configurations keep defaults of other sizes. */
  const known = (id: number): SpecialToken | undefined =>
    Number.isInteger(id) && id >= 0 && id < tokenizer.vocabSize ? { id: id as TokenId, text: tokenizer.decode([id]) } : undefined;
  const named = (name: string): SpecialToken | undefined => {
    const text = textOf(tokenizerConfig[name]) ?? textOf(specialTokens[name]);
    const id = text === undefined ? undefined : tokenizer.specialTokens.get(text);
    return id === undefined || text === undefined ? undefined : { id, text };
  };
  const byId = (name: string): SpecialToken[] => {
    for (const source of [generationConfig, config]) {
      const ids = idsIn(source, name);
      if (ids.length > 0) return ids.flatMap((id) => known(id) ?? []);
    }
    return [];
  };
  const eos = named("eos_token") ?? byId("eos_token_id")[0];
  const bos = named("bos_token") ?? byId("bos_token_id")[0];
  const around = addedAround(tokenizer);
  const ends = new Map([...byId("eos_token_id"), ...(eos ? [eos] : [])].map((token) => [token.id, token]));
  const isEncoderDecoder = kind === "encoder-decoder";
  const [start] = [...byId("decoder_start_token_id"), ...byId("pad_token_id")];
  if (isEncoderDecoder && !start)
    throw badModel(`${files.name}: decoder_start_token_id is missing, or none of the vocabulary's`, { file: files.name });
  // A SentencePiece model alone does not say what goes around a text; T5's own tokenizer ends every text.
  const sourceEnd = around ? (around.after === undefined ? undefined : known(around.after)) : config.model_type === "t5" ? eos : undefined;
  const addsBos = around ? bos !== undefined && around.before === bos.id : tokenizerConfig.add_bos_token === true || isBosByHabit(files);
  return {
    specials: {
      ...(bos && { bos }),
      ends: [...ends.values()].toSorted((a, b) => a.id - b.id),
      addBos: bos !== undefined && !isEncoderDecoder && addsBos,
    },
    ...(eos && { eos: eos.text }),
    markers: template === undefined ? [] : markersOf(template, tokenizer, { bos, eos }),
    ...(isEncoderDecoder && start && { decoderStart: start }),
    ...(isEncoderDecoder && sourceEnd && { sourceEnd }),
  };
}

/** Tokenizers of these families put BOS first unless their file says otherwise. */
const bosByHabit: ReadonlySet<unknown> = new Set(["LlamaTokenizer", "LlamaTokenizerFast", "GemmaTokenizer", "GemmaTokenizerFast"]);

const isBosByHabit = ({ tokenizerConfig }: FolderFiles): boolean =>
  tokenizerConfig.add_bos_token !== false && bosByHabit.has(tokenizerConfig.tokenizer_class);

/** The first and last token that the tokenizer puts around a text; undefined where it does not say. */
function addedAround(tokenizer: Tokenizer): { before?: number; after?: number } | undefined {
  try {
    const alone = tokenizer.encode("a");
    const whole = tokenizer.encode("a", { addSpecialTokens: true });
    if (whole.length === alone.length) return {};
    const [first] = whole;
    const last = whole.at(-1);
    const startsAnew = first !== alone[0];
    return { ...(startsAnew && first !== undefined && { before: first }), ...(last !== undefined && last !== alone.at(-1) && { after: last }) };
  } catch {
    return undefined;
  }
}

/** A text, or an added token with its text. */
function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  return isJsonObject(value) && typeof value.content === "string" ? value.content : undefined;
}

function idsIn(source: JsonObject, name: string): number[] {
  const value = source[name];
  return (Array.isArray(value) ? value : [value]).filter((id) => typeof id === "number");
}

/** Bounds what a hostile folder can cost. */
const mostMarkersTried = 2000;
const mostTemplateSearched = 200_000;

function markersOf(
  template: string,
  tokenizer: Tokenizer,
  { bos, eos }: { bos?: SpecialToken | undefined; eos?: SpecialToken | undefined },
): string[] {
  const searched = template.slice(0, mostTemplateSearched);
  return [...tokenizer.specialTokens.keys()]
    .slice(0, mostMarkersTried)
    .filter(
      (text) =>
        searched.includes(text) || (text === bos?.text && searched.includes("bos_token")) || (text === eos?.text && searched.includes("eos_token")),
    );
}
