import { CutawayError } from "@cutaway/core";
import { known } from "../json/fields.ts";
import { exchangeItem } from "./exchange-item.ts";
import type { InputItem } from "./input-item.ts";
import { shellWords } from "./shell-words.ts";

export const isCurl = (head: string): boolean => /^(?:\$\s+|>\s+|%\s+)?curl(?:\.exe)?\s/.test(head);

/**
 * A cURL command as people copy it from docs and browsers: the request it would send.
 * throws `curl-data-file` for `-d @file`, `curl-no-url`, `curl-no-body`, `curl-quote`
 */
export function curlItem(command: string, from: string): InputItem {
  const [, ...words] = shellWords(command.replace(/^[$>%]\s+/, ""), from);
  const data: string[] = [];
  const headers: [string, string][] = [];
  let url: string | undefined;
  let method: string | undefined;

  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === "|" || word === ">" || word === "&&" || word === ";") break;
    const [option, attached] = optionOf(word);
    const value = () => attached ?? words[++i] ?? "";
    if (option === undefined) url ??= word;
    else if (option === "--url") url = value();
    else if (option === "-X" || option === "--request") method = value();
    else if (option === "-H" || option === "--header") headers.push(headerOf(value()));
    else if (option === "--json") data.push(dataOf(value(), from));
    else if (option === "--data-raw") data.push(value());
    else if (dataOptions.has(option)) data.push(dataOf(value(), from));
    else if (option === "-F" || option === "--form")
      throw new CutawayError("curl-form", `${from}: the command sends a form (-F), which no decoded format uses`, {
        fix: "Hand over a command with --data.",
      });
    else if (takesValue.has(option)) value();
  }
  if (url === undefined)
    throw new CutawayError("curl-no-url", `${from}: the cURL command names no URL`, { fix: "Copy the whole command, with its URL." });
  if (data.length === 0)
    throw new CutawayError("curl-no-body", `${from}: the cURL command sends no body, so there is no request to a model in it`, {
      fix: "Copy the command with its --data.",
    });
  return exchangeItem({ url, ...known({ method }), requestHeaders: headers, request: new TextEncoder().encode(data.join("&")) }, from);
}

const dataOptions = new Set(["-d", "--data", "--data-ascii", "--data-binary", "--data-urlencode"]);

/** Options that take a value and tell nothing about the call; their values must not be taken for the URL. */
const takesValue = new Set(
  "-u --user -A --user-agent -b --cookie -c --cookie-jar -e --referer -m --max-time --connect-timeout -o --output -w --write-out -x --proxy -K --config --retry --retry-delay --cacert --cert -E --key --resolve -T --upload-file --interface --max-redirs -D --dump-header --limit-rate -r --range --oauth2-bearer --aws-sigv4".split(
    " ",
  ),
);

/** `-XPOST` and `--header=…` as well as `-X POST` and `--header …`. */
function optionOf(word: string): [option: string | undefined, attached: string | undefined] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
  }
  if (!word.startsWith("-") || word === "-") return [undefined, undefined];
  const letter = word.slice(0, 2);
  if (word.length > 2 && (takesValue.has(letter) || dataOptions.has(letter) || letter === "-X" || letter === "-H" || letter === "-F"))
    return [letter, word.slice(2)];
  // Bundled flags: the last letter may take the value, as in -sSd.
  const last = `-${word.slice(-1)}`;
  return [word.length > 2 ? last : word, undefined];
}

function headerOf(text: string): [string, string] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

function dataOf(value: string, from: string): string {
  if (!value.startsWith("@")) return value;
  throw new CutawayError("curl-data-file", `${from}: the command sends the file ${value.slice(1)}, which is not part of it`, {
    data: { file: value.slice(1) },
    fix: `Explain that file instead (cutaway explain ${value.slice(1)}), or paste its content after --data.`,
  });
}
