import { explainedApi, type Lint } from "../api/explained-tokens.ts";
import { useFetched } from "../api/use-fetched.ts";
import { plural } from "../format/numbers.ts";
import { onOneLine, visible } from "../format/visible.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { Problem } from "../parts/problem.tsx";
import { Section } from "../parts/section.tsx";
import { SeverityMark } from "../parts/severity.tsx";
import { tokensCommand } from "./bench-commands.ts";

/** UTF-16 units: a longer text is linted on the command line. */
const longestLinted = 200_000;

/** What a reader of the text does not see and the tokenizer does, each with its place, which can be lit. */
export function LintList({
  tokenizer,
  word,
  text,
  lit,
  onLight,
}: {
  tokenizer: string;
  /** It as a word of the shell. */
  word: string;
  text: string;
  lit: Lint | undefined;
  onLight: (lint: Lint | undefined) => void;
}) {
  const isLinted = text !== "" && text.length <= longestLinted;
  const found = useFetched(isLinted ? `${tokenizer}\n${text}` : undefined, 0, (_, signal) => explainedApi.lints(tokenizer, text, signal));
  if (text === "") return null;
  if (!isLinted) return <p className="fine">The text is too long to be looked through for hidden traps here.</p>;
  if (found.state === "failed") return <Problem error={found.error} />;
  if (!found.value) return null;
  const { lints } = found.value;
  if (lints.length === 0) return <p className="fine lint-none">Nothing hides in it: no trailing space, no odd character, no split word.</p>;
  return (
    <Section title="Look out" aside={plural(found.value.found, "place")} className="lints">
      <ul data-testid="lints">
        {lints.slice(0, 50).map((lint, i) => (
          <li key={i}>
            <button type="button" className="lint" aria-pressed={isSame(lint, lit)} onClick={() => onLight(isSame(lint, lit) ? undefined : lint)}>
              <span className="lint-head">
                <SeverityMark severity={lint.severity} says="" /> <code>{lint.id}</code>
                <small>
                  {lint.span.start}–{lint.span.end}
                </small>
              </span>
              <span className="lint-says">{onOneLine(visible(lint.says))}</span>
            </button>
            {isSame(lint, lit) && <Evidence lint={lint} />}
          </li>
        ))}
      </ul>
      <CopyLine text={tokensCommand("lint", word, text)} what="the command that finds the same" />
    </Section>
  );
}

/** How it is, and how it would be. */
function Evidence({ lint: { fix, evidence } }: { lint: Lint }) {
  return (
    <div className="lint-more">
      <p>{onOneLine(visible(fix))}</p>
      {evidence.map(({ label, tokens, ids }, i) => (
        <p key={i}>
          <small>{label}</small>{" "}
          <span className="piece-tokens">
            {tokens.map((token, j) => (
              <code key={j} title={`id ${ids[j]}`}>
                {onOneLine(visible(token)).replaceAll(" ", "·") || "‹…›"}
              </code>
            ))}
          </span>
        </p>
      ))}
    </div>
  );
}

export const isSame = (a: Lint, b: Lint | undefined): boolean =>
  b !== undefined && a.id === b.id && a.span.start === b.span.start && a.span.end === b.span.end;
