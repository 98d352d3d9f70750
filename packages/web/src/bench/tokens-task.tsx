import { compareSegmentations } from "@cutaway/tokenizer/explain";
import { useDeferredValue, useMemo, useState } from "react";
import type { Lint } from "../api/explained-tokens.ts";
import type { InputPrice, ListedTokenizer } from "../api/tokenizers.ts";
import { formatBytes, plural } from "../format/numbers.ts";
import { useCommands } from "../shell/commands.ts";
import type { BenchPlace } from "../state/bench-place.ts";
import { goBench } from "../state/location.ts";
import { savedName, tokenizerWord } from "./bench-commands.ts";
import { BenchOptions } from "./bench-options.tsx";
import { useBenchTexts } from "./bench-texts.ts";
import { type EncodedText, segmentationOf, tokenAtOffset } from "./encoded-text.ts";
import { firstBright, withSpanLit } from "./light-span.ts";
import { LintList } from "./lint-list.tsx";
import { Samples } from "./samples.tsx";
import { saveFile } from "./save-file.ts";
import { TextBox } from "./text-box.tsx";
import { TokenColumn } from "./token-column.tsx";
import { TokenOriginPanel } from "./token-origin-panel.tsx";
import { type Encoding, useEncoded } from "./use-encoded.ts";

/** One text under several tokenizers beside each other. */
export function TokensTask({ place, listed, price }: { place: BenchPlace; listed: readonly ListedTokenizer[]; price: InputPrice | undefined }) {
  const { text } = useBenchTexts();
  const encodings = useDeferredValue(useEncoded(place.tokenizers, text, place.special, place.add));
  const rival = Math.max(1, place.picked?.column ?? 1);
  const lights = useMemo(() => lightsOf(encodings, place.marks, rival), [encodings, place.marks, rival]);
  const [chosen, setChosen] = useState<{ text: string; lint: Lint | undefined }>();
  const lint = chosen?.text === text ? chosen.lint : undefined;
  const setLint = (next: Lint | undefined) => setChosen({ text, lint: next });
  const bright = useMemo(
    () => encodings.map(({ encoded }, i) => encoded && withSpanLit(encoded, lights[i]?.lit, lint?.span)),
    [encodings, lights, lint],
  );
  const selections = selectedTokens(encodings, place.picked);
  const picked = place.picked && encodings[place.picked.column]?.encoded;
  const move = (by: number) => {
    const column = place.picked?.column ?? 0;
    const count = encodings[column]?.encoded?.packed.ids.length ?? 0;
    const token = place.picked === undefined ? 0 : Math.max(0, Math.min(count - 1, place.picked.token + by));
    if (count > 0) goBench({ picked: { column, token } }, "replace");
  };
  useCommands([
    { id: "bench-next", title: "Next token", keys: ["]"], group: "Tokens", run: () => move(1) },
    { id: "bench-previous", title: "Token before", keys: ["["], group: "Tokens", run: () => move(-1) },
  ]);
  const first = encodings[0]?.encoded;
  return (
    <div className="bench-tokens" data-picked={picked !== undefined || undefined}>
      <div className="bench-side">
        <TextBox name="text" label="Text" placeholder="Type or paste a text" />
        <p className="text-facts fine">
          {plural(text.length, "character")}
          {first && <> · {formatBytes(first.packed.bytes)}</>}
          <span className="push" />
          {text !== "" && <SaveText text={text} />}
        </p>
        {text === "" && <Samples />}
        {place.tokenizers[0] !== undefined && (
          <LintList tokenizer={place.tokenizers[0]} word={tokenizerWord(place.tokenizers[0], listed)} text={text} lit={lint} onLight={setLint} />
        )}
      </div>
      <div className="bench-columns-pane">
        <BenchOptions place={place} listed={listed} />
        <div className="bench-columns" data-count={place.tokenizers.length} data-testid="bench-columns">
          {place.tokenizers.map((tokenizer, i) => (
            <TokenColumn
              key={tokenizer}
              name={`bench-${i}`}
              tokenizer={tokenizer}
              word={tokenizerWord(tokenizer, listed)}
              firstWord={tokenizerWord(place.tokenizers[0] ?? "", listed)}
              encoding={encodings[i] ?? { waiting: true }}
              first={i === 0 ? undefined : first?.packed.ids.length}
              show={place.show}
              lit={bright[i]}
              places={lights[i]?.places}
              price={price}
              add={place.add}
              isPicked={place.picked?.column === i}
              selected={lint ? firstBright(bright[i]) : selections[i]}
              onSelect={(token) => {
                setLint(undefined);
                goBench({ picked: { column: i, token } }, "replace");
              }}
              onRemove={
                place.tokenizers.length > 1
                  ? () => goBench({ tokenizers: place.tokenizers.filter((name) => name !== tokenizer), picked: undefined })
                  : undefined
              }
            />
          ))}
        </div>
      </div>
      {picked && place.picked && (
        <TokenOriginPanel
          encoded={picked}
          word={tokenizerWord(picked.tokenizer, listed)}
          token={place.picked.token}
          special={place.special}
          add={place.add}
          onClose={() => goBench({ picked: undefined })}
        />
      )}
    </div>
  );
}

interface ColumnLights {
  lit: Uint8Array;
  /** Of every column but the first. */
  places: number | undefined;
}

/**
 * Each tokenizer against the first, of those that have arrived for the same text. The first itself is lit against one of them.
 * rival  column of that one
 */
function lightsOf(encodings: readonly Encoding[], marks: boolean, rival: number): (ColumnLights | undefined)[] {
  const first = encodings[0]?.encoded;
  if (!first || encodings.length < 2) return [];
  const own = new Uint8Array(first.packed.ids.length);
  const others = encodings.slice(1).map(({ encoded }, i): ColumnLights | undefined => {
    if (!encoded || encoded.text !== first.text) return undefined;
    const lit = new Uint8Array(encoded.packed.ids.length);
    const regions = compareSegmentations(segmentationOf(first), segmentationOf(encoded), first.text.length);
    for (const { a, b } of marks ? regions : []) {
      if (i + 1 === rival) own.fill(1, a.start, a.end);
      lit.fill(1, b.start, b.end);
    }
    return { lit, places: regions.length };
  });
  return [{ lit: own, places: undefined }, ...others];
}

/** The picked token, and in the other columns the one at the same place of the text. */
function selectedTokens(encodings: readonly Encoding[], picked: BenchPlace["picked"]): (number | undefined)[] {
  const own = picked && encodings[picked.column]?.encoded;
  const offset = picked && own?.packed.starts[picked.token];
  if (!picked || !own || offset === undefined) return [];
  const at = ({ encoded }: Encoding): EncodedText | undefined => (encoded?.text === own.text ? encoded : undefined);
  return encodings.map((encoding, i) => {
    const encoded = at(encoding);
    return i === picked.column ? picked.token : encoded && tokenAtOffset(encoded, offset);
  });
}

/** The text as a file, so that the commands can be run on it. */
const SaveText = ({ text }: { text: string }) => (
  <button type="button" className="link" onClick={() => saveFile(new Blob([text], { type: "text/plain" }), savedName)}>
    save {savedName}
  </button>
);
