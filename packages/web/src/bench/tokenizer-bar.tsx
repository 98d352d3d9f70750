import { useState } from "react";
import type { ListedTokenizer } from "../api/tokenizers.ts";
import type { BenchPlace } from "../state/bench-place.ts";
import { goBench } from "../state/location.ts";
import { shortName } from "./bench-commands.ts";
import { uploadTokenizer, withFirst } from "./upload-tokenizer.ts";

const fromNames = { installed: "installed", model: "local models", upload: "uploaded" } as const;

/** Adds tokenizers to those on the bench: one that is here, or a file. */
export function AddTokenizer({ place, listed }: { place: BenchPlace; listed: readonly ListedTokenizer[] }) {
  return (
    <div className="add-tokenizer">
      <select
        aria-label="Add a tokenizer"
        value=""
        onChange={(event) => {
          if (event.target.value !== "") goBench({ tokenizers: [...place.tokenizers, event.target.value] });
        }}
      >
        <option value="">Add a tokenizer …</option>
        <TokenizerOptions listed={listed.filter(({ name }) => !place.tokenizers.includes(name))} told />
      </select>
      <UploadButton place={place} />
    </div>
  );
}

/** Puts one first: the tokenizer of tasks that take one. */
export function ChooseTokenizer({ place, listed }: { place: BenchPlace; listed: readonly ListedTokenizer[] }) {
  const [first = ""] = place.tokenizers;
  return (
    <div className="add-tokenizer">
      <select aria-label="Tokenizer" value={first} onChange={(event) => goBench(withFirst(place, event.target.value))}>
        {!listed.some(({ name }) => name === first) && <option value={first}>{shortName(first)}</option>}
        <TokenizerOptions listed={listed} />
      </select>
      <UploadButton place={place} first />
    </div>
  );
}

/** told  with the models that read so */
function TokenizerOptions({ listed, told = false }: { listed: readonly ListedTokenizer[]; told?: boolean }) {
  return (["installed", "model", "upload"] as const).map((from) => {
    const names = listed.filter((one) => one.from === from);
    return names.length === 0 ? null : (
      <optgroup key={from} label={fromNames[from]}>
        {names.map(({ name, models }) => (
          <option key={name} value={name}>
            {shortName(name)}
            {told && models && ` — ${models}`}
          </option>
        ))}
      </optgroup>
    );
  });
}

function UploadButton({ place, first = false }: { place: BenchPlace; first?: boolean }) {
  const [busy, setBusy] = useState(false);
  const upload = async (file: File) => {
    setBusy(true);
    await uploadTokenizer(file, place, first);
    setBusy(false);
  };
  return (
    <label className="button">
      {busy ? "Reading …" : "Upload a file"}
      <input
        type="file"
        className="unseen"
        accept=".json,.model,.tiktoken,.txt"
        disabled={busy}
        data-testid="bench-upload"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void upload(file);
        }}
      />
    </label>
  );
}
