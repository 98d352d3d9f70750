import { useMemo } from "react";
import type { InputPrice } from "../api/tokenizers.ts";
import { formatCount, formatUsd, plural } from "../format/numbers.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { Problem } from "../parts/problem.tsx";
import { copyText } from "../shell/notify.ts";
import type { BenchShow } from "../state/bench-place.ts";
import { shortName, tokenizersDiffCommand, tokensCommand } from "./bench-commands.ts";
import { countKinds, type EncodedText } from "./encoded-text.ts";
import { markedKinds } from "./token-shades.ts";
import { TokenStripOf } from "./token-strip-of.tsx";
import type { Encoding } from "./use-encoded.ts";

/** A text under one tokenizer: what it comes to, and token by token. */
export function TokenColumn({
  name,
  tokenizer,
  word,
  firstWord,
  encoding,
  first,
  show,
  lit,
  places,
  price,
  add,
  selected,
  isPicked,
  onSelect,
  onRemove,
}: {
  /** Test ids and element ids begin with it. */
  name: string;
  tokenizer: string;
  /** It and the first as words of the shell. */
  word: string;
  firstWord: string;
  encoding: Encoding;
  /** Tokens under the first tokenizer, where this is another. */
  first: number | undefined;
  show: BenchShow;
  lit: Uint8Array | undefined;
  /** Where it disagrees with the first. */
  places: number | undefined;
  price: InputPrice | undefined;
  /** Whether BOS, EOS and the like were asked for. */
  add: boolean;
  selected: number | undefined;
  /** Whether the selected token was picked in this column. */
  isPicked: boolean;
  onSelect: (token: number) => void;
  onRemove?: (() => void) | undefined;
}) {
  const { encoded, error, waiting } = encoding;
  return (
    <section className="token-column" aria-label={shortName(tokenizer)} aria-busy={waiting} data-waiting={waiting || undefined}>
      <header className="column-head">
        <h3 title={tokenizer}>{shortName(tokenizer)}</h3>
        <small>{encoded ? familyNames[encoded.packed.family] : ""}</small>
        <span className="push" />
        {onRemove && (
          <button type="button" className="quiet" onClick={onRemove} aria-label={`Remove ${shortName(tokenizer)}`}>
            ×
          </button>
        )}
      </header>
      {encoded && !error && encoded.text !== "" && (
        <Readouts
          encoded={encoded}
          first={first}
          places={places}
          price={price}
          add={add}
          name={name}
          diff={tokenizersDiffCommand(firstWord, word, encoded.text)}
        />
      )}
      {error && <Problem error={error} />}
      {encoded && !error && encoded.packed.ids.length === 0 && <p className="waiting">No tokens yet.</p>}
      {encoded && !error && encoded.packed.ids.length > 0 && (
        <TokenStripOf encoded={encoded} name={name} show={show} lit={lit} selected={selected} isFollowed={isPicked} onSelect={onSelect} />
      )}
      {!encoded && !error && <p className="waiting">Loading …</p>}
      {encoded && !error && encoded.text !== "" && (
        <div className="column-command">
          <CopyLine
            text={tokensCommand("show", word, encoded.text, encoded.packed.added ? ["--add-special-tokens"] : [])}
            what="the command that prints these tokens"
          />
        </div>
      )}
    </section>
  );
}

const familyNames = {
  "byte-level-bpe": "byte-level BPE",
  "sentencepiece-bpe": "SentencePiece BPE",
  unigram: "Unigram",
  wordpiece: "WordPiece",
  bytes: "baseline",
  characters: "baseline",
} as const;

function Readouts({
  encoded,
  first,
  places,
  price,
  add,
  name,
  diff,
}: {
  encoded: EncodedText;
  first: number | undefined;
  places: number | undefined;
  price: InputPrice | undefined;
  add: boolean;
  name: string;
  /** The command that lists the places where it differs from the first. */
  diff: string;
}) {
  const { packed, tokenizer } = encoded;
  const tokens = packed.ids.length;
  const perToken = tokens === 0 ? undefined : packed.bytes / tokens;
  const isOwn = price?.tokenizer.name === tokenizer && price.tokenizer.exact;
  return (
    <p className="column-figures" data-testid={`${name}-figures`}>
      <span className="column-count">
        <b>{formatCount(tokens)}</b> {tokens === 1 ? "token" : "tokens"}
      </span>
      {first !== undefined && first > 0 && tokens !== first && <span title="against the first tokenizer">{change(tokens, first)}</span>}
      <span>{perToken === undefined ? "–" : perToken.toFixed(2)} bytes/token</span>
      {price && (
        <span
          title={
            isOwn
              ? `at ${formatUsd(price.input)} per million input tokens of ${price.model}`
              : `${price.model} does not use this tokenizer, or it is not published: what it would cost if it did`
          }
        >
          {isOwn ? "" : "≈ "}
          {formatUsd((tokens * price.input) / 1e6)}
        </span>
      )}
      {places === 0 && <span>same borders</span>}
      {places !== undefined && places > 0 && (
        <button type="button" className="link column-places" title={`Copy: ${diff}`} onClick={() => copyText(diff, "the command that lists them")}>
          {plural(places, "place")} differ{places === 1 && "s"}
        </button>
      )}
      <Marked encoded={encoded} />
      {add && !packed.added && <span title="The file does not say which tokens go around a text">adds nothing known</span>}
    </p>
  );
}

/** Tokens that are no plain text, counted beside a swatch of their colour. */
function Marked({ encoded }: { encoded: EncodedText }) {
  const counts = useMemo(() => countKinds(encoded), [encoded]);
  return markedKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => (
      <span key={kind} title={kindSays[kind]}>
        <i className={`swatch kind-${kind}`} aria-hidden="true" />
        <u>{kind}</u> {formatCount(counts[kind])}
      </span>
    ));
}

const kindSays = {
  special: "tokens of control, which no plain text becomes",
  unknown: "what the vocabulary cannot say",
  byte: "single bytes, in place of characters that the vocabulary does not have",
} as const;

function change(tokens: number, first: number): string {
  const percent = ((tokens - first) / first) * 100;
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0)}%`;
}
