import { type BrokenRule, decodeUtf8, type MaskReason } from "@cutaway/core";
import {
  type AskedLanguage,
  checkCanonical,
  checkValue,
  compileLanguage,
  createGrammar,
  fastForward,
  type GrammarState,
  type Language,
  placesOf,
  sayExpected,
} from "@cutaway/grammar";
import type { Vocabulary } from "../ready-model.ts";
import type { ReadyLanguage } from "./ready-language.ts";

/** Languages that are kept for the next call: a server is asked for the same few again and again. */
const mostKept = 16;

const kept = new WeakMap<Vocabulary["tokenizer"], Map<string, ReadyLanguage>>();

/** The language, ready for the model's vocabulary. @throws what its source is refused for, with the place in it */
export function readyLanguage(asked: AskedLanguage, model: Vocabulary): ReadyLanguage {
  const ofModel = kept.get(model.tokenizer) ?? new Map<string, ReadyLanguage>();
  kept.set(model.tokenizer, ofModel);
  const key = JSON.stringify(asked);
  const ready = ofModel.get(key) ?? makeReady(asked, model);
  ofModel.delete(key);
  ofModel.set(key, ready);
  const [oldest] = ofModel.keys();
  if (ofModel.size > mostKept && oldest !== undefined) ofModel.delete(oldest);
  return ready;
}

function makeReady(asked: AskedLanguage, { info, tokenizer }: Vocabulary): ReadyLanguage {
  const { source, whitespace, propertyOrder, checkAfter, after } = asked;
  const language = compileLanguage(source, {
    whitespace,
    propertyOrder,
    ...(checkAfter && { checkAfter }),
    ...(after !== undefined && { after }),
    tokenId: (text) => tokenizer.specialTokens.get(text),
  });
  const ends = new Set(info.specials.ends.map(({ id }) => id as number));
  const grammar = createGrammar(tokenizer, language, { ends: [...ends], vocabSize: info.vocabSize });
  return {
    run: runOf(language),
    start: grammar.start(),
    ends,
    fastForward: asked.fastForward,
    explain: reasonOf,
    forcedTokens: (at) => fastForward(at, tokenizer),
    ...(language.checkedAfter.length > 0 && { check: (ids: readonly number[]) => brokenRules(asked, decodeUtf8(tokenizer.decodeBytes(ids))) }),
    isCanonical: (ids) => checkCanonical(tokenizer, ids).canonical,
  };
}

/** What a whole answer breaks of its schema: all of it is looked at, what the mask held included. */
function brokenRules({ source, after }: AskedLanguage, text: string): BrokenRule[] {
  if (source.kind !== "json-schema") return [];
  const json = after === undefined ? text : text.slice(text.indexOf(after) + after.length);
  return checkValue(source.schema, JSON.parse(json)).violations.map((violation) => ({ ...violation }));
}

const runOf = ({ kind, checkedAfter, notices, compileMs }: Language): ReadyLanguage["run"] => ({
  kind,
  checkedAfter,
  notices,
  compileMs: Math.round(compileMs * 100) / 100,
});

/** Why a token cannot come, as it is recorded. */
function reasonOf(at: GrammarState, id: number): MaskReason {
  const { bytes, dead, nearest } = at.explain(id);
  const expected = dead?.expected ?? at.expected();
  const places = placesOf(expected.sources);
  return {
    at: dead?.index ?? bytes.length,
    expected: sayExpected(expected),
    ...(places.length > 0 && { places }),
    ...(nearest && { nearest: decodeUtf8(nearest.bytes) }),
  };
}
