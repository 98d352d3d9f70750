import { CutawayError } from "@cutaway/core";

/**
 * A command line as words, by the rules of a POSIX shell as far as pasted commands use them: '…', "…", $'…', backslashes, line continuations.
 * `^` at a line's end (cmd) and a backtick (PowerShell) continue too. Variables stay as they are written.
 * throws `curl-quote` for a quote that never closes
 */
export function shellWords(text: string, from: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  const closing = (quote: string, start: number): never => {
    throw new CutawayError("curl-quote", `${from}: the ${quote} at character ${start + 1} never closes: the command looks cut off`, {
      data: { offset: start },
      fix: "Copy the whole command.",
    });
  };

  while (at < text.length) {
    const character = text[at] as string;
    if ((character === "\\" || character === "^" || character === "`") && /^[ \t]*\r?\n/.test(text.slice(at + 1, at + 20))) {
      at = text.indexOf("\n", at) + 1;
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at++;
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) closing("'", at);
      word = (word ?? "") + text.slice(at + 1, end);
      at = end + 1;
    } else if (character === "$" && text[at + 1] === "'") {
      const [value, end] = ansiString(text, at + 2, () => closing("$'", at));
      word = (word ?? "") + value;
      at = end;
    } else if (character === '"') {
      const start = at++;
      let value = "";
      while (text[at] !== '"') {
        if (at >= text.length) closing('"', start);
        if (text[at] === "\\" && /["\\$`\n]/.test(text[at + 1] ?? "")) {
          if (text[at + 1] !== "\n") value += text[at + 1];
          at += 2;
        } else value += text[at++];
      }
      word = (word ?? "") + value;
      at++;
    } else if (character === "\\" && at + 1 < text.length) {
      word = (word ?? "") + text[at + 1];
      at += 2;
    } else {
      word = (word ?? "") + character;
      at++;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", "0": "\0", a: "\x07", b: "\b", f: "\f", v: "\v", e: "\x1b", E: "\x1b" };

/** Chrome copies bodies with quotes or line breaks as $'…'. */
function ansiString(text: string, start: number, onOpen: () => never): [value: string, end: number] {
  let value = "";
  let at = start;
  while (text[at] !== "'") {
    if (at >= text.length) onOpen();
    if (text[at] !== "\\") {
      value += text[at++];
      continue;
    }
    const code = /^(?:u([0-9a-fA-F]{1,4})|x([0-9a-fA-F]{1,2})|U([0-9a-fA-F]{1,8}))/.exec(text.slice(at + 1, at + 10));
    if (code) {
      const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? "0", 16);
      value += point <= 0x10ffff ? String.fromCodePoint(point) : "\uFFFD";
      at += 1 + code[0].length;
    } else {
      const escaped = text[at + 1] ?? "";
      value += escapes[escaped] ?? escaped;
      at += 2;
    }
  }
  return [value, at + 1];
}
