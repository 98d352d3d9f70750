/** Tells on stderr what a long bench is at, or has found so far. */
export const say = (what: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`);
