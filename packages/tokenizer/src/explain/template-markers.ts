import { type RenderedPrompt, renderChat } from "../chat-template.ts";

/**
 * What a chat template writes around messages: its own words between them, apart from white space, BOS and EOS, line by line. Found by rendering a chat of three turns.
 * Empty for a template that refuses such a chat.
 */
export function templateMarkers(template: string, specials: { bos?: string; eos?: string } = {}): string[] {
  const message = (role: "user" | "assistant", text: string, index: number) => ({
    role,
    at: `messages[${index}]`,
    parts: [{ type: "text" as const, text, at: `messages[${index}].content` }],
  });
  let rendered: RenderedPrompt;
  try {
    rendered = renderChat(
      template,
      [message("user", "first words", 0), message("assistant", "second words", 1), message("user", "third words", 2)],
      specials,
    );
  } catch {
    return [];
  }
  if (rendered.unlocated.length > 0) return [];
  const markers = new Set<string>();
  let at = 0;
  for (const { span } of [...rendered.parts, { span: { start: rendered.text.length, end: rendered.text.length } }]) {
    const own = rendered.text
      .slice(at, span.start)
      .replaceAll(specials.bos || "\n", "\n")
      .replaceAll(specials.eos || "\n", "\n");
    for (const line of own.split("\n")) if (line.trim().length >= 4) markers.add(line.trim());
    at = span.end;
  }
  return [...markers];
}
