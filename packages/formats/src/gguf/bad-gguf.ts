import { CutawayError } from "@cutaway/core";

/** `at` is the offset in the file, in bytes, of what is wrong. */
export function badGguf(
  at: number,
  what: string,
  fix = "Check that the file was downloaded whole; its publisher lists size and checksum.",
): CutawayError {
  return new CutawayError("bad-gguf", `not a usable GGUF file: ${what} (at byte ${at})`, { fix, data: { at } });
}
