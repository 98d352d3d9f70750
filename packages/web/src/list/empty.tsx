import { CopyLine } from "../parts/copy-line.tsx";
import { Logo } from "../parts/logo.tsx";
import { useAbout } from "../state/about.ts";
import { ImportBox } from "./import-box.tsx";

/** The first screen: what to paste, and what to point here. */
export function Empty() {
  const about = useAbout();
  const here = window.location.origin;
  return (
    <div className="empty" data-testid="empty">
      <div className="empty-inside">
        <header>
          <Logo size={44} />
          <div>
            <h1>No calls yet</h1>
            <p>Cutaway shows why a language-model call came out as it did. Give it one.</p>
          </div>
        </header>
        <div className="empty-ways">
          <section>
            <h2>
              <span>A</span> Paste a call
            </h2>
            <ImportBox />
          </section>
          <section>
            <h2>
              <span>B</span> Record calls as they happen
            </h2>
            <p>Point your program's base URL here. Bytes pass through untouched; keys are never stored.</p>
            <CopyLine text={`OPENAI_BASE_URL=${here}/v1`} what="the OpenAI line" />
            <CopyLine text={`ANTHROPIC_BASE_URL=${here}`} what="the Anthropic line" />
            <p>Or from a terminal:</p>
            <CopyLine text="npx cutaway explain response.json" what="the command" />
            {about && <p className="fine">Calls go on to {[about.proxy.openai, about.proxy.anthropic].filter(Boolean).join(" and ")}.</p>}
            <p className="fine">Everything stays on this machine: one process, one file of data, no account, no telemetry.</p>
          </section>
        </div>
      </div>
    </div>
  );
}
