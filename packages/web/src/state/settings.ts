import { createStore, useStore } from "./store.ts";

/** What is remembered in this browser; everything else is in the URL or on the server. */
export interface Settings {
  theme: "system" | "dark" | "light";
  density: "compact" | "roomy";
}

const key = "cutaway.settings";

function read(): Settings {
  const settings: Settings = { theme: "system", density: "compact" };
  try {
    const saved: unknown = JSON.parse(window.localStorage.getItem(key) ?? "{}");
    if (typeof saved === "object" && saved !== null) {
      if ("theme" in saved && (saved.theme === "dark" || saved.theme === "light")) settings.theme = saved.theme;
      if ("density" in saved && saved.density === "roomy") settings.density = "roomy";
    }
  } catch {
    // Storage may be forbidden or hold something else: the defaults stand.
  }
  return settings;
}

const store = createStore<Settings>(read());
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");

export const isDark = (settings: Settings): boolean => settings.theme === "dark" || (settings.theme === "system" && systemDark.matches);

/** Sets the attributes that the style sheets read. Call once at the start. */
export function applySettings(): void {
  const apply = () => {
    const settings = store.get();
    document.documentElement.dataset.theme = isDark(settings) ? "dark" : "light";
    document.documentElement.dataset.density = settings.density;
  };
  apply();
  store.subscribe(apply);
  // A new object makes everything that depends on the theme (canvases) draw again.
  systemDark.addEventListener("change", () => store.set((now) => ({ ...now })));
}

export const useSettings = (): Settings => useStore(store);

export function changeSettings(change: Partial<Settings>): void {
  store.set((now) => ({ ...now, ...change }));
  try {
    window.localStorage.setItem(key, JSON.stringify(store.get()));
  } catch {
    // Not remembered then; it still holds for this visit.
  }
}

export function nextTheme(theme: Settings["theme"]): Settings["theme"] {
  return theme === "system" ? "dark" : theme === "dark" ? "light" : "system";
}
