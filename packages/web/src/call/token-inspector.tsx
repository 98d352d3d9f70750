import { type Call, plain, type TokenStep } from "@cutaway/core";
import { grammarStage } from "@cutaway/metrics";
import { useStep } from "../api/steps.ts";
import { formatCount, formatLogprob, formatMs, formatNats, formatProbability, plural } from "../format/numbers.ts";
import { showCommand } from "../format/shell.ts";
import { hex, onOneLine } from "../format/visible.ts";
import { MaskedTokens } from "../mask/masked-tokens.tsx";
import { Data } from "../parts/data.tsx";
import { Facts, Section, Unknown } from "../parts/section.tsx";
import { go } from "../state/location.ts";
import { choicesOf } from "../strip/choices.ts";
import { bytesOf, rankOf, type StripTokens } from "../strip/tokens.ts";
import { Distribution } from "./distribution.tsx";
import { Knobs } from "./knobs.tsx";
import { SamplerStages } from "./sampler-stages.tsx";
import { StageTable } from "./stage-table.tsx";

/** All that is known of one token: what the model wanted to say there, and what the sampler made of it. */
export function TokenInspector({ call, tokens, token: i, onClose }: { call: Call; tokens: StripTokens; token: number; onClose: () => void }) {
  const token = tokens.strip.tokens[i];
  const { step, waiting } = useStep(tokens, i);
  const bytes = bytesOf(tokens, i);
  const p = tokens.probability[i] as number;
  const rank = rankOf(tokens, i, step);
  const id = token?.id ?? step?.id;
  const at = token?.at ?? step?.at;
  const last = tokens.shown.length - 1;
  const known = !Number.isNaN(p);
  const choices = choicesOf(tokens, i, step);
  return (
    <>
      <header className="inspector-head">
        <h2>
          token {formatCount(i)} <small>of {formatCount(tokens.shown.length)}</small>
        </h2>
        <button type="button" className="quiet" disabled={i === 0} onClick={() => go({ token: i - 1 }, "replace")} aria-label="Previous token">
          [
        </button>
        <button type="button" className="quiet" disabled={i === last} onClick={() => go({ token: i + 1 }, "replace")} aria-label="Next token">
          ]
        </button>
        <button type="button" className="quiet" onClick={onClose} aria-label="Close the token">
          esc
        </button>
      </header>
      <div className="token-face" data-testid="token-face">
        {onOneLine(tokens.shown[i] as string).replaceAll(" ", "·")}
      </div>
      <Facts
        of={[
          ["probability", known ? formatProbability(p) : null],
          ["after sampling", step?.sampledLogprob === undefined ? undefined : formatProbability(Math.exp(step.sampledLogprob))],
          [
            "rank",
            known
              ? rank === undefined
                ? "outside the alternatives sent"
                : `${formatCount(rank + 1)}${rank === 0 ? ", the most probable" : ""}`
              : undefined,
          ],
          ["entropy", step?.entropy === undefined ? undefined : `${formatNats(step.entropy)} nats`],
          ["forced", step?.forced && `by the ${step.forced}: not the model's choice`],
        ]}
      />
      <Section
        title="What the model wanted"
        aside={choices ? `${choices.choices.length} ${tokens.strip.source === "local" ? "recorded" : "sent"}` : undefined}
      >
        {choices ? (
          <Distribution of={choices} />
        ) : (
          <p className="fine">
            {waiting
              ? "Reading the alternatives …"
              : "Unknown: the provider sent none for this token. Ask for them with top_logprobs, where the API has it."}
          </p>
        )}
      </Section>
      <Section title="What the sampler did" aside={step?.stages?.length ? plural(step.stages.length, "stage") : undefined}>
        <Sampled step={step} waiting={waiting} isGreedy={call.local?.sampler.greedy === true} />
        {step?.stages && step.stages.length > 0 && step.top && <StageTable step={step} parameters={call.request?.parameters ?? {}} />}
      </Section>
      {step?.stages?.some(({ stage }) => stage === grammarStage) && (
        <Section title="Why masked">
          <MaskedTokens step={step} />
        </Section>
      )}
      {step?.top && step.top.length > 1 && (
        <Section title="Turn the knobs" aside="from what is recorded, nothing is asked">
          <Knobs key={i} step={step} parameters={call.request?.parameters ?? {}} />
        </Section>
      )}
      <Section title="Token">
        <Facts
          of={[
            ["id", id === undefined ? null : id],
            ["logprob, natural", known ? formatLogprob(token?.logprob ?? step?.logprob) : undefined],
            ["bytes", `${hex(bytes)} (${bytes.length})`],
            ["characters", token ? `${token.span.start}–${token.span.end}` : undefined],
            ["arrived", at === undefined ? null : `${formatMs(at)} after the request`],
          ]}
        />
      </Section>
      {step && <Data command={showCommand(call.id, `.call.answers[${tokens.strip.answer}].steps[${i}]`)} json={plain(step)} />}
    </>
  );
}

function Sampled({ step, waiting, isGreedy }: { step: TokenStep | undefined; waiting: boolean; isGreedy: boolean }) {
  if (step?.stages && step.stages.length > 0) return <SamplerStages stages={step.stages} />;
  if (step?.stages) {
    return (
      <p className="fine">
        No stage ran: {isGreedy ? "the most probable token is taken." : "the token is drawn from the model's probabilities as they are."}
      </p>
    );
  }
  if (waiting) return <p className="fine">Reading the stages …</p>;
  return (
    <p className="fine">
      <Unknown /> A remote API does not tell what its sampler did; a local model does.
    </p>
  );
}
