import type { Explanation } from "@cutaway/core";
import { exportUrl } from "../api/client.ts";
import { curlOf, explainCommand } from "../format/shell.ts";
import { openDialog } from "../shell/dialogs.ts";
import { copyText } from "../shell/notify.ts";
import { go } from "../state/location.ts";

/** Take the call elsewhere, run it again, compare it. */
export function CallActions({ explanation: { call } }: { explanation: Explanation }) {
  const curl = call.request && curlOf(call.request);
  return (
    <div className="actions">
      <button
        type="button"
        className="primary"
        onClick={() => openDialog({ name: "replay" })}
        disabled={!call.request}
        title={call.request ? "Run the request again" : "The request was not recorded"}
      >
        Replay <kbd>r</kbd>
      </button>
      <button type="button" onClick={() => go({ marked: call.id })} title="Then choose the second call in the list">
        Compare <kbd>d</kbd>
      </button>
      <details
        className="menu"
        onClick={(event) => event.target instanceof HTMLElement && event.target.closest(".menu-list") && event.currentTarget.removeAttribute("open")}
      >
        <summary>Export</summary>
        <div className="menu-list">
          {curl && (
            <button type="button" onClick={() => copyText(curl, "the request as cURL")}>
              Copy as cURL
            </button>
          )}
          <button type="button" onClick={() => copyText(explainCommand(call), "the command")}>
            Copy <code>cutaway explain</code>
          </button>
          <a href={exportUrl(call.id, "case.json")} download>
            Case file, <code>.case.json</code>
          </a>
          <a href={exportUrl(call.id, "html")} download>
            One HTML file
          </a>
          <button type="button" className="danger" onClick={() => openDialog({ name: "delete", id: call.id })}>
            Delete
          </button>
        </div>
      </details>
    </div>
  );
}
