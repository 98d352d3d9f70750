import { useCommands } from "../shell/commands.ts";

/** The keys that walk tokens elsewhere walk the token that is looked into. Offered once the text is read, and so before those of the call. */
export function useWalk(walk: (by: 1 | -1) => void): void {
  useCommands([
    { id: "inside-next-token", title: "Next token inside", keys: ["]"], group: "Tokens", run: () => walk(1) },
    { id: "inside-previous-token", title: "Token before, inside", keys: ["["], group: "Tokens", run: () => walk(-1) },
  ]);
}
