import type { Subject } from "../api/inside.ts";
import { shellQuote } from "../format/shell.ts";
import type { AttentionSide } from "../state/inside-place.ts";
import type { ReadTokens } from "./use-inside.ts";

type Reading = Pick<ReadTokens, "prompt" | "tokens">;

/** A call as it was before its last token; that one has no pattern of its own there. */
export function attentionCommand(
  subject: Subject,
  { prompt, tokens }: Reading,
  side: AttentionSide,
  { layer, head }: { layer: number; head: number },
): string {
  const last = tokens.length - 1 - prompt;
  const kind = side === "self" ? "" : ` --kind ${side}`;
  return `npx cutaway inspect attention ${subjectWords(subject, last)} --layers ${layer} --heads ${head}${kind}`;
}

/** The command line asks about tokens of an answer, and what comes after a prompt; of other places the API of this page tells. */
export function lensCommand(subject: Subject, { prompt, tokens }: Reading, position: number): string {
  const said = position + 1 - prompt;
  const isTold = "call" in subject ? said >= 0 && said < tokens.length - prompt : position === tokens.length - 1;
  return isTold ? `npx cutaway inspect lens ${subjectWords(subject, said)}` : requestCommand("lens", subject, { from: position, to: position + 1 });
}

/** against  the text of the token that the explained one is held against */
export function attributionCommand(
  subject: Subject,
  { prompt }: Reading,
  target: { token: number; against?: number },
  against: Uint8Array | undefined,
): string {
  const said = target.token - prompt;
  const isTold = "call" in subject && said >= 0 && (target.against === undefined || against !== undefined);
  if (!isTold) return requestCommand("attribution", subject, target);
  const other = against === undefined ? "" : ` --against ${shellQuote(new TextDecoder().decode(against))}`;
  return `npx cutaway inspect attribution ${subjectWords(subject, said)}${other}`;
}

const subjectWords = (subject: Subject, token: number): string =>
  "call" in subject
    ? `${subject.call}${token > 0 ? ` --token ${token}` : ""}`
    : `${shellQuote(subject.text)} --raw --model ${shellQuote(subject.model)}`;

const requestCommand = (kind: string, subject: Subject, fields: object): string =>
  `curl -s ${window.location.origin}/api/inside/${kind} --data-raw ${shellQuote(JSON.stringify({ ...subject, ...fields }))}`;
