import { useState } from "react";
import { type ListedTokenizer, tokenizersApi } from "../api/tokenizers.ts";
import { asApiError } from "../api/use-fetched.ts";
import { notify } from "../shell/notify.ts";
import type { BenchPlace } from "../state/bench-place.ts";
import { goBench } from "../state/location.ts";
import { shortName } from "./bench-commands.ts";

const fromNames = { installed: "installed", model: "local models", upload: "uploaded" } as const;

/** Adds tokenizers to those on the bench: one that is here, or a file. */
export function AddTokenizer({ place, listed }: { place: BenchPlace; listed: readonly ListedTokenizer[] }) {
  const [busy, setBusy] = useState(false);
  const left = listed.filter(({ name }) => !place.tokenizers.includes(name));
  const upload = async (file: File) => {
    setBusy(true);
    await uploadTokenizer(file, place);
    setBusy(false);
  };
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
        {(["installed", "model", "upload"] as const).map((from) => {
          const names = left.filter((one) => one.from === from);
          return names.length === 0 ? null : (
            <optgroup key={from} label={fromNames[from]}>
              {names.map(({ name }) => (
                <option key={name} value={name}>
                  {shortName(name)}
                </option>
              ))}
            </optgroup>
          );
        })}
      </select>
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
    </div>
  );
}

/** Takes a tokenizer file and puts it on the bench, or says what is wrong with it. */
export async function uploadTokenizer(file: File, place: BenchPlace): Promise<void> {
  try {
    const { name } = await tokenizersApi.upload(file);
    goBench({ tokenizers: [...place.tokenizers.filter((other) => other !== name), name] });
  } catch (failure) {
    const error = asApiError(failure);
    notify("failed", `${file.name}: ${error.message}`, error.fix);
  }
}
