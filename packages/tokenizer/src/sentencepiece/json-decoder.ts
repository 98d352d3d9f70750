import type { Fields } from "../json/fields.ts";
import { patternOf } from "../json/read-normalizer.ts";
import { findMatches } from "../regex/find-matches.ts";
import { readMetaspace } from "./metaspace.ts";
import type { PieceDecoder } from "./piece-decoder.ts";
import { type Pieces, textOf } from "./pieces.ts";
import { validLength } from "./valid-utf8.ts";

/** Changes a list of tokens' texts. `spell` writes a byte that is part of no character. */
type Step = (tokens: string[], spell: (byte: number) => string) => string[];

const maxDepth = 8;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** A byte as a lone surrogate, which no token's text holds: U+DC80 for 0x80. */
const asSurrogate = (byte: number) => String.fromCharCode(0xdc00 + byte);
const asReplacement = () => "\ufffd";

/** The `decoder` of a tokenizer.json. Without one, tokens are joined by spaces. */
export function readDecoder(file: Fields, pieces: Pieces): PieceDecoder {
  const steps = file.has("decoder") ? stepsOf(file.object("decoder")) : undefined;
  const decode = (ids: readonly number[], spell: (byte: number) => string): string => {
    const tokens = ids.map((id) => utf8.decode(textOf(pieces, id)));
    return steps ? steps.reduce((texts, step) => step(texts, spell), tokens).join("") : tokens.join(" ");
  };
  return {
    decode: (ids) => decode(ids, asReplacement),
    decodeBytes: (ids) => withBytes(decode(ids, asSurrogate)),
  };
}

function stepsOf(fields: Fields, depth = 0): Step[] {
  const type = fields.string("type");
  switch (type) {
    case "Sequence":
      if (depth === maxDepth) throw fields.bad(`${fields.path} is nested more than ${maxDepth} deep`);
      return fields.objects("decoders").flatMap((inner) => stepsOf(inner, depth + 1));
    case "Replace":
      return [replace(patternOf(fields.object("pattern")), fields.string("content"))];
    case "ByteFallback":
      return [byteFallback];
    case "Fuse":
      return [(tokens) => [tokens.join("")]];
    case "Strip":
      return [strip(fields.string("content"), fields.integer("start", 1e9), fields.integer("stop", 1e9))];
    case "Metaspace": {
      const { replacement, prepend } = readMetaspace(fields);
      const first = prepend === "never" ? " " : "";
      return [(tokens) => tokens.map((token, index) => token.replaceAll(replacement, () => (index === 0 ? first : " ")))];
    }
    case "BPEDecoder": {
      const suffix = fields.has("suffix") ? fields.string("suffix") : "</w>";
      return [(tokens) => tokens.map((token, index) => token.replaceAll(suffix, () => (index === tokens.length - 1 ? "" : " ")))];
    }
    default:
      throw fields.unsupported(`the decoder ${type}`);
  }
}

function replace(expression: RegExp, content: string): Step {
  return (tokens) =>
    tokens.map((token) => {
      let text = "";
      let at = 0;
      for (const { start, end } of findMatches(expression, token)) {
        text += token.slice(at, start) + content;
        at = end;
      }
      return text + token.slice(at);
    });
}

/** Runs of tokens such as `<0xE2>` become the text of their bytes, if all of it is valid; else each byte is escaped. */
const byteFallback: Step = (tokens, spell) => {
  const texts: string[] = [];
  let run: number[] = [];
  const endRun = () => {
    if (run.length > 0) texts.push(...textOfBytes(Uint8Array.from(run), spell));
    run = [];
  };
  for (const token of tokens) {
    const hex = /^<0x(\+[0-9a-fA-F]|[0-9a-fA-F]{2})>$/.exec(token)?.[1];
    if (hex !== undefined) {
      run.push(Number.parseInt(hex, 16));
      continue;
    }
    endRun();
    texts.push(token);
  }
  endRun();
  return texts;
};

function textOfBytes(bytes: Uint8Array, spell: (byte: number) => string): string[] {
  let isValid = true;
  for (let at = 0; at < bytes.length && isValid; ) {
    const length = validLength(bytes, at);
    isValid = length > 0;
    at += length;
  }
  if (isValid) return [utf8.decode(bytes)];
  return Array.from(bytes, (byte) => (byte < 0x80 && spell === asSurrogate ? String.fromCharCode(byte) : spell(byte)));
}

function strip(content: string, start: number, stop: number): Step {
  return (tokens) =>
    tokens.map((token) => {
      const characters = [...token];
      let from = 0;
      while (from < start && characters[from] === content) from++;
      let to = characters.length;
      while (characters.length - to < stop && to > from && characters[to - 1] === content) to--;
      return characters.slice(from, to).join("");
    });
}

/** UTF-8, with bytes for the lone surrogates that stand for them. */
function withBytes(text: string): Uint8Array {
  if (text.isWellFormed()) return new TextEncoder().encode(text);
  const bytes = new TextEncoder().encode(text.replace(/[\udc80-\udcff]/gu, "\ufffd"));
  const out = new Uint8Array(bytes.length);
  let length = 0;
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (code >= 0xdc80 && code <= 0xdcff) out[length++] = code - 0xdc00;
    else for (let byte = 0; byte < size; byte++) out[length++] = bytes[at + byte] as number;
    at += size;
  }
  return out.slice(0, length);
}
