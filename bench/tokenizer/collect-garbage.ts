import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");

/** At once and whole, so that what was left behind before is not collected while something is timed. */
export const collectGarbage = runInNewContext("gc") as () => void;
