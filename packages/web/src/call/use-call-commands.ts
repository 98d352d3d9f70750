import type { Explanation } from "@cutaway/core";
import { curlOf, explainCommand } from "../format/shell.ts";
import { useCommands } from "../shell/commands.ts";
import { openDialog } from "../shell/dialogs.ts";
import { copyText } from "../shell/notify.ts";
import { closeCall, go, openDiff, usePlace } from "../state/location.ts";
import { views } from "../state/place.ts";
import { colouringsOf } from "../strip/colouring.ts";
import { placeOf } from "../strip/lights.ts";
import { nextLowConfidence, type StripTokens } from "../strip/tokens.ts";

/** What the keyboard and the palette do while a call is open. */
export function useCallCommands(explanation: Explanation, tokens: StripTokens | undefined): void {
  const place = usePlace();
  const { call, findings, strips } = explanation;
  const count = tokens?.shown.length ?? 0;
  const walk = (by: number) => {
    if (count === 0) return;
    const token = place.token === undefined ? (by > 0 ? 0 : count - 1) : Math.max(0, Math.min(count - 1, place.token + by));
    go({ view: place.view === "mask" ? "mask" : "tokens", token }, "replace");
  };
  const light = (finding: number, evidence?: number) => {
    const lit = evidence === undefined ? { finding } : { finding, evidence };
    go(placeOf(call, findings, lit, (answer) => strips.find((strip) => strip.answer === answer)?.tokens));
  };
  const step = (by: 1 | -1) => {
    if (findings.length === 0) return;
    const from = place.lit?.finding ?? (by > 0 ? -1 : findings.length);
    light((from + by + findings.length) % findings.length);
  };
  const curl = call.request && curlOf(call.request);
  useCommands([
    { id: "next-token", title: "Next token", keys: ["]"], group: "Tokens", run: () => walk(1) },
    { id: "previous-token", title: "Previous token", keys: ["["], group: "Tokens", run: () => walk(-1) },
    {
      id: "next-low",
      title: "Next low-confidence token",
      keys: ["n"],
      group: "Tokens",
      run: () => {
        const next = tokens && nextLowConfidence(tokens, place.token ?? -1);
        if (next !== undefined) go({ view: "tokens", token: next }, "replace");
      },
    },
    {
      id: "token-table",
      title: place.table ? "Tokens as a strip" : "Tokens as a table",
      keys: ["t"],
      group: "Tokens",
      run: () => go({ view: "tokens", table: !place.table }),
    },
    {
      id: "colour",
      title: "Shade the tokens by probability, entropy or rank",
      keys: ["c"],
      group: "Tokens",
      run: () => {
        const offered = tokens ? colouringsOf(tokens) : [];
        const next = offered[(offered.indexOf(place.colour) + 1) % offered.length];
        if (next) go({ view: "tokens", colour: next }, "replace");
      },
    },
    { id: "next-finding", title: "Next finding", keys: ["f"], group: "Call", run: () => step(1) },
    { id: "previous-finding", title: "Previous finding", keys: ["F"], group: "Call", run: () => step(-1) },
    { id: "explain", title: "Explain: light the first finding", keys: ["e"], group: "Call", run: () => (findings.length > 0 ? light(0) : undefined) },
    { id: "replay", title: "Replay with changed parameters", keys: ["r"], group: "Call", run: () => openDialog({ name: "replay" }) },
    ...(call.parent
      ? [
          {
            id: "diff-parent",
            title: "Compare with the call it replays",
            keys: ["D"],
            group: "Call" as const,
            run: () => call.parent && openDiff(call.parent, call.id),
          },
        ]
      : []),
    ...views.map((view, i) => ({
      id: `view-${view}`,
      title: `Show ${view}`,
      keys: [String(i + 1)],
      group: "Call" as const,
      run: () => go({ view }),
    })),
    ...(curl ? [{ id: "copy-curl", title: "Copy as cURL", group: "Call" as const, run: () => void copyText(curl, "the request as cURL") }] : []),
    { id: "copy-cli", title: "Copy the command line that explains it", group: "Call", run: () => void copyText(explainCommand(call), "the command") },
    { id: "delete", title: "Delete this call", group: "Call", run: () => openDialog({ name: "delete", id: call.id }) },
    {
      id: "back",
      title: "Back",
      keys: ["Escape"],
      group: "Go",
      run: () => {
        if (place.token !== undefined && (place.view === "tokens" || place.view === "mask")) go({ token: undefined }, "replace");
        else if (place.lit) go({ lit: undefined }, "replace");
        else closeCall();
      },
    },
  ]);
}
