import { CutawayError, isJsonObject, type JsonValue } from "@cutaway/core";
import { parseCsv } from "./parse-csv.ts";

/** `lines`: a text a line, blank ones left out. The others have fields with names. */
export type RowFormat = "lines" | "csv" | "tsv" | "jsonl" | "json";

/** One row of a file: its fields by name; where a row is a text alone, it stands under "". */
export interface Row {
  /** Of the file, from 1; in JSON the number of the item. */
  line: number;
  fields: Map<string, string>;
}

const mostRows = 1_000_000;

/** By the extension of a file's name; `lines` for any other. */
export function rowFormatOf(name: string): RowFormat {
  const extension = /\.(csv|tsv|jsonl|ndjson|json)$/i.exec(name)?.[1]?.toLowerCase();
  return extension === "ndjson" ? "jsonl" : ((extension as RowFormat | undefined) ?? "lines");
}

/** throws  `bad-csv`, `bad-json`, `too-many-rows`, each with the line */
export function readRows(text: string, format: RowFormat): Row[] {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  const rows = readers[format](content);
  if (rows.length > mostRows)
    throw new CutawayError("too-many-rows", `${rows.length} rows are more than a report takes (${mostRows})`, { fix: "Take a sample." });
  return rows;
}

const readers: Record<RowFormat, (text: string) => Row[]> = {
  lines: (text) => linesOf(text).map(({ line, content }) => ({ line, fields: new Map([["", content]]) })),
  csv: (text) => tableRows(text, ","),
  tsv: (text) => tableRows(text, "\t"),
  jsonl: (text) => linesOf(text).map(({ line, content }) => ({ line, fields: fieldsOf(parsed(content, line), line) })),
  json: (text) => {
    const value = parsed(text, 1);
    if (!Array.isArray(value)) throw badJson(1, "is no list", "Give a JSON list of texts or objects, or JSONL.");
    return value.map((item, i) => ({ line: i + 1, fields: fieldsOf(item, i + 1) }));
  },
};

const linesOf = (text: string): { line: number; content: string }[] =>
  text
    .split(/\r\n|\n|\r/)
    .map((content, i) => ({ line: i + 1, content }))
    .filter(({ content }) => content.trim() !== "");

/** The first row names the fields. */
function tableRows(text: string, separator: "," | "\t"): Row[] {
  const [header, ...rows] = parseCsv(text, separator);
  if (!header) return [];
  const names = header.cells.map((name) => name.trim());
  return rows.map(({ line, cells }) => {
    if (cells.length !== names.length) {
      throw new CutawayError("bad-csv", `line ${line} has ${cells.length} cells, the header has ${names.length}`, {
        fix: "Put cells that hold the separator in quotes.",
        data: { line },
      });
    }
    return { line, fields: new Map(names.map((name, i) => [name, cells[i] as string])) };
  });
}

function parsed(text: string, line: number): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw badJson(line, `is no JSON: ${cause instanceof Error ? cause.message : cause}`, "Give a JSON value a line, or name the format.");
  }
}

function fieldsOf(value: JsonValue, line: number): Map<string, string> {
  if (typeof value === "string") return new Map([["", value]]);
  if (!isJsonObject(value)) throw badJson(line, "is neither a text nor an object", 'Give "text" or {"text": "…"}.');
  const known = Object.entries(value).filter(([, field]) => typeof field === "string" || typeof field === "number");
  return new Map(known.map(([name, field]) => [name, String(field)]));
}

const badJson = (line: number, what: string, fix: string) => new CutawayError("bad-json", `line ${line} ${what}`, { fix, data: { line } });
