import { existsSync } from "node:fs";
import { CutawayError, type JsonObject, plain, type Tokenizer } from "@cutaway/core";
import { type CandidateMatch, detectMismatch, type MismatchReport } from "@cutaway/tokenizer/explain";
import { readStandardInput } from "../input/read-bytes.ts";
import { readText } from "../input/read-text.ts";
import { renderMismatch } from "../render/mismatch.ts";
import type { Session } from "../session.ts";
import { textToCount } from "./tokenizer-choice.ts";

export interface TokensWhoseOptions {
  tokenizer?: string[];
  text?: string;
}

export async function run([given = "", file]: string[], options: TokensWhoseOptions, session: Session): Promise<undefined> {
  const { out } = session;
  if (given === "-" && file === "-")
    throw new CutawayError("usage", "ids and text cannot both be standard input", { fix: "Give one of them as a file." });
  const ids = idsOf(
    given === "-" ? new TextDecoder().decode(await readStandardInput(out, session.interrupted)) : existsSync(given) ? readText(given, out) : given,
  );
  const text =
    file === undefined && options.text === undefined
      ? undefined
      : await textToCount(file, options.text === undefined ? {} : { text: options.text }, session);
  const { knownTokenizers, loadTokenizer } = await import("@cutaway/tokenizer/named");
  const tokenizers: Tokenizer[] = [];
  for (const name of options.tokenizer ?? knownTokenizers.filter((known) => !baselines.has(known))) tokenizers.push(await loadTokenizer(name));
  const report = text === undefined ? withoutText(ids, tokenizers) : detectMismatch(text, ids, tokenizers);
  if (out.json) out.printJson({ schema: "cutaway/token-match", version: 1, ids: ids.length, ...(plain(report) as JsonObject) });
  else out.print(...renderMismatch(report, ids, text, tokenizers, out.width));
}

/** Nobody's model has these. */
const baselines: ReadonlySet<string> = new Set(["bytes", "characters"]);

/** Each candidate asked whether it would make these ids of the text that it reads in them. */
function withoutText(ids: readonly number[], tokenizers: readonly Tokenizer[]): MismatchReport {
  const candidates = tokenizers.map((tokenizer): CandidateMatch => {
    const known = ids.every((id) => tokenizer.bytesOf(id) !== undefined);
    return detectMismatch(known ? tokenizer.decode(ids) : "", ids, [tokenizer]).candidates[0] as CandidateMatch;
  });
  const exact = candidates.filter(({ match }) => match === "exact").map(({ tokenizer }) => tokenizer);
  candidates.sort((a, b) => Number(b.match === "exact") - Number(a.match === "exact") || b.agreeing - a.agreeing);
  return { candidates, made: exact, verdict: exact.length === 0 ? "none" : exact.length === 1 ? "one" : "several" };
}

/** `1,2,3`, `1 2 3`, `[1, 2, 3]`, one a line. */
function idsOf(text: string): number[] {
  const words = text
    .trim()
    .replace(/^\[([\s\S]*)\]$/, "$1")
    .split(/[\s,;]+/)
    .filter((word) => word !== "");
  const wrong = words.find((word) => !/^\d{1,9}$/.test(word));
  if (wrong !== undefined || words.length === 0) {
    throw new CutawayError("bad-ids", wrong === undefined ? "there are no ids" : `“${wrong.slice(0, 40)}” is no token id`, {
      fix: "Give whole numbers, e.g. 464,3797, or a file with them.",
    });
  }
  return words.map(Number);
}
