import type { Call, ConstraintKind, HeldAnswer, TokenStep } from "@cutaway/core";
import { type Distortion, distortionOf } from "@cutaway/metrics";
import { useMemo } from "react";
import { useSteps } from "../api/steps.ts";
import { formatCount, formatNats, formatProbability, plural } from "../format/numbers.ts";
import { showCommand } from "../format/shell.ts";
import { onOneLine, visibleLine } from "../format/visible.ts";
import { Data } from "../parts/data.tsx";
import { Facts, Section } from "../parts/section.tsx";
import { go, usePlace } from "../state/location.ts";
import type { StripTokens } from "../strip/tokens.ts";
import { LanguageText, languageTextOf } from "./language-text.tsx";
import { MaskedTokens, placesOf } from "./masked-tokens.tsx";
import { MassTimeline } from "./mass-timeline.tsx";

/** What the language of an answer did to the model: how much it had to give up at each token, which tokens it wanted instead, and why they could not stand. */
export function MaskView({ call, answer: index, tokens }: { call: Call; answer: number; tokens: StripTokens | undefined }) {
  const { token } = usePlace();
  const steps = useSteps(tokens);
  const distortion = useMemo(() => steps && distortionOf(steps), [steps]);
  const source = useMemo(() => languageTextOf(call.request), [call.request]);
  const held = call.answers[index]?.held;
  if (!call.local?.constraint) return <p className="no-text">This answer was free: it was held to no schema, pattern or grammar.</p>;
  if (!steps || !tokens) return <p className="no-text">Reading the steps …</p>;
  if (!distortion) return <p className="no-text">No token of this answer was chosen under the mask.</p>;
  const worst = distortion.steps.toSorted((a, b) => (a.kept ?? 2) - (b.kept ?? 2))[0];
  const at = token !== undefined && distortion.steps.some((step) => step.index === token) ? token : worst?.index;
  const step = at === undefined ? undefined : steps[at];
  const select = (next: number) => go({ token: next }, "replace");
  return (
    <div className="mask-view" data-testid="mask">
      <Head call={call} held={held} />
      <Section
        title="Probability that the mask kept"
        aside={
          distortion.logMass === undefined
            ? "the product is unknown: tokens were written without asking"
            : `all together ${formatProduct(distortion.logMass)}, ${formatNats(-distortion.logMass)} nats lost`
        }
      >
        <MassTimeline distortion={distortion} shown={tokens.shown} selected={at} onSelect={select} />
        <p className="bar-key" aria-hidden="true">
          <span>
            <i className="mass-most" />
            half or more
          </span>
          <span>
            <i className="mass-half" />
            below half
          </span>
          <span>
            <i className="mass-tenth" />
            below a tenth
          </span>
          {distortion.unasked > 0 && (
            <span>
              <i className="key-rest" />
              not asked
            </span>
          )}
        </p>
        <Figures of={distortion} />
      </Section>
      <div className="mask-beside">
        {step && at !== undefined && <Step step={step} at={at} shown={tokens.shown[at] ?? ""} />}
        {source && (
          <Section title={source.title} aside={step && placesOf(step).length > 0 ? "lit: what speaks at this token" : undefined}>
            <LanguageText source={source} places={placesOf(step)} />
          </Section>
        )}
      </div>
      <Data command={showCommand(call.id, `.call.answers[${index}].held`)} json={held ?? null} />
    </div>
  );
}

const kinds: Record<ConstraintKind, string> = {
  "json-schema": "a JSON schema",
  json: "any JSON object",
  regex: "a regular expression",
  gbnf: "a GBNF grammar",
  lark: "a Lark grammar",
  choice: "one of several texts",
};

/** The language, and what became of the answer. */
function Head({ call, held }: { call: Call; held: HeldAnswer | undefined }) {
  const { constraint } = call.local ?? {};
  if (!constraint) return null;
  const checked = constraint.checkedAfter.length;
  return (
    <>
      <p className="mask-head">
        <span>
          Held to <b>{kinds[constraint.kind]}</b>
        </span>
        <span className="badge" data-good={checked === 0 || undefined}>
          {checked === 0 ? "exact" : `${plural(checked, "keyword")} checked afterwards`}
        </span>
        {held && (
          <span className="badge" data-good={held.complete || undefined} data-bad={!held.complete || undefined}>
            {held.complete ? "whole" : "cut before its end"}
          </span>
        )}
        {held?.canonical !== undefined && (
          <span
            className="badge"
            data-good={held.canonical || undefined}
            title="Whether the tokens are those that the tokenizer gives for their text: a model has seen others only rarely."
          >
            {held.canonical ? "canonical tokens" : "not the tokenizer's own tokens"}
          </span>
        )}
      </p>
      {held?.broken && held.broken.length > 0 && (
        <ul className="mask-broken">
          {held.broken.map((rule, i) => (
            <li key={i}>
              {visibleLine(rule.at ?? "")} {visibleLine(rule.says)}
            </li>
          ))}
        </ul>
      )}
      {constraint.notices.map((notice) => (
        <p key={notice} className="fine">
          {visibleLine(notice)}
        </p>
      ))}
    </>
  );
}

function Figures({ of: { belowHalf, belowTenth, overruled, forced, chosen, unasked, entropyBefore, entropyAfter } }: { of: Distortion }) {
  return (
    <Facts
      of={[
        ["overruled", `${plural(overruled, "token")}: the likeliest one was masked`],
        ["below half", `${formatCount(belowHalf)}, below a tenth ${formatCount(belowTenth)}`],
        [
          "forced",
          `${formatCount(forced)} with one token allowed, ${formatCount(chosen)} with a choice${unasked > 0 ? `, ${formatCount(unasked)} not asked` : ""}`,
        ],
        [
          "entropy, mean",
          entropyBefore === undefined || entropyAfter === undefined ? undefined : `${formatNats(entropyBefore)} → ${formatNats(entropyAfter)} nats`,
        ],
      ]}
    />
  );
}

function Step({ step, at, shown }: { step: TokenStep; at: number; shown: string }) {
  const stage = step.stages?.find((report) => report.stage === "grammar");
  return (
    <Section
      title={`Token ${at}: ${onOneLine(shown)}`}
      aside={stage ? `${formatProbability(1 - stage.removedMass)} kept, ${plural(stage.kept, "token")} allowed` : "written without asking the model"}
    >
      <p className="fine">
        {step.forced === "grammar"
          ? "Forced: only one token could stand here."
          : `Chosen${step.rank === undefined ? "" : step.rank === 0 ? ", and the model's likeliest" : `; the model had it at rank ${step.rank + 1}`}.`}
      </p>
      <MaskedTokens step={step} />
    </Section>
  );
}

/** A product of probabilities, which may be far below what a percentage can show. */
function formatProduct(logMass: number): string {
  if (logMass > Math.log(1e-4)) return formatProbability(Math.exp(logMass));
  const log10 = logMass / Math.LN10;
  const [digits = "", exponent] = (10 ** (log10 - Math.floor(log10))).toExponential(0).split("e");
  return `${digits}×10${superscript(Math.floor(log10) + Number(exponent))}`;
}

const superscript = (exponent: number): string => [...String(exponent)].map((digit) => ({ "-": "⁻" })[digit] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
