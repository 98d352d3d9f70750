import type { Answer, Explanation } from "@cutaway/core";
import { useMemo } from "react";
import { indentJson } from "../format/indent-json.ts";
import { formatCount, plural } from "../format/numbers.ts";
import { LitText } from "../parts/lit-text.tsx";
import { go, usePlace } from "../state/location.ts";
import { colouringsOf } from "../strip/colouring.ts";
import { StripLegend } from "../strip/legend.tsx";
import { type Light, litSpans, litTokens } from "../strip/lights.ts";
import { litByToken } from "../strip/strip-scene.ts";
import { TokenStrip } from "../strip/token-strip.tsx";
import { TokenTable } from "../strip/token-table.tsx";
import type { StripTokens } from "../strip/tokens.ts";

/** One answer: its reasoning, its text token by token, its tool calls. */
export function TokensView({
  explanation,
  answer: index,
  tokens,
  lights,
}: {
  explanation: Explanation;
  answer: number;
  tokens: StripTokens | undefined;
  lights: readonly Light[];
}) {
  const { call } = explanation;
  const answer = call.answers[index];
  const { token, table, colour } = usePlace();
  const lit = useMemo(() => (tokens ? litTokens(lights, index, tokens.strip.tokens, tokens.steps !== undefined) : []), [lights, index, tokens]);
  const colouring = useMemo(() => (tokens && colouringsOf(tokens).includes(colour) ? colour : "probability"), [tokens, colour]);
  if (!answer) return <NoAnswer explanation={explanation} />;
  const select = (next: number) => go({ token: next }, "replace");
  return (
    <div className="tokens-view">
      <div className="tokens-bar">
        {call.answers.length > 1 && <AnswerPicker answers={call.answers} index={index} />}
        {tokens && <StripLegend tokens={tokens} colouring={colouring} />}
        <span className="push" />
        {tokens && tokens.shown.length > 0 && (
          <button type="button" className="quiet" aria-pressed={table} onClick={() => go({ table: !table })}>
            {table ? "strip" : "table"} <kbd>t</kbd>
          </button>
        )}
      </div>
      <Beside answer={answer} index={index} lights={lights} reasoningTokens={call.usage.reasoningTokens} />
      {tokens && tokens.shown.length > 0 ? (
        table ? (
          <TokenTable tokens={tokens} lit={litByToken(tokens.shown.length, lit)} selected={token} onSelect={select} />
        ) : (
          <TokenStrip tokens={tokens} colouring={colouring} lit={lit} selected={token} onSelect={select} />
        )
      ) : answer.text !== "" ? (
        <LitText text={answer.text} lit={litSpans(lights, `answers[${index}].text`, answer.text.length)} className="answer-text" />
      ) : (
        <p className="no-text">The answer has no text.</p>
      )}
      <ToolCalls answer={answer} index={index} lights={lights} />
    </div>
  );
}

const AnswerPicker = ({ answers, index }: { answers: readonly Answer[]; index: number }) => (
  <div className="picker" role="group" aria-label="Answers">
    {answers.map((answer, i) => (
      <button key={i} type="button" aria-pressed={i === index} onClick={() => go({ answer: i, token: undefined })} title={answer.finish.reason}>
        answer {i} <small>{answer.finish.reason}</small>
      </button>
    ))}
  </div>
);

/** Reasoning and refusal, which stand beside the text. */
function Beside({
  answer,
  index,
  lights,
  reasoningTokens,
}: {
  answer: Answer;
  index: number;
  lights: readonly Light[];
  reasoningTokens: number | undefined;
}) {
  const lit = litSpans(lights, `answers[${index}].reasoning`, answer.reasoning?.length ?? 0);
  return (
    <>
      {answer.reasoning !== undefined && (
        <details className="beside" open={lit.length > 0 || answer.text === ""}>
          <summary>
            reasoning{" "}
            <small>
              {plural(answer.reasoning.length, "character")}
              {reasoningTokens === undefined ? "" : `, ${formatCount(reasoningTokens)} tokens by the provider`}
            </small>
          </summary>
          <LitText text={answer.reasoning} lit={lit} />
        </details>
      )}
      {answer.reasoning === undefined && reasoningTokens !== undefined && reasoningTokens > 0 && (
        <p className="strip-note">The model spent {plural(reasoningTokens, "token")} on reasoning that the provider did not send.</p>
      )}
      {answer.refusal !== undefined && (
        <details className="beside" open>
          <summary>refusal</summary>
          <LitText text={answer.refusal} lit={litSpans(lights, `answers[${index}].refusal`, answer.refusal.length)} />
        </details>
      )}
    </>
  );
}

function ToolCalls({ answer, index, lights }: { answer: Answer; index: number; lights: readonly Light[] }) {
  if (answer.toolCalls.length === 0 && answer.other.length === 0) return null;
  return (
    <div className="tool-calls">
      {answer.toolCalls.map((toolCall, i) => {
        const lit = litSpans(lights, `answers[${index}].toolCalls[${i}].arguments`, toolCall.arguments.length);
        return (
          <details key={i} className="beside" open>
            <summary>
              tool call <b>{toolCall.name || "(no name)"}</b> <small>{toolCall.id}</small>
            </summary>
            <LitText text={lit.length > 0 ? toolCall.arguments : indentJson(toolCall.arguments)} lit={lit} />
          </details>
        );
      })}
      {answer.other.map(({ name, json }, i) => (
        <details key={i} className="beside">
          <summary>
            other output <b>{name}</b>
          </summary>
          <LitText text={JSON.stringify(json, null, 2)} lit={[]} />
        </details>
      ))}
    </div>
  );
}

function NoAnswer({ explanation: { call } }: { explanation: Explanation }) {
  if (call.error) {
    return (
      <div className="no-text error">
        <p>The provider answered with an error{call.error.status === undefined ? "" : `, status ${call.error.status}`}:</p>
        <LitText text={call.error.message} lit={[]} />
      </div>
    );
  }
  return <p className="no-text">{call.ending === "open" ? "No token has arrived yet." : "No answer was recorded: only the request is known."}</p>;
}
