import { useState } from "react";
import { type AuditRequest, explainedApi, type RowFormat, type TermAudit } from "../api/explained-tokens.ts";
import type { InputPrice, ListedTokenizer } from "../api/tokenizers.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatUsd } from "../format/numbers.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { Problem } from "../parts/problem.tsx";
import { notify } from "../shell/notify.ts";
import type { BenchPlace } from "../state/bench-place.ts";
import { auditCommand, shortName, tokenizerWord } from "./bench-commands.ts";
import { setBenchText, useBenchTexts } from "./bench-texts.ts";
import { saveFile } from "./save-file.ts";
import { TermTable } from "./term-table.tsx";
import { TextBox } from "./text-box.tsx";
import { ChooseTokenizer } from "./tokenizer-bar.tsx";

const formats: readonly RowFormat[] = ["lines", "csv", "tsv", "jsonl", "json"];
const extensions: Record<RowFormat, string> = { lines: "txt", csv: "csv", tsv: "tsv", jsonl: "jsonl", json: "json" };
const exampleTerms = "troponin\nmyocardial infarction\nhydrochlorothiazide\nSKU-4471-B\nICD-10 I21.9\ntelephone\n42 U.S.C. § 1983\nQX-77/A\nwindow\n";

/** The largest file that is taken, in bytes. */
const fileLimit = 8_000_000;

/** Terms of a domain under a tokenizer: how each is cut, and whether another vocabulary is worth it. */
export function TermsTask({ place, listed, price }: { place: BenchPlace; listed: readonly ListedTokenizer[]; price: InputPrice | undefined }) {
  const { terms } = useBenchTexts();
  const [format, setFormat] = useState<RowFormat>("lines");
  const [fileName, setFileName] = useState<string>();
  const [tokenizer = ""] = place.tokenizers;
  const isPriced = price?.tokenizer.exact === true && price.tokenizer.name === tokenizer;
  const request: AuditRequest = { tokenizer, terms, format, ...(isPriced && { provider: price.provider, model: price.model }) };
  const key = terms.trim() === "" || tokenizer === "" ? undefined : JSON.stringify(request);
  const audit = useFetched(key, 0, (_, signal) => explainedApi.audit(request, signal));
  const file = fileName ?? `terms.${extensions[format]}`;
  const open = async (given: File) => {
    if (given.size > fileLimit) {
      notify("failed", `${given.name} is larger than ${fileLimit / 1e6} MB.`, `Run: npx cutaway tokens audit ${given.name}`);
      return;
    }
    const extension = given.name.slice(given.name.lastIndexOf(".") + 1).toLowerCase();
    setFormat(formats.find((one) => extensions[one] === (extension === "ndjson" ? "jsonl" : extension)) ?? "lines");
    setFileName(given.name);
    setBenchText("terms", await given.text());
  };
  return (
    <div className="bench-terms" data-testid="bench-audit">
      <div className="bench-side">
        <TextBox
          name="terms"
          label="Terms"
          placeholder={"A term a line: names, product codes, phrases.\nOr a file with a column term, and frequency if you know it."}
        />
        <p className="text-facts">
          <label className="button">
            Choose a file
            <input
              type="file"
              className="unseen"
              accept=".txt,.csv,.tsv,.json,.jsonl,.ndjson"
              data-testid="terms-file"
              onChange={(event) => {
                const [given] = event.target.files ?? [];
                event.target.value = "";
                if (given) void open(given);
              }}
            />
          </label>
          <label className="check">
            read as
            <select value={format} onChange={(event) => setFormat(formats.find((one) => one === event.target.value) ?? "lines")} aria-label="Read as">
              {formats.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        </p>
        {terms === "" && (
          <button type="button" className="quiet" onClick={() => setBenchText("terms", exampleTerms)}>
            Begin with an example
          </button>
        )}
      </div>
      <div className="terms-report">
        <div className="bench-options">
          <ChooseTokenizer place={place} listed={listed} />
          <span className="push" />
          {audit.state === "here" && (
            <span className="saves">
              <button
                type="button"
                onClick={() => saveFile(new Blob([JSON.stringify(audit.value, null, 2)], { type: "application/json" }), "audit.json")}
              >
                Save JSON
              </button>
              <button
                type="button"
                onClick={() =>
                  void explainedApi.auditCsv(request).then(
                    (csv) => saveFile(csv, "audit.csv"),
                    () => notify("failed", "The table could not be fetched."),
                  )
                }
              >
                Save CSV
              </button>
            </span>
          )}
        </div>
        {key === undefined && (
          <p className="no-text">
            Terms of your domain go at the left. Each is cut as {shortName(tokenizer) || "a tokenizer"} cuts it in running text, beside ordinary words
            as long; the verdict says whether another vocabulary is worth it.
          </p>
        )}
        {audit.state === "failed" && key !== undefined && <Problem error={audit.error} />}
        {audit.state === "waiting" && key !== undefined && <p className="waiting">Auditing …</p>}
        {audit.state === "here" && (
          <>
            <Verdict audit={audit.value} />
            <TermTable terms={audit.value.terms} />
            <div className="column-command">
              <CopyLine
                text={auditCommand(tokenizerWord(tokenizer, listed), file, isPriced ? price.model : "")}
                what="the command that prints this audit"
              />
            </div>
          </>
        )}
      </div>
    </div>
  );
}

const verdicts = { keep: "Keep the tokenizer", "add-tokens": "Add tokens", train: "Train a tokenizer" } as const;

function Verdict({ audit: { verdict, summary, saving, sameIds, oneTokenApart, notes } }: { audit: TermAudit }) {
  return (
    <section className="verdict-box" data-do={verdict.do} data-testid="audit-verdict" aria-label="Verdict">
      <p className="verdict-says">
        <b>{verdicts[verdict.do]}.</b> {verdict.says}
        {!verdict.settled && <small className="dim"> The terms are too few to settle it.</small>}
      </p>
      <p className="column-figures">
        <span className="column-count">
          <b>{summary.inSentence.mean.toFixed(2)}</b> tokens/term
        </span>
        <span>{summary.ordinaryMean.toFixed(2)} for ordinary words</span>
        <span>
          {summary.badlySplit} of {summary.terms} badly split
        </span>
        <span>{summary.whole} whole</span>
        <span>{summary.unsayable} unsayable</span>
        {saving?.usd !== undefined && <span>{formatUsd(saving.usd)} to save</span>}
      </p>
      <details>
        <summary>Reasons, and what would turn it</summary>
        <ul className="reasons">
          {verdict.reasons.map((reason, i) => (
            <li key={i}>{reason}</li>
          ))}
          {verdict.flips.map(({ threshold, from, to, advice }) => (
            <li key={threshold}>
              <code>{threshold}</code> at {round(to)} instead of {round(from)}: {verdicts[advice].toLowerCase()}
            </li>
          ))}
          {sameIds.length > 0 && (
            <li>
              Terms with the same tokens:{" "}
              {sameIds
                .slice(0, 10)
                .map((group) => group.join(" = "))
                .join("; ")}
            </li>
          )}
          {oneTokenApart.length > 0 && (
            <li>
              One token apart:{" "}
              {oneTokenApart
                .slice(0, 10)
                .map(({ terms }) => terms.slice(0, 6).join(", "))
                .join("; ")}
            </li>
          )}
          {notes.map((note, i) => (
            <li key={i}>{note}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}

const round = (value: number): string => String(Number(value.toPrecision(4)));
