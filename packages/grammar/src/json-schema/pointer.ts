/** One step of a JSON pointer, escaped. */
export const step = (pointer: string, key: string | number): string => `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The steps of a pointer: `/a~1b/0` → ["a/b", "0"]. */
export const steps = (pointer: string): string[] =>
  pointer === ""
    ? []
    : pointer
        .slice(1)
        .split("/")
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
