import { CutawayError } from "@cutaway/core";
import { type Row, type RowFormat, readRows } from "./read-rows.ts";
import type { Query, Term } from "./report-types.ts";

/** Names of fields; absent: the usual names are tried. */
export interface QueryFields {
  text?: string;
  language?: string;
  answer?: string;
}

export interface TermFields {
  term?: string;
  frequency?: string;
}

/** Queries of a file. throws  `no-field` (with the fields there are), `no-queries`, and what `readRows` throws */
export function readQueries(text: string, format: RowFormat, fields: QueryFields = {}): Query[] {
  const rows = readRows(text, format);
  if (rows.length === 0) throw new CutawayError("no-queries", "the file holds no query", { fix: "Give a query a line, or a row for each." });
  const textOf = fieldOf(rows, fields.text, ["text", "query", "prompt", "question"], "text");
  const languageOf = fieldOf(rows, fields.language, ["language", "lang"]);
  const answerOf = fieldOf(rows, fields.answer, ["answer", "completion"]);
  return rows.map((row) => {
    const language = languageOf(row);
    const answer = answerOf(row);
    return { text: required(textOf(row), row), ...(language && { language }), ...(answer !== undefined && { answer }) };
  });
}

/** Terms of a file. throws  `no-field`, `no-terms`, `bad-frequency` (with the line), and what `readRows` throws */
export function readTerms(text: string, format: RowFormat, fields: TermFields = {}): Term[] {
  const rows = readRows(text, format);
  if (rows.length === 0) throw new CutawayError("no-terms", "the file holds no term", { fix: "Give a term a line, or a row for each." });
  const termOf = fieldOf(rows, fields.term, ["term", "text", "name", "code"], "term");
  const frequencyOf = fieldOf(rows, fields.frequency, ["frequency", "count"]);
  return rows.map((row) => {
    const given = frequencyOf(row);
    const frequency = given === undefined || given.trim() === "" ? undefined : frequencyIn(given, row);
    return { text: required(termOf(row), row).trim(), ...(frequency !== undefined && { frequency }) };
  });
}

/** How to get a field of a row: the one named, which must occur; else the first of the usual names that occurs. */
function fieldOf(rows: readonly Row[], named: string | undefined, usual: readonly string[], needed?: string): (row: Row) => string | undefined {
  const occurs = (name: string) => rows.some(({ fields }) => fields.has(name));
  const name = named ?? usual.find(occurs);
  const isTextAlone = needed !== undefined && named === undefined && occurs("");
  if (named !== undefined ? !occurs(named) : needed !== undefined && name === undefined && !isTextAlone) {
    const there = [...new Set(rows.flatMap(({ fields }) => [...fields.keys()]))].filter((field) => field !== "").slice(0, 20);
    throw new CutawayError("no-field", named === undefined ? `no field holds the ${needed}` : `there is no field ${JSON.stringify(named)}`, {
      fix: there.length === 0 ? "The rows are texts without fields." : `Name one of ${there.join(", ")}.`,
      data: { fields: there },
    });
  }
  return ({ fields }) => (name === undefined ? undefined : fields.get(name)) ?? (isTextAlone ? fields.get("") : undefined);
}

function required(value: string | undefined, { line }: Row): string {
  if (value !== undefined && value.trim() !== "") return value;
  throw new CutawayError("empty-row", `line ${line} has no text`, { fix: "Fill it in, or leave the row out.", data: { line } });
}

function frequencyIn(text: string, { line }: Row): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new CutawayError("bad-frequency", `line ${line}: ${JSON.stringify(text.slice(0, 40))} is no frequency`, {
    fix: "Give a number, 0 or more.",
    data: { line },
  });
}
