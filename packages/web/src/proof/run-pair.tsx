import { api } from "../api/client.ts";
import type { Run } from "../api/types.ts";
import { useFetched } from "../api/use-fetched.ts";
import { AnswerDiffs } from "../diff/answer-diffs.tsx";
import { formatCount, formatMs, formatUsd } from "../format/numbers.ts";
import { Problem } from "../parts/problem.tsx";
import { openCall, openDiff } from "../state/location.ts";
import { stateOf, wordOf } from "./arm-dots.tsx";

/** One run of each arm beside the other, the place where their answers part marked. */
export function RunPair({ unchanged, changed, numbers }: { unchanged: Run; changed: Run; numbers: [number, number] }) {
  const key = `${unchanged.id} ${changed.id}`;
  const pair = useFetched(key, 0, async (_, signal) => {
    const [diff, a, b] = await Promise.all([
      api.diff(unchanged.id, changed.id, signal),
      api.explanation(unchanged.id, signal),
      api.explanation(changed.id, signal),
    ]);
    return { diff, a: a.call, b: b.call };
  });
  return (
    <div className="run-pair" data-testid="run-pair">
      <div className="diff-sides">
        <RunHead name="A" arm="unchanged" run={unchanged} number={numbers[0]} />
        <RunHead name="B" arm="changed" run={changed} number={numbers[1]} />
      </div>
      {pair.state === "failed" && <Problem error={pair.error} />}
      {pair.value ? (
        <>
          <AnswerDiffs diff={pair.value.diff} a={pair.value.a} b={pair.value.b} />
          <button type="button" className="link" onClick={() => openDiff(unchanged.id, changed.id)}>
            everything that differs between these two runs
          </button>
        </>
      ) : (
        pair.state === "waiting" && <p className="fine">Reading the two runs …</p>
      )}
    </div>
  );
}

function RunHead({ name, arm, run, number }: { name: string; arm: string; run: Run; number: number }) {
  return (
    <div className="run-head">
      <b className="diff-letter">{name}</b>
      <b>
        {arm}, run {number + 1}
      </b>
      <span className={`symptom ${stateOf(run)}`}>
        <i className={`dot ${stateOf(run)}`} aria-hidden="true" /> {wordOf(run)}
      </span>
      <span>{run.error ?? run.finish?.[0] ?? run.ending}</span>
      <span className="number">{run.outputTokens === undefined ? "tokens unknown" : `${formatCount(run.outputTokens)} tokens`}</span>
      <span className="number">{formatMs(run.total)}</span>
      {run.cost !== undefined && <span className="number">{formatUsd(run.cost)}</span>}
      <button type="button" className="link" onClick={() => openCall(run.id)}>
        open
      </button>
    </div>
  );
}
