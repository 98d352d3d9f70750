/**
 * What a provider makes of one keyword of a schema.
 * `refused`: it answers with an error.  `not-held`: it takes the keyword, and answers need not follow it.
 * `narrower`: it holds answers to more than the schema says.  `depends`: on the server's version or set-up, or its documents do not say.
 */
export interface StructuredOutputFinding {
  kind: "refused" | "not-held" | "narrower" | "depends";
  /** JSON pointer of the schema in which the keyword stands, or of the property that it is about. */
  pointer: string;
  keyword: string;
  says: string;
}

export type Report = (kind: StructuredOutputFinding["kind"], pointer: string, keyword: string, says: string) => void;
