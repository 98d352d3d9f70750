import type { JsonObject, Span } from "@cutaway/core";

/** How templates write tools: the list or one tool after the other, whole or its function alone, on one line or indented. */
const forms = ["{{ x | tojson }}", "{{ x | tojson(indent=4) }}", "{{ x | tojson(indent=2) }}"];

/**
 * Where the tools stand in a rendered text, by their JSON as the template language writes it; undefined where they are not found.
 * `render` renders a template with `x`.
 */
export function findTools(text: string, tools: readonly JsonObject[], render: (template: string, x: unknown) => string): Span[] | undefined {
  const wholes: unknown[][] = [[tools], [...tools], tools.map((tool) => tool.function)];
  for (const values of wholes) {
    for (const form of forms) {
      const spans = inOrder(
        text,
        values.map((value) => render(form, value)),
      );
      if (spans) return spans;
    }
  }
  return undefined;
}

function inOrder(text: string, pieces: string[]): Span[] | undefined {
  const spans: Span[] = [];
  let from = 0;
  for (const piece of pieces) {
    const start = text.indexOf(piece, from);
    if (start < 0) return undefined;
    from = start + piece.length;
    spans.push({ start, end: from });
  }
  return spans;
}
