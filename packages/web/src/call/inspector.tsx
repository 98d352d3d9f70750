import type { Explanation } from "@cutaway/core";
import { go } from "../state/location.ts";
import type { StripTokens } from "../strip/tokens.ts";
import { Ledger } from "./ledger.tsx";
import { TokenInspector } from "./token-inspector.tsx";

/** The right side: the token that is selected, else what the call used and cost. */
export function Inspector({ explanation, tokens, token }: { explanation: Explanation; tokens: StripTokens | undefined; token: number | undefined }) {
  const chosen = token !== undefined && tokens && token < tokens.shown.length ? token : undefined;
  return (
    <aside
      className="inspector"
      data-open={chosen !== undefined || undefined}
      aria-label={chosen === undefined ? "Usage and cost" : "Token"}
      data-testid="inspector"
    >
      {chosen !== undefined && tokens ? (
        <TokenInspector call={explanation.call} tokens={tokens} token={chosen} onClose={() => go({ token: undefined }, "replace")} />
      ) : (
        <Ledger explanation={explanation} />
      )}
    </aside>
  );
}
