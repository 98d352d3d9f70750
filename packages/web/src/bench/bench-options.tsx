import type { ListedTokenizer } from "../api/tokenizers.ts";
import { type BenchPlace, benchShows } from "../state/bench-place.ts";
import { goBench } from "../state/location.ts";
import { AddTokenizer, ChooseTokenizer } from "./tokenizer-bar.tsx";

/** Which tokenizers, and how texts are read and shown. one  the task takes one tokenizer, the first */
export function BenchOptions({ place, listed, one = false }: { place: BenchPlace; listed: readonly ListedTokenizer[]; one?: boolean }) {
  return (
    <div className="bench-options">
      {one ? <ChooseTokenizer place={place} listed={listed} /> : <AddTokenizer place={place} listed={listed} />}
      <span className="push" />
      <label className="check" title="Names of special tokens in the text are read as these tokens; the command line reads them as text">
        <input
          type="checkbox"
          checked={place.special}
          onChange={(event) => goBench({ special: event.target.checked, picked: undefined }, "replace")}
        />
        read special tokens
      </label>
      <label className="check" title="What the tokenizer's own post-processing puts around a text: BOS, EOS, [CLS], [SEP]">
        <input type="checkbox" checked={place.add} onChange={(event) => goBench({ add: event.target.checked, picked: undefined }, "replace")} />
        add BOS/EOS
      </label>
      {!one && place.tokenizers.length > 1 && (
        <label className="check" title="Lights the places where a tokenizer sets other borders than the first">
          <input type="checkbox" checked={place.marks} onChange={(event) => goBench({ marks: event.target.checked }, "replace")} />
          light differences
        </label>
      )}
      <div className="picker" role="group" aria-label="Show tokens as">
        {benchShows.map((show) => (
          <button key={show} type="button" aria-pressed={place.show === show} onClick={() => goBench({ show }, "replace")}>
            {show}
          </button>
        ))}
      </div>
    </div>
  );
}
