/** What tells the patterns of scan/known-patterns.ts apart. */

/** A character other than a space may lead a word, symbols take the line ends after them, contractions are found in capitals too: all but GPT-2's. */
export let takesLeads: bool = false;
/** A capital after a small letter begins a word, contractions belong to the word, symbols take slashes after line ends: o200k's. */
export let splitsCase: bool = false;
/** How many digits stand together; 0: all. */
export let mostDigits: u32 = 0;

export function cutBy(leads: bool, cases: bool, digits: u32): void {
  takesLeads = leads;
  splitsCase = cases;
  mostDigits = digits;
}
