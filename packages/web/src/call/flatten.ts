import { type Call, isJsonObject, type JsonValue, plain } from "@cutaway/core";

export interface Field {
  /** As evidence names it: `answers[0].finish.raw`. */
  path: string;
  value: string;
  kind: "string" | "number" | "boolean" | "null" | "empty" | "long";
}

/** Fields shown elsewhere in full, and here by their size. */
const folded = /^(?:prompt|answers\[\d+\]\.steps|instants\.chunks|request\.body|request\.tools\[\d+\]\.(?:json|schema))$/;

/** Longest value shown whole, in UTF-16 code units. */
const longest = 400;

/** Every leaf of a Call by its dotted path, in the Call's own order; at most `limit` of them. Depth costs memory, not stack. */
export function flatten(call: Call, limit = 5_000): Field[] {
  const fields: Field[] = [];
  const open: [path: string, value: JsonValue | undefined][] = [
    [
      "",
      plain({
        ...call,
        ...(call.prompt && { prompt: call.prompt.length }),
        answers: call.answers.map(({ steps, ...answer }) => ({ ...answer, ...(steps && { steps: steps.length }) })),
      }),
    ],
  ];
  while (open.length > 0 && fields.length < limit) {
    const [path, value] = open.pop() as [string, JsonValue];
    if (folded.test(path) && typeof value !== "number") {
      fields.push({ path, value: sizeOf(value), kind: "long" });
    } else if (Array.isArray(value)) {
      if (value.length === 0) fields.push({ path, value: "[]", kind: "empty" });
      for (let i = value.length - 1; i >= 0; i--) open.push([`${path}[${i}]`, value[i]]);
    } else if (isJsonObject(value)) {
      const entries = Object.entries(value);
      if (entries.length === 0 && path !== "") fields.push({ path, value: "{}", kind: "empty" });
      for (const [name, inner] of entries.reverse()) open.push([path === "" ? name : `${path}.${name}`, inner]);
    } else {
      fields.push({ path, ...leaf(value) });
    }
  }
  return fields;
}

function leaf(value: string | number | boolean | null | undefined): Pick<Field, "value" | "kind"> {
  if (typeof value === "string") {
    const text = value.length > longest ? `${value.slice(0, longest).toWellFormed()}… (${value.length} characters)` : value;
    return { value: text, kind: "string" };
  }
  if (typeof value === "number") return { value: String(value), kind: "number" };
  if (typeof value === "boolean") return { value: String(value), kind: "boolean" };
  return { value: "null", kind: "null" };
}

function sizeOf(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `${value.length} entries`;
  if (isJsonObject(value)) return `${Object.keys(value).length} fields`;
  return String(value);
}
