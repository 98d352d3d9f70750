import { CutawayError, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";

/** Whose attention: of a decoder to itself, of an encoder to itself, or of a decoder to what the encoder read. */
export const attentionSides = ["self", "encoder", "cross"] as const;
export type AttentionSide = (typeof attentionSides)[number];

export type InsideAsk =
  | { kind: "network" }
  | { kind: "positions" }
  | { kind: "tokens" }
  /** Without a head: all of them, small. */
  | { kind: "attention"; side: AttentionSide; layer?: number; head?: number }
  /** Positions, at most `mostPositions`. */
  | { kind: "lens"; from: number; to: number }
  /** The place of the token that is explained, and the id of one that it is held against. */
  | { kind: "attribution"; token: number; against?: number };

/** Of each, every layer's distribution over the whole vocabulary is computed. */
export const mostPositions = 48;

/** What a request asks about a text; `fields` are those of its body that do not name model and text. @throws `invalid-request` */
export function insideAskIn(kind: InsideAsk["kind"], fields: JsonObject): InsideAsk {
  switch (kind) {
    case "network":
    case "positions":
    case "tokens":
      refuseOthers(fields, []);
      return { kind };
    case "attention": {
      refuseOthers(fields, ["side", "layer", "head"]);
      const side = attentionSides.find((name) => name === (fields.side ?? "self"));
      if (!side) throw invalid(`side is none of ${attentionSides.join(", ")}`);
      if ((fields.layer === undefined) !== (fields.head === undefined)) throw invalid("layer and head go together");
      return fields.head === undefined ? { kind, side } : { kind, side, layer: count(fields, "layer"), head: count(fields, "head") };
    }
    case "lens": {
      refuseOthers(fields, ["from", "to"]);
      const [from, to] = [count(fields, "from"), count(fields, "to")];
      if (to <= from || to - from > mostPositions) throw invalid(`from and to must name 1 to ${mostPositions} positions`);
      return { kind, from, to };
    }
    case "attribution":
      refuseOthers(fields, ["token", "against"]);
      return { kind, token: count(fields, "token"), ...(fields.against !== undefined && { against: count(fields, "against") }) };
  }
}

function count(fields: JsonObject, name: string): number {
  const value = fields[name];
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31) return value as number;
  throw invalid(`${name} is not a whole number`);
}

function refuseOthers(fields: JsonObject, known: readonly string[]): void {
  const other = Object.keys(fields).find((name) => !known.includes(name));
  if (other !== undefined) throw invalid(`${JSON.stringify(other.slice(0, 60))} has no meaning here`);
}

export function fieldsOf(json: JsonValue): JsonObject {
  if (isJsonObject(json)) return json;
  throw invalid("the body is not an object");
}

export const invalid = (says: string) => new CutawayError("invalid-request", says, { fix: "docs/api.md lists the fields of the request." });
