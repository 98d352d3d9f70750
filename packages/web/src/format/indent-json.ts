/**
 * JSON text with line breaks and indentation, by its characters alone: numbers keep their spelling, duplicate keys stay,
 * and text that breaks off or is not JSON is indented as far as it goes. Blank space outside strings is replaced.
 */
export function indentJson(text: string): string {
  const out: string[] = [];
  let depth = 0;
  let from = 0;
  const line = () => out.push(`\n${"  ".repeat(Math.min(depth, 60))}`);
  const flush = (to: number) => {
    if (to > from) out.push(text.slice(from, to));
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '"') {
      i = endOfString(text, i);
      continue;
    }
    if (!structural.includes(c)) continue;
    flush(i);
    from = i + 1;
    if (c === "{" || c === "[") {
      const close = nextSolid(text, i + 1);
      if (text[close] === (c === "{" ? "}" : "]")) {
        out.push(c, text[close] as string);
        i = close;
        from = i + 1;
      } else {
        depth++;
        out.push(c);
        line();
      }
    } else if (c === "}" || c === "]") {
      depth = Math.max(0, depth - 1);
      line();
      out.push(c);
    } else if (c === ",") {
      out.push(c);
      line();
    } else if (c === ":") {
      out.push(": ");
    }
  }
  flush(text.length);
  return out.join("");
}

const structural = "{}[],: \t\r\n";

function endOfString(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

function nextSolid(text: string, from: number): number {
  let i = from;
  while (i < text.length && " \t\r\n".includes(text[i] as string)) i++;
  return i;
}

/** A body for reading: JSON indented, an event stream with the JSON of each `data:` line indented below it, anything else as it is. */
export function prettyBody(text: string): string {
  const start = text.slice(0, 200).trimStart();
  if (start.startsWith("{") || start.startsWith("[")) return indentJson(text);
  if (!/^(?:data|event|id|retry|:)/.test(start)) return text;
  return text.replace(/^data: ?(?=\{)(.*)$/gm, (_, json: string) => `data: ${indentJson(json)}`);
}
