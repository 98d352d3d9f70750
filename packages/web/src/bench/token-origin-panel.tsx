import { type EncodeRequest, type TokenOrigin, tokenizersApi } from "../api/tokenizers.ts";
import { useFetched } from "../api/use-fetched.ts";
import { hex, onOneLine, visible, visibleToken } from "../format/visible.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { Problem } from "../parts/problem.tsx";
import { Facts, Section } from "../parts/section.tsx";
import { shortName, tokensCommand } from "./bench-commands.ts";
import { type EncodedText, entryBytes, kindOf } from "./encoded-text.ts";
import { PieceSearch } from "./piece-search.tsx";
import { utf8Length } from "./utf8-length.ts";

/** How a token came to be: normalised text, pieces, and the way from the piece to its tokens. */
export function TokenOriginPanel({
  encoded,
  word,
  token,
  special,
  add,
  onClose,
}: {
  encoded: EncodedText;
  /** The tokenizer as a word of the shell. */
  word: string;
  token: number;
  special: boolean;
  add: boolean;
  onClose: () => void;
}) {
  const { packed, text, tokenizer } = encoded;
  const request: EncodeRequest & { token: number } = { tokenizer, text, special, add, token };
  const key = `${tokenizer}\n${token}\n${special}\n${add}\n${text}`;
  const isThere = token < packed.ids.length;
  const traced = useFetched(isThere ? key : undefined, 0, (_, signal) => tokenizersApi.trace(request, signal));
  if (!isThere) return null;
  const entry = encoded.entry[token] as number;
  const bytes = entryBytes(packed, entry);
  const [start, end] = [packed.starts[token] as number, packed.ends[token] as number];
  const kind = kindOf(encoded, entry);
  const before = utf8Length(text, 0, start);
  return (
    <aside className="inspector origin" data-open="true" aria-label="How this token came to be" data-testid="origin">
      <header className="origin-head">
        <h2>
          <code className="origin-face">{onOneLine(visibleToken(bytes)) || "‹empty›"}</code>
        </h2>
        <small>
          #{token} of {packed.ids.length} · {shortName(tokenizer)}
        </small>
        <span className="push" />
        <button type="button" className="quiet" onClick={onClose} aria-label="Close">
          esc
        </button>
      </header>
      <Facts
        of={[
          ["id", `${packed.ids[token]}${kind === "text" ? "" : `, ${kind}`}`],
          ["bytes", hex(bytes.subarray(0, 64)) + (bytes.length > 64 ? " …" : "")],
          ["stands for", start === end ? "nothing of the text" : `“${onOneLine(visible(text.slice(start, Math.min(end, start + 200))))}”`],
          ["at UTF-16", `${start}–${end}`],
          ["at UTF-8", `${before}–${before + utf8Length(text, start, end)}`],
        ]}
      />
      {traced.state === "failed" && <Problem error={traced.error} />}
      {traced.state === "waiting" && <p className="waiting">Tracing …</p>}
      {traced.state === "here" && <Origin origin={traced.value} start={start} />}
      <CopyLine
        text={tokensCommand("trace", word, text, traceOptions(packed.added, traced.value?.number))}
        what="the command that prints the whole trace"
      />
    </aside>
  );
}

const traceOptions = (added: boolean, piece: number | undefined): string[] => [
  ...(piece === undefined ? [] : [`--piece ${piece}`]),
  ...(added ? ["--add-special-tokens"] : []),
];

function Origin({ origin: { stretch, piece, added, id, partial }, start }: { origin: TokenOrigin; start: number }) {
  if (added) return <p className="fine">Post-processing put it there: it stands for no part of the text.</p>;
  if (!stretch) return null;
  if (stretch.kind === "added-token") {
    return (
      <p className="fine">
        {stretch.special ? "A special token" : "An added token"}, found in the text as <code>{visible(stretch.content)}</code> before anything else
        was done.
      </p>
    );
  }
  return (
    <>
      {stretch.normalizations.length > 0 && (
        <Section title="Normalised" aside={`${stretch.normalizations.length} ${stretch.normalizations.length === 1 ? "step" : "steps"}`}>
          <ol className="normalizations">
            {stretch.normalizations.map(({ step, text }, i) => (
              <li key={i}>
                <small>{step}</small>
                <code>
                  {onOneLine(visible(text.slice(0, 120)))}
                  {text.length > 120 ? "…" : ""}
                </code>
              </li>
            ))}
          </ol>
        </Section>
      )}
      <Section title="Pre-tokens">
        <p className="pre-tokens">
          {stretch.around.map((one, i) => (
            <code key={one.span.start} aria-current={i === stretch.current || undefined} title={`UTF-16 ${one.span.start}–${one.span.end}`}>
              {onOneLine(visible(one.text.slice(0, 60))).replaceAll(" ", "·")}
              {one.text.length > 60 ? "…" : ""}
            </code>
          ))}
        </p>
      </Section>
      {partial && (
        <p className="fine">
          This family does not split a text. The part of it around the token is traced here; its tokens are those of the whole text.
        </p>
      )}
      {piece && <PieceSearch piece={piece} id={id} start={start} />}
    </>
  );
}
