/** HTML that was built by `html` and needs no more escaping. Nothing else makes one. */
export interface Markup {
  readonly markup: string;
}

type Content = Markup | string | number | undefined | false | readonly Content[];

/** Escapes every value that is put in, in text and in quoted attributes; arrays are joined, `undefined` and `false` are nothing. */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Markup {
  return { markup: parts.map((part, i) => part + (i < contents.length ? written(contents[i]) : "")).join("") };
}

function written(content: Content): string {
  if (content === undefined || content === false) return "";
  if (Array.isArray(content)) return content.map(written).join("");
  if (typeof content === "object") return (content as Markup).markup;
  return escaped(String(content));
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] as string);
