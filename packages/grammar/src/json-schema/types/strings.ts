import { allText, both, length, matchesText, not, nothing, oneOf, type Text, without } from "../../text/index.ts";
import { type Algebra, bothSources, least, type StringClause } from "../forms.ts";

const ids = new WeakMap<Text, number>();
let count = 0;
/** Texts are values without names; the same object is the same language. */
export const idOf = (text: Text): number => {
  let id = ids.get(text);
  if (id === undefined) {
    id = count++;
    ids.set(text, id);
  }
  return id;
};

/** All that a clause says, as one language. */
export const wholeText = (clause: StringClause): Text => {
  if (clause.values !== undefined) return oneOf(clause.values);
  return clause.min === 0 && clause.max === undefined ? clause.text : both(clause.text, length(clause.min, clause.max));
};

const matches = (clause: StringClause, value: string): boolean => {
  const characters = clause.min === 0 && clause.max === undefined ? 0 : [...value].length;
  return characters >= clause.min && characters <= (clause.max ?? Infinity) && (clause.text === allText || matchesText(clause.text, value));
};

export const strings: Algebra<StringClause> = {
  free: { sources: [], text: allText, min: 0 },
  isFree: (clause) => clause.values === undefined && clause.text === allText && clause.min === 0 && clause.max === undefined,
  meet(a, b) {
    const sources = bothSources(a.sources, b.sources);
    if (a.values !== undefined || b.values !== undefined) {
      const [some, other] = a.values === undefined ? [b, a] : [a, b];
      const among = other.values === undefined ? undefined : new Set(other.values);
      const values = (some.values ?? []).filter((value) => (among === undefined ? matches(other, value) : among.has(value)));
      return values.length === 0 ? undefined : { sources, text: allText, min: 0, values };
    }
    const min = Math.max(a.min, b.min);
    const max = least(a.max, b.max);
    const text = a.text === b.text ? a.text : both(a.text, b.text);
    return text === nothing || (max !== undefined && max < min) ? undefined : { sources, text, min, max };
  },
  opposites(clause) {
    if (clause.values !== undefined) return [{ sources: clause.sources, text: without(allText, oneOf(clause.values)), min: 0 }];
    if (clause.text !== allText) return [{ sources: clause.sources, text: not(wholeText(clause)), min: 0 }];
    const opposites: StringClause[] = [];
    if (clause.min > 0) opposites.push({ sources: clause.sources, text: allText, min: 0, max: clause.min - 1 });
    if (clause.max !== undefined) opposites.push({ sources: clause.sources, text: allText, min: clause.max + 1 });
    return opposites;
  },
  key: (clause) => (clause.values === undefined ? `${idOf(clause.text)} ${clause.min} ${clause.max}` : JSON.stringify(clause.values)),
};
