import { notify } from "../shell/notify.ts";
import { currentPlace } from "../state/location.ts";
import { setBenchText } from "./bench-texts.ts";
import { largestText, openTerms } from "./open-terms.ts";
import { uploadTokenizer } from "./upload-tokenizer.ts";

const isTokenizer = /(?:\.model|\.tiktoken|^tokenizer.*\.json|^tekken.*\.json|^vocab\.(?:txt|json))$/i;

/** A file dropped on the bench: a tokenizer takes its place, anything else is the text, or the list of terms. */
export function dropOnBench([file]: File[]): void {
  const { bench } = currentPlace();
  if (!file || !bench) return;
  if (isTokenizer.test(file.name)) void uploadTokenizer(file, bench, bench.task !== "tokens");
  else if (bench.task === "terms") void openTerms(file);
  else if (file.size > largestText)
    notify("failed", `${file.name} is larger than ${largestText / 1e6} MB.`, `Run: npx cutaway tokens show ${file.name}`);
  else void file.text().then((text) => setBenchText("text", text));
}
