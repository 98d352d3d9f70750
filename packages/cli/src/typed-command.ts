import { commands } from "./commands.ts";

/** How the program is called here: a clone runs its sources, and nothing there is called `cutaway` but by npx. */
export const programName = import.meta.url.endsWith(".ts") ? "npx cutaway" : "cutaway";

const names = new Set(commands.map(({ name }) => name.split(" ")[0]));
const commandIn = new RegExp(`\\bcutaway (?=(?:${[...names].join("|")}|--help)\\b)`, "g");

/** A text that names commands, `cutaway list`, with each as it can be typed here. Errors of other packages name them so, too. */
export const typed = (text: string, name = programName): string => text.replace(commandIn, `${name} `);
