import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * A folder of the optional recorded corpora (wire traffic, prices), or undefined where they are not at hand:
 * `CUTAWAY_TEST_DATA`, or `shared/data` beside the clone. Tests that need one skip without it.
 */
export function testData(path: string): string | undefined {
  const root = process.env.CUTAWAY_TEST_DATA ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
  const full = `${root}/${path}`;
  return existsSync(full) ? full : undefined;
}
