/** Letters and digits looked at on either side of a place: more than a word has, and no more than that of a text that is one long run. */
const reach = 64;

export const wordBefore = (text: string, at: number): string => /[\p{L}\p{M}\p{N}]*$/u.exec(text.slice(Math.max(0, at - reach), at))?.[0] ?? "";

export const wordAfter = (text: string, at: number): string => /^[\p{L}\p{M}\p{N}]*/u.exec(text.slice(at, at + reach))?.[0] ?? "";

/** What stands before a place up to white space. */
export const stretchBefore = (text: string, at: number): string => /\S*$/.exec(text.slice(Math.max(0, at - reach), at))?.[0] ?? "";

export const stretchAfter = (text: string, at: number): string => /^\S*/.exec(text.slice(at, at + reach))?.[0] ?? "";
