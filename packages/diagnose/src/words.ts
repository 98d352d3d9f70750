/** Numbers and quotations as findings write them. */
export const count = (n: number) => (Number.isInteger(n) ? String(n).replace(/\B(?=(\d{3})+$)/g, ",") : n.toFixed(1));
export const tokens = (n: number) => `${count(n)} ${n === 1 ? "token" : "tokens"}`;
export const seconds = (ms: number) => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
export const dollars = (amount: number) => `$${amount >= 0.01 ? amount.toFixed(2) : amount.toPrecision(2)}`;
export const percent = (share: number) =>
  share > 0 && share < 0.0005 ? "under 0.1 %" : `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;

/** A phrase as the beginning of a sentence. */
export const capital = (phrase: string) => phrase.charAt(0).toUpperCase() + phrase.slice(1);

/** A piece of a text in quotation marks, with line breaks shown, shortened in the middle. */
export function quote(text: string, length = 60): string {
  const characters = Array.from(text.slice(0, length * 8));
  const whole = characters.length <= length && text.length <= length * 8;
  const half = Math.floor(length / 2);
  const short = whole
    ? text
    : `${characters.slice(0, half).join("")}…${Array.from(text.slice(-half * 2))
        .slice(-half)
        .join("")}`;
  return `“${short.replaceAll("\r", "\\r").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}”`;
}

/** The text up to a length, as a sentence's tail: no line breaks, no double spaces. */
export const oneLine = (text: string, length = 300) => {
  const line = text.slice(0, length).replace(/\s+/g, " ").trim();
  return text.length > length ? `${line}…` : line;
};

/** Somebody else's sentence inside one of ours: on one line, without the full stop at its end. */
export const clause = (text: string, length = 300) => oneLine(text, length).replace(/(?<!\.)\.$/, "");

/** The end of a text in quotation marks, from the beginning of a word on. */
export function quoteEnd(text: string, length = 20): string {
  if (text.length <= length) return quote(text);
  const tail = text.slice(-length);
  const word = /\s/.test(text.charAt(text.length - length - 1)) ? 0 : tail.search(/\s\S/) + 1;
  return quote(`…${Array.from(tail.slice(word)).join("")}`);
}
