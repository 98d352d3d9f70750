import { type AuditRequest, explainedApi, type RowFormat, type TermAudit } from "../api/explained-tokens.ts";
import type { InputPrice, ListedTokenizer } from "../api/tokenizers.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatUsd } from "../format/numbers.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { Problem } from "../parts/problem.tsx";
import { notify } from "../shell/notify.ts";
import type { BenchPlace } from "../state/bench-place.ts";
import { goBench } from "../state/location.ts";
import { auditCommand, shortName, tokenizerWord } from "./bench-commands.ts";
import { rowFormats, setBenchText, setTerms, useBenchTexts } from "./bench-texts.ts";
import { openTerms } from "./open-terms.ts";
import { saveFile } from "./save-file.ts";
import { TermTable } from "./term-table.tsx";
import { TextBox } from "./text-box.tsx";
import { ChooseTokenizer } from "./tokenizer-bar.tsx";
import { withFirst } from "./upload-tokenizer.ts";

const extensions: Record<RowFormat, string> = { lines: "txt", csv: "csv", tsv: "tsv", jsonl: "jsonl", json: "json" };
const exampleTerms = "troponin\nmyocardial infarction\nhydrochlorothiazide\nSKU-4471-B\nICD-10 I21.9\ntelephone\n42 U.S.C. § 1983\nQX-77/A\nwindow\n";

/** Terms of a domain under a tokenizer: how each is cut, and whether another vocabulary is worth it. */
export function TermsTask({ place, listed, price }: { place: BenchPlace; listed: readonly ListedTokenizer[]; price: InputPrice | undefined }) {
  const { terms, format, file } = useBenchTexts();
  const [tokenizer = ""] = place.tokenizers;
  const isPriced = price?.tokenizer.exact === true && price.tokenizer.name === tokenizer;
  const request: AuditRequest = { tokenizer, terms, format, ...(isPriced && { provider: price.provider, model: price.model }) };
  const key = terms.trim() === "" || tokenizer === "" ? undefined : JSON.stringify(request);
  const audit = useFetched(key, 0, (_, signal) => explainedApi.audit(request, signal));
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
                if (given) void openTerms(given);
              }}
            />
          </label>
          <label className="check">
            read as
            <select
              value={format}
              onChange={(event) => setTerms({ format: rowFormats.find((one) => one === event.target.value) ?? "lines" })}
              aria-label="Read as"
            >
              {rowFormats.map((one) => (
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
            Terms of your domain go into the box. Each is cut as {shortName(tokenizer) || "a tokenizer"} cuts it in running text, beside ordinary
            words as long; the verdict says whether another vocabulary is worth it.
          </p>
        )}
        {audit.state === "failed" && key !== undefined && <Problem error={audit.error} />}
        {audit.state === "waiting" && key !== undefined && <p className="waiting">Auditing …</p>}
        {audit.state === "here" && (
          <>
            <Verdict audit={audit.value} />
            {place.tokenizers.length > 1 && (
              <p className="rivals" data-testid="rivals">
                <small>the same terms under</small>
                {place.tokenizers.slice(1).map((name) => (
                  <Rival
                    key={name}
                    request={{ tokenizer: name, terms, format }}
                    mean={audit.value.summary.inSentence.mean}
                    onChoose={() => goBench(withFirst(place, name))}
                  />
                ))}
              </p>
            )}
            <TermTable terms={audit.value.terms} />
            <div className="column-command">
              <CopyLine
                text={auditCommand(tokenizerWord(tokenizer, listed), file || `terms.${extensions[format]}`, isPriced ? price.model : "")}
                what="the command that prints this audit"
              />
            </div>
          </>
        )}
      </div>
    </div>
  );
}

/** Another tokenizer of the bench over the same terms; choosing it puts it first. */
function Rival({ request, mean, onChoose }: { request: AuditRequest; mean: number; onChoose: () => void }) {
  const audit = useFetched(JSON.stringify(request), 0, (_, signal) => explainedApi.audit(request, signal));
  const own = audit.value?.summary.inSentence.mean;
  return (
    <button
      type="button"
      onClick={onChoose}
      title={audit.value ? verdicts[audit.value.verdict.do] : audit.state === "failed" ? audit.error.message : ""}
    >
      {shortName(request.tokenizer)} <b>{own === undefined ? "…" : own.toFixed(2)}</b>
      {own !== undefined && own !== mean && <small>{own < mean ? "fewer" : "more"} tokens/term</small>}
    </button>
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
