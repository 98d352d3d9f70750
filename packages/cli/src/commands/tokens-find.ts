import { CutawayError, type JsonValue, type Tokenizer } from "@cutaway/core";
import {
  duplicateTokens,
  findGlitches,
  findTokens,
  findUnreachable,
  longestTokens,
  lookAlikeTokens,
  type TokenQuery,
  tokenClass,
  tokenClasses,
  type VocabularyEntry,
} from "@cutaway/tokenizer/explain";
import { type Progress, startProgress } from "../progress.ts";
import { type FoundToken, renderClasses, renderFound } from "../render/found-tokens.ts";
import type { Session } from "../session.ts";
import { dim, line } from "../terminal/line.ts";
import { count, counted } from "../terminal/numbers.ts";
import { chooseTokenizer, type TokensOptions } from "./tokenizer-choice.ts";

export interface TokensFindOptions extends TokensOptions {
  loosely?: boolean;
  class?: string;
  limit?: number;
}

const kinds = ["unreachable", "glitch", "duplicates", "look-alikes", "longest", "classes"] as const;
type Kind = (typeof kinds)[number];

export async function run([what]: string[], options: TokensFindOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const { text, loosely = false, class: wanted, limit = 20 } = options;
  const kind = text === undefined ? kinds.find((name) => name === what) : undefined;
  const holding = text ?? (kind === undefined ? what : undefined);
  if (text !== undefined && what !== undefined) throw new CutawayError("usage", "a text and --text are both given", { fix: "Give one of them." });
  if (holding === undefined && kind === undefined && wanted === undefined) {
    throw new CutawayError("usage", "nothing to look for", { fix: `Give a text, --class, or one of ${kinds.join(", ")}.` });
  }
  if (holding === "") throw new CutawayError("usage", "the text to look for is empty", { fix: "Every token holds it; give at least a character." });
  if (loosely && holding === undefined) throw new CutawayError("usage", "--loosely is for a text", { fix: "Leave it out, or give a text." });
  if (wanted !== undefined && kind !== undefined && kind !== "longest")
    throw new CutawayError("usage", `--class has no effect on ${kind}`, { fix: "Leave it out." });
  const { tokenizer } = await chooseTokenizer(options);
  if (wanted !== undefined) refuseUnknownClass(tokenizer, wanted);

  if (kind === "classes") {
    const classes = tokenClasses(tokenizer);
    if (out.json)
      out.printJson({ schema: "cutaway/token-classes", version: 1, tokenizer: tokenizer.name, classes: classes.map((one) => ({ ...one })) });
    else out.print(...renderClasses(classes, out.width));
    return;
  }
  const query: TokenQuery = { ...(holding !== undefined && { holding, loosely }), ...(wanted !== undefined && { class: wanted }) };
  const found = kind === undefined ? inOrder(findTokens(tokenizer, query)) : ofKind(kind, tokenizer, query, startProgress(out));
  if (out.json) {
    out.printJson({
      schema: "cutaway/found-tokens",
      version: 1,
      tokenizer: tokenizer.name,
      vocabulary: tokenizer.vocabSize,
      tokens: found.map(asJson),
    });
    return;
  }
  out.print(...renderFound(found.slice(0, limit), tokenizer, kind === undefined ? "class" : "why", out.width));
  if (found.length > limit) out.print(line(dim(`and ${count(found.length - limit)} more; --limit shows them, --json has them`)));
  const whole = holding === undefined ? undefined : found.find(({ entry }) => entry.text === holding);
  const isWhole =
    holding === undefined ? "" : whole ? ` · “${holding}” is a token of its own, ${whole.entry.id}` : ` · “${holding}” is no token of its own`;
  out.say(line(dim(`${counted(found.length, "token")} of ${count(tokenizer.vocabSize)} · ${tokenizer.name}${isWhole}`)));
}

const inOrder = (entries: readonly VocabularyEntry[]): FoundToken[] =>
  entries.map((entry) => ({ entry, says: entry.kind === "text" ? [tokenClass(entry.text)] : [entry.kind] }));

function ofKind(kind: Exclude<Kind, "classes">, tokenizer: Tokenizer, query: TokenQuery, progress: Progress): FoundToken[] {
  switch (kind) {
    case "longest":
      return longestTokens(tokenizer, query).map((entry) => ({ entry, says: [counted(entry.bytes.length, "byte"), tokenClass(entry.text)] }));
    case "duplicates":
      return duplicateTokens(tokenizer).flatMap((group) =>
        group.map((entry) => ({
          entry,
          says: [
            `also ${group
              .filter((one) => one !== entry)
              .map(({ id }) => id)
              .join(", ")}`,
          ],
        })),
      );
    case "look-alikes":
      return lookAlikeTokens(tokenizer).map(({ entry, looksLike }) => ({ entry, says: [`looks like “${looksLike.text}”, ${looksLike.id}`] }));
    case "glitch":
      return findGlitches(tokenizer).map(({ signs, ...entry }) => ({ entry, says: signs }));
    case "unreachable": {
      const { unreachable } = findUnreachable(tokenizer, (done, tokens) => progress.update(`${count(done)} of ${counted(tokens, "token")}`));
      progress.done();
      return unreachable.map(({ reason, proved, becomes, pieces, ...entry }) => ({
        entry,
        says: [
          reason,
          ...(proved ? ["proved"] : ["as far as tried"]),
          ...(pieces ? [`cut into ${pieces.map((piece) => `“${piece}”`).join(" ")}`] : []),
        ],
        ...(becomes && { becomes }),
      }));
    }
  }
}

function refuseUnknownClass(tokenizer: Tokenizer, wanted: string): void {
  const known = tokenClasses(tokenizer).map(({ class: name }) => name);
  if (known.includes(wanted)) return;
  throw new CutawayError("bad-option", `--class: ${tokenizer.name} has no token of class “${wanted}”`, {
    fix: `Its classes are ${known.join(", ")}.`,
  });
}

const asJson = ({ entry, says, becomes }: FoundToken): JsonValue => ({
  id: entry.id,
  kind: entry.kind,
  bytes: Array.from(entry.bytes),
  ...(entry.text !== undefined && { text: entry.text }),
  says: [...says],
  ...(becomes && { becomes: [...becomes] }),
});
