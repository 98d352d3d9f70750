import { createStore, useStore } from "../state/store.ts";

export interface Message {
  id: number;
  kind: "done" | "failed";
  says: string;
  fix?: string | undefined;
}

const messages = createStore<readonly Message[]>([]);
let made = 0;

export const useMessages = (): readonly Message[] => useStore(messages);
export const dismiss = (id: number): void => messages.set((now) => now.filter((message) => message.id !== id));

/** Shows a line at the foot of the page. What is done goes by itself; what failed stays until it is dismissed. */
export function notify(kind: Message["kind"], says: string, fix?: string): void {
  const id = ++made;
  messages.set((now) => [...now.slice(-3), { id, kind, says, fix }]);
  if (kind === "done") setTimeout(() => dismiss(id), 4000);
}

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify("done", `Copied ${what}.`);
  } catch {
    notify("failed", "The browser did not allow copying.", "Select the text and copy it by hand.");
  }
}
