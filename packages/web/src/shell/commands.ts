import { useEffect, useRef } from "react";
import { createStore, useStore } from "../state/store.ts";

/** Something the user can do, by key, from the palette, or by a button that runs the same. */
export interface Command {
  id: string;
  title: string;
  /** As `KeyboardEvent.key` says it, `mod+` before it for ⌘ or Ctrl. The first is shown. */
  keys?: readonly string[];
  /** The heading it stands under in the help. */
  group: "Go" | "Calls" | "Call" | "Tokens" | "Page";
  run(): void;
}

const registered = createStore<readonly (readonly Command[])[]>([]);

/** Offers commands while the component is mounted. Of two with the same key, the one mounted later is meant. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const ids = commands.map(({ id }) => id).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: registered again only when other commands are offered; what they do is read when they run
  useEffect(() => {
    const mine = latest.current.map((command) => ({ ...command, run: () => latest.current.find(({ id }) => id === command.id)?.run() }));
    registered.set((now) => [...now, mine]);
    return () => registered.set((now) => now.filter((list) => list !== mine));
  }, [ids]);
}

export const useAllCommands = (): Command[] => byId(useStore(registered));

const byId = (lists: readonly (readonly Command[])[]): Command[] => [...new Map(lists.flat().map((command) => [command.id, command])).values()];

/** The command a key stands for now; undefined when it is meant for the element that has the focus. */
export function commandFor(event: Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey" | "target">): Command | undefined {
  const mod = event.metaKey || event.ctrlKey;
  if (event.altKey) return undefined;
  if (!mod && ownsKey(event.target, event.key)) return undefined;
  const name = (mod ? "mod+" : "") + event.key;
  return registered
    .get()
    .flat()
    .findLast((command) => command.keys?.includes(name));
}

function ownsKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog")) return true;
  if (target.matches("input, textarea, select, [contenteditable]")) return true;
  return (key === "Enter" || key === " ") && target.matches("button, a, summary");
}

export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commandFor(event);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}
