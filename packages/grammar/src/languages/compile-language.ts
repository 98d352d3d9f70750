import { Expressions, type Node } from "../expressions/index.ts";
import { parseGbnf } from "../gbnf/index.ts";
import { compileSchema } from "../json-schema/index.ts";
import { parseLark } from "../lark/index.ts";
import { afterFreeText } from "../matcher/free-text.ts";
import { regexText } from "../regex/index.ts";
import { oneOf, writePlain } from "../text/index.ts";
import type { Language, LanguageReading, LanguageSource } from "./source.ts";

/**
 * A language from its source.
 * @throws what the source is refused for, with its place: `schema-invalid`, `schema-unsupported`, `regex-invalid`, `grammar-too-large`, …
 */
export function compileLanguage(source: LanguageSource, reading: LanguageReading = {}): Language {
  const started = performance.now();
  const expressions = new Expressions();
  const { node, checkedAfter = [], notices = [] } = read(source, expressions, reading);
  const held = reading.after === undefined ? node : afterFree(expressions, reading.after, node, reading);
  return { kind: source.kind, expressions, root: expressions.closed(held), checkedAfter, notices, compileMs: performance.now() - started };
}

/** The mark may be a token of its own, as thinking models have it. */
function afterFree(expressions: Expressions, text: string, root: Node, { tokenId }: LanguageReading): Node {
  const token = tokenId?.(text);
  return afterFreeText({ expressions, root }, token === undefined ? { text } : { token }).root;
}

type Read = { node: Node } & Partial<Pick<Language, "checkedAfter" | "notices">>;

function read(source: LanguageSource, expressions: Expressions, reading: LanguageReading): Read {
  switch (source.kind) {
    case "regex":
      return { node: writePlain(expressions, regexText(source.pattern, { search: false })) };
    case "choice":
      return { node: writePlain(expressions, oneOf(source.texts)) };
    case "json-schema":
      return readSchema(source.schema, expressions, reading);
    case "json":
      return readSchema({ type: "object" }, expressions, reading);
    case "gbnf":
      return { node: parseGbnf(source.text, expressions, tokens(reading)) };
    case "lark":
      return { node: parseLark(source.text, expressions, { ...tokens(reading), json: (schema) => readSchema(schema, expressions, reading).node }) };
  }
}

const tokens = ({ tokenId }: LanguageReading) => (tokenId ? { tokenId } : {});

function readSchema(schema: unknown, expressions: Expressions, { whitespace, propertyOrder, checkAfter }: LanguageReading): Read {
  const { node, checkedAfter, notices } = compileSchema(expressions, schema, {
    ...(whitespace && { whitespace }),
    ...(propertyOrder && { propertyOrder }),
    ...(checkAfter && { checkAfter }),
  });
  return {
    node,
    checkedAfter: [...checkedAfter],
    notices: notices.map(({ pointer, keyword, says }) => `${pointer || "the schema"}: “${keyword}” ${says}`),
  };
}
