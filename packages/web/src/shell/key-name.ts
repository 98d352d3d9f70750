const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** A key as it is printed on the keyboard at hand. */
export function keyName(key: string): string {
  if (key.startsWith("mod+")) return `${isApple ? "⌘" : "Ctrl "}${key.slice(4).toUpperCase()}`;
  return { Escape: "esc", Enter: "↵", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" }[key] ?? key;
}
