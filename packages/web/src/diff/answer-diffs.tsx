import type { Call } from "@cutaway/core";
import type { CallDiff } from "../api/types.ts";
import { formatLogprob, formatProbability } from "../format/numbers.ts";
import { visible, visibleLine } from "../format/visible.ts";
import { Section } from "../parts/section.tsx";
import { Differences } from "./differences.tsx";
import { windowAt } from "./window.ts";

type First = CallDiff["answers"][number]["first"];
type TokenHere = NonNullable<Extract<First, { kind: "token" }>["before"]>;

/** For each answer that differs, the first place at which the two part, and both texts from there. */
export function AnswerDiffs({ diff, a, b }: { diff: CallDiff; a: Call; b: Call }) {
  if (diff.answers.length === 0) {
    return (
      <Section title="Answers" aside="equal">
        <p className="fine">
          {a.answers.length === 0 && b.answers.length === 0 ? "Neither call has an answer." : "The answers are the same, character for character."}
        </p>
      </Section>
    );
  }
  return diff.answers.map(({ answer, first }) => (
    <Section key={answer} title={diff.answers.length > 1 || answer > 0 ? `Answer ${answer}` : "Answer"} aside={where(first)}>
      {first.kind === "token" && <Distributions first={first} />}
      {first.kind === "field" ? (
        <Differences of={[first]} />
      ) : (
        <Texts a={textOf(a, answer, first)} b={textOf(b, answer, first)} at={offsetOf(first)} />
      )}
    </Section>
  ));
}

function where(first: First): string {
  switch (first.kind) {
    case "token":
      return `they part at token ${first.index}`;
    case "character":
      return `they part at character ${first.at} of the ${first.field}, line ${first.line}, column ${first.column}`;
    case "field":
      return first.path;
  }
}

const offsetOf = (first: Exclude<First, { kind: "field" }>): number =>
  first.kind === "character" ? first.at : (first.before?.span.start ?? first.after?.span.start ?? 0);

function textOf(call: Call, answer: number, first: First): string {
  const field = first.kind === "character" ? first.field : "text";
  return call.answers[answer]?.[field] ?? "";
}

/** What each model held probable where the answers part. */
function Distributions({ first }: { first: Extract<First, { kind: "token" }> }) {
  return (
    <div className="diff-sides distributions" data-testid="distributions">
      <Distribution name="A" here={first.before} other={first.after?.text} />
      <Distribution name="B" here={first.after} other={first.before?.text} />
    </div>
  );
}

function Distribution({ name, here, other }: { name: string; here: TokenHere | undefined; other: string | undefined }) {
  if (!here) {
    return (
      <div className="distribution">
        <b className="diff-letter">{name}</b>
        <p className="fine">This answer had already ended.</p>
      </div>
    );
  }
  const top = here.top ?? [];
  const listed =
    top.some(({ text }) => text === here.text) || here.logprob === undefined ? top : [...top, { text: here.text, logprob: here.logprob }];
  return (
    <div className="distribution">
      <b className="diff-letter">{name}</b>
      <div className="token-face">{visibleLine(here.text).replaceAll(" ", "·")}</div>
      <ol className="choices">
        {listed
          .toSorted((x, y) => y.logprob - x.logprob)
          .map(({ text, logprob }, i) => (
            <li key={i} data-chosen={text === here.text || undefined}>
              <span className="choice-text">{visibleLine(text).replaceAll(" ", "·") || "∅"}</span>
              <span className="choice-bar">
                <i style={{ width: `${Math.exp(logprob) * 100}%` }} />
              </span>
              <span className="number" title={`logprob ${formatLogprob(logprob)}`}>
                {formatProbability(Math.exp(logprob))}
              </span>
              <span className="choice-mark">{text === here.text ? "◂ chosen" : text === other ? "other's" : ""}</span>
            </li>
          ))}
      </ol>
      {listed.length === 0 && <p className="fine">Its probability is unknown.</p>}
    </div>
  );
}

function Texts({ a, b, at }: { a: string; b: string; at: number }) {
  return (
    <div className="diff-sides">
      <Text name="A" text={a} at={at} />
      <Text name="B" text={b} at={at} />
    </div>
  );
}

function Text({ name, text, at }: { name: string; text: string; at: number }) {
  const { skipped, same, own, left } = windowAt(text, at);
  const shown = (part: string) => part.replace(/[^\n\t]+/g, visible);
  return (
    <div className="diff-text">
      <b className="diff-letter">{name}</b>
      <pre className="text" dir="ltr">
        {skipped > 0 && <small>{skipped} characters before, equal in both … </small>}
        <span className="same">{shown(same)}</span>
        <mark data-bright>{own === "" ? "∎ ends here" : shown(own)}</mark>
        {left > 0 && <small> … {left} more</small>}
      </pre>
    </div>
  );
}
