import type { Explanation } from "@cutaway/core";
import { formatCount } from "../format/numbers.ts";

/** How much of the context this call filled: of the one it ran in, drawn to the scale of what the model was trained for. */
export function ContextBar({ explanation: { call, entry } }: { explanation: Explanation }) {
  const { inputTokens, outputTokens } = call.usage;
  const trained = call.local?.trainedContext;
  const window = call.local?.contextSize ?? entry?.contextWindow;
  const prompt = call.prompt?.length ?? inputTokens;
  if (window === undefined || prompt === undefined) return null;
  const scale = Math.max(window, trained ?? 0, prompt + (outputTokens ?? 0));
  const share = (n: number) => `${(n / scale) * 100}%`;
  const used = prompt + (outputTokens ?? 0);
  return (
    <div className="context" title={entry && `${entry.source.name} of ${entry.source.date}`} data-testid="context">
      <div className="context-bar" aria-hidden="true">
        <i style={{ width: share(prompt) }} />
        <i className="context-out" style={{ width: share(outputTokens ?? 0) }} />
        {window < scale && <b className="context-end" style={{ left: share(window) }} />}
        {window < scale && <i className="context-beyond" style={{ left: share(window) }} />}
      </div>
      <small>
        {formatCount(prompt)} prompt{outputTokens === undefined ? ", answer unknown" : ` + ${formatCount(outputTokens)} answer`} of{" "}
        {formatCount(window)} context, {((used / window) * 100).toFixed(1)}%
        {trained === undefined || trained === window ? "" : `; the model was trained for ${formatCount(trained)}`}
        {entry?.maxOutputTokens === undefined ? "" : `; output at most ${formatCount(entry.maxOutputTokens)}`}
      </small>
    </div>
  );
}
