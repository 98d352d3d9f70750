import { isJsonObject } from "@cutaway/core";
import { splitterOf } from "../regex/split-by-pattern.ts";
import { translatePattern } from "../regex/translate-pattern.ts";
import { gpt2Pattern, knownPatterns } from "../scan/known-patterns.ts";
import { deepseekPatterns, scanDeepseek } from "../scan/scan-deepseek.ts";
import type { TextSplitter } from "../text-splitter.ts";
import { bertPreTokenizer } from "../wordpiece/bert-pre-tokenizer.ts";
import type { Fields } from "./fields.ts";
import { stepsOf } from "./model-family.ts";
import { literally, patternOf } from "./read-normalizer.ts";
import { type SplitBehavior, type SplitStep, splitBehaviors, splitBy, splitterOfChain } from "./split.ts";
import { unicodeScripts } from "./unicode-scripts.ts";

/**
 * The `pre_tokenizer` of a byte-level tokenizer.json: steps that cut the text, of which the last is `ByteLevel`.
 * Published patterns run on bytes; any other chain of steps runs on the string.
 */
export function readPreTokenizer(fields: Fields): { splitter: TextSplitter; prefixSpace: boolean } {
  const steps = stepsOf(fields);
  const byteLevel = steps.pop();
  if (byteLevel?.string("type") !== "ByteLevel") throw fields.bad(`${fields.path} does not end in ByteLevel`);
  const cutsWords = byteLevel.boolean("use_regex", true);
  const prefixSpace = byteLevel.boolean("add_prefix_space");
  if (prefixSpace && steps.length > 0) throw byteLevel.unsupported("ByteLevel with add_prefix_space behind another pre-tokenizer");
  const scan = scannerOf(steps, cutsWords);
  if (scan) return { splitter: scan, prefixSpace };
  const chain = steps.map(readSplitStep);
  if (cutsWords) chain.push(splitBy(translatePattern(gpt2Pattern, "oniguruma"), "Isolated", false));
  return { splitter: splitterOfChain(chain), prefixSpace };
}

/** A scanner for the forms in which published tokenizers come: the whole text cut once by a known pattern, or not at all. */
function scannerOf(steps: Fields[], cutsWords: boolean): TextSplitter | undefined {
  const [step, another] = steps;
  if (!step) return cutsWords ? splitterOf(gpt2Pattern, "oniguruma") : { kind: "scan", scan: (_utf8, _start, end) => end };
  if (!cutsWords && isDeepseek(steps)) return { kind: "scan", scan: scanDeepseek };
  if (another || cutsWords || step.string("type") !== "Split") return undefined;
  const pattern = step.object("pattern").get("Regex");
  // The known patterns leave nothing between their matches, so that keeping the matches and dropping the rest is all the same.
  const wholeCover = step.get("behavior") === (step.get("invert") === true ? "Removed" : "Isolated");
  return typeof pattern === "string" && wholeCover && knownPatterns.has(pattern) ? splitterOf(pattern, "oniguruma") : undefined;
}

/** DeepSeek's three splits, whose files write line ends as themselves. */
function isDeepseek(steps: Fields[]): boolean {
  return (
    steps.length === deepseekPatterns.length &&
    steps.every((step, index) => {
      const { type, pattern, behavior, invert } = step.json;
      const expression = isJsonObject(pattern) && typeof pattern.Regex === "string" ? pattern.Regex : "";
      const written = expression.replaceAll("\r", "\\r").replaceAll("\n", "\\n");
      return type === "Split" && behavior === "Isolated" && invert === false && written === deepseekPatterns[index];
    })
  );
}

/** A step that only cuts text. */
export function readSplitStep(fields: Fields): SplitStep {
  const type = fields.string("type");
  switch (type) {
    case "Split":
      return splitBy(patternOf(fields.object("pattern")), readBehavior(fields), fields.boolean("invert"));
    case "Digits":
      return splitBy(/\p{N}/gu, fields.boolean("individual_digits") ? "Isolated" : "Contiguous", false);
    case "Punctuation":
      return splitBy(/[!-/:-@[-`{-~\p{P}]/gu, fields.has("behavior") ? readBehavior(fields) : "Isolated", false);
    case "Whitespace":
      return splitBy(translatePattern("\\w+|[^\\w\\s]+", "rust"), "Removed", true);
    case "WhitespaceSplit":
      return splitBy(/\p{White_Space}/gu, "Removed", false);
    case "CharDelimiterSplit":
      return splitBy(literally(fields.string("delimiter")), "Removed", false);
    case "UnicodeScripts":
      return unicodeScripts;
    case "BertPreTokenizer":
      return bertPreTokenizer;
    default:
      throw fields.unsupported(`the pre-tokenizer ${type}`);
  }
}

function readBehavior(fields: Fields): SplitBehavior {
  const behavior = splitBehaviors.find((known) => known === fields.get("behavior"));
  if (!behavior) throw fields.wrong("behavior", `one of ${splitBehaviors.join(", ")}`);
  return behavior;
}
