import fc from "fast-check";

/** Text as hostile as it comes: controls, escape sequences, bidirectional marks, wide characters, halves of pairs. */
export const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.string({ unit: "grapheme", maxLength: 12 }),
      fc.constantFrom(
        "\x1b[31m",
        "\x1b]8;;http://x\x07",
        "\x9b2J",
        "\r",
        "\n",
        "\t",
        " ",
        "   ",
        "\u202e",
        "\u2066",
        "数据",
        "👩‍👩‍👧",
        "\ud800",
        "\udc00",
        "\0",
      ),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(""));

/** Every character that acts on a terminal instead of being shown; what a painted line must not hold. */
export const controlsOf = (text: string): string[] => text.match(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g) ?? [];
