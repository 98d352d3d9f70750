import type { Call, Finding, Verification } from "@cutaway/core";
import { api } from "../api/client.ts";
import type { VerifyState } from "../api/types.ts";
import { asApiError } from "../api/use-fetched.ts";
import { plural } from "../format/numbers.ts";
import { replayCommand } from "../format/shell.ts";
import { visibleLine } from "../format/visible.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { CountDots } from "../proof/arm-dots.tsx";
import { Verdict } from "../proof/verdict.tsx";
import { openDialog } from "../shell/dialogs.ts";
import { notify } from "../shell/notify.ts";
import { useVerifying } from "../state/live.ts";
import { go } from "../state/location.ts";

/** The change that would remove the cause, what trying it showed, and the button that tries it. */
export function Remedy({ finding, index, call }: { finding: Finding; index: number; call: Call }) {
  const { change, verification, rule } = finding;
  const running = useVerifying();
  const mine = running?.call === call.id && running.rule === rule ? running : undefined;
  if (!change && !verification) return null;
  const settings = change && { ...change.set, ...change.setLocal };
  const isSetting = settings !== undefined && Object.keys(settings).length > 0;
  return (
    <div className="remedy">
      {change && (
        <p>
          <b>Change</b> {visibleLine(change.says)}
          {isSetting && call.request && (
            <button type="button" onClick={() => openDialog({ name: "replay", set: change.set, local: change.setLocal })}>
              Replay with it
            </button>
          )}
          {call.request && mine?.state !== "running" && <VerifyButton call={call} rule={rule} isAgain={verification !== undefined} />}
        </p>
      )}
      {isSetting && call.request && <CopyLine text={replayCommand(call.id, settings)} what="the command" />}
      {mine && <Progress state={mine} />}
      {verification && <Outcome verification={verification} index={index} />}
    </div>
  );
}

function VerifyButton({ call, rule, isAgain }: { call: Call; rule: string; isAgain: boolean }) {
  const start = async () => {
    try {
      await api.verify(call.id, { rule, again: isAgain });
    } catch (error) {
      const { message, fix } = asApiError(error);
      notify("failed", message, fix);
    }
  };
  return (
    <button
      type="button"
      onClick={() => (call.request?.format === "local" ? void start() : openDialog({ name: "verify", rule }))}
      title="Makes the call again, unchanged and with the change, and counts the symptom in both"
    >
      {isAgain ? "Verify again" : "Verify"}
    </button>
  );
}

function Progress({ state: { state, done, total, error } }: { state: VerifyState }) {
  if (state === "done") return null;
  return (
    <p className="verifying" role="status" data-testid="verifying">
      {state === "running" && (
        <>
          <progress value={total === undefined ? undefined : done} max={total} aria-label="Runs made" />
          {total === undefined ? "opening the model …" : `${done} of ${total} runs`}
          <button type="button" className="quiet" onClick={() => void api.cancelVerify()}>
            Cancel
          </button>
        </>
      )}
      {state === "cancelled" && `Cancelled after ${plural(done, "run")}; they are kept, and verifying goes on from there.`}
      {state === "failed" && (
        <span className="failed">
          {error?.message} {error?.fix}
        </span>
      )}
    </p>
  );
}

function Outcome({ verification: { verdict, why, unchanged, changed, calls }, index }: { verification: Verification; index: number }) {
  return (
    <div className="outcome">
      <p>
        <Verdict verdict={verdict} /> {visibleLine(why)}
      </p>
      {calls.length > 0 && (
        <p className="outcome-counts">
          <span>
            unchanged <CountDots hits={unchanged[0]} runs={unchanged[1]} /> <b>{unchanged.join(" of ")}</b>
          </span>
          <span aria-hidden="true">→</span>
          <span>
            changed <CountDots hits={changed[0]} runs={changed[1]} /> <b>{changed.join(" of ")}</b>
          </span>
          <button type="button" onClick={() => go({ view: "proof", lit: { finding: index }, runs: undefined })}>
            See the runs
          </button>
        </p>
      )}
    </div>
  );
}
