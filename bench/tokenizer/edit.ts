import { seededRandom } from "@cutaway/core";
import { editableTokens } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { spread } from "../measure.ts";
import { prose } from "./corpora.ts";
import type { Figure } from "./figure.ts";

const keys = 500;

/** One key typed at a random place of a prompt of a million characters: wall time until count and change are known. Checked against encoding it all. */
const edit: Figure = async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const random = seededRandom(1);
  const editable = editableTokens(tokenizer, prose().slice(0, 1_000_000));
  const times: number[] = [];
  for (let key = 0; key < keys + 100; key++) {
    const place = Math.floor(random() * 1_000_000);
    const text = String.fromCharCode(97 + Math.floor(random() * 26));
    const started = performance.now();
    editable.edit(place, place, text);
    if (key >= 100) times.push(performance.now() - started);
  }
  const whole = tokenizer.encode(editable.text);
  const ids = editable.ids();
  if (ids.length !== whole.length || ids.some((id, at) => id !== whole[at])) throw new Error("the edited ids are not those of the text");
  const sorted = times.toSorted((a, b) => a - b);
  return {
    metrics: { edit_1mb_ms: spread(times).median },
    detail: { ...spread(times), p99: sorted[Math.floor(0.99 * sorted.length)], tokens: ids.length },
  };
};
export default edit;
