import { regexText } from "../regex/index.ts";
import type { Text } from "../text/index.ts";

const integer = "\\d+";
const exponent = "[eE][+-]?\\d+";
const decimal = "(?:\\d+\\.\\d*|\\.\\d+)";
const float = `(?:\\d+${exponent}|${decimal}(?:${exponent})?)`;
const letter = "[A-Za-z]";

/** The terminals of Lark's module `common`, each as one pattern of a whole text. */
const patterns: Readonly<Record<string, string>> = {
  DIGIT: "\\d",
  HEXDIGIT: "[0-9A-Fa-f]",
  INT: integer,
  SIGNED_INT: `[+-]?${integer}`,
  DECIMAL: decimal,
  FLOAT: float,
  SIGNED_FLOAT: `[+-]?${float}`,
  NUMBER: `(?:${float}|${integer})`,
  SIGNED_NUMBER: `[+-]?(?:${float}|${integer})`,
  ESCAPED_STRING: '"(?:[^"\\\\\\n]|\\\\[^\\n])*"',
  LCASE_LETTER: "[a-z]",
  UCASE_LETTER: "[A-Z]",
  LETTER: letter,
  WORD: `${letter}+`,
  CNAME: "[A-Za-z_][A-Za-z_0-9]*",
  WS_INLINE: "[ \\t]+",
  WS: "[ \\t\\f\\r\\n]+",
  CR: "\\r",
  LF: "\\n",
  NEWLINE: "(?:\\r?\\n)+",
  SH_COMMENT: "#[^\\n]*",
  CPP_COMMENT: "//[^\\n]*",
  C_COMMENT: "/\\*(?:[^*]|\\*+[^*/])*\\*+/",
  SQL_COMMENT: "--[^\\n]*",
};

export const commonTerminal = (name: string): Text | undefined => {
  const pattern = Object.hasOwn(patterns, name) ? patterns[name] : undefined;
  return pattern === undefined ? undefined : regexText(pattern, { search: false });
};
