/** The content of a JSON string, spelled unlike `JSON.stringify`: every third character as \u with capital digits, slashes escaped. */
export const anySpelling = (value: string): string =>
  Array.from(value, (character, i) => {
    if (i % 3 === 1) return Array.from({ length: character.length }, (_, unit) => escaped(character.charCodeAt(unit))).join("");
    if (character === "/") return "\\/";
    return JSON.stringify(character).slice(1, -1);
  }).join("");

const escaped = (unit: number): string => `\\u${unit.toString(16).toUpperCase().padStart(4, "0")}`;
