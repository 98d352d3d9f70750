/**
 * The names under which a model may stand in a list, most exact first: the name as given, then without what only says where it runs
 * (`azure/`, `us.anthropic.`, `-v1:0`), then without a version date. Never a shorter prefix than that: `gpt-4` is no name of `gpt-4o`.
 * A fine-tune keeps its `ft:` (it has prices of its own); `baseModel` gives what it was tuned from.
 */
export function namesOf(model: string): string[] {
  const names = new Set<string>();
  const given = model.slice(0, longestName).trim().toLowerCase();
  for (const routed of withoutRoutes(tunedName(given))) {
    const plain = routed.replace("@default", "").replace("@", "-");
    const versionless = plain.replace(bedrockHome.test(plain) ? bedrockVersion : apiVersion, "");
    for (const name of [routed, plain, versionless]) {
      for (const homeless of withoutHome(name)) names.add(homeless);
    }
  }
  for (const name of [...names]) names.add(withoutDate(name));
  return [...names];
}

/** What a fine-tune was made from (`ft:gpt-4o-mini-2024-07-18:org::id` → `gpt-4o-mini-2024-07-18`); any other name unchanged. */
export function baseModel(model: string): string {
  const [marker, base] = model.slice(0, longestName).trim().split(":");
  return marker?.toLowerCase() === "ft" && base ? base : model;
}

/** `claude-sonnet-4-5-20250929` → `claude-sonnet-4-5`; `-latest` is a date too. */
export const withoutDate = (name: string): string => name.replace(dateSuffix, "");

/** UTF-16 units; the longest real name has about 100. */
export const longestName = 200;
const dateSuffix = /-(?:20\d{2}-[01]\d-[0-3]\d|20\d{2}[01]\d[0-3]\d|latest)$/;
const apiVersion = /-v\d{1,2}(?::\d{1,3}k?){1,2}$/;
/** Bedrock also writes `-v1` alone; elsewhere that is part of the name (`deepseek-v3`). */
const bedrockVersion = /-v\d{1,2}(?::\d{1,3}k?){0,2}$/;
const bedrockHome = /^(?:[a-z-]{2,6}\.)?(?:anthropic|meta|amazon)\./;
const bedrockRegion = /^(?:us|us-gov|eu|apac|ap|au|jp|ca|sa|me|af|mx)\./;
const bedrockVendor = /^(?:global\.)?(?:anthropic|openai|mistral|deepseek|qwen|meta|amazon|cohere|moonshotai|minimax|zai|google|nvidia|writer)\./;

/** First parts of a path-like name that say who serves the model, not which it is. */
const routes = new Set([
  ..."azure azure_ai openai anthropic bedrock converse vertex_ai google gemini openrouter groq together together_ai fireworks_ai deepseek".split(" "),
  ..."deepseek-ai mistral mistralai xai x-ai moonshot moonshotai alibaba dashscope cerebras perplexity litellm models us eu".split(" "),
]);

function withoutRoutes(name: string): string[] {
  const names = [name];
  let rest = name;
  for (let slash = rest.indexOf("/"); slash > 0; slash = rest.indexOf("/")) {
    const first = rest.slice(0, slash);
    if (!routes.has(first) && !/^(?:us|eu|ap|ca|sa)-[a-z]+-\d$/.test(first)) break;
    rest = rest.slice(slash + 1);
    names.push(rest);
  }
  return names;
}

function withoutHome(name: string): string[] {
  const regionless = name.replace(bedrockRegion, "");
  return [name, regionless, regionless.replace(bedrockVendor, "")];
}

/** `ft:gpt-4o-mini-2024-07-18:org:suffix:id` → `ft:gpt-4o-mini-2024-07-18`: the rest names the customer. */
function tunedName(name: string): string {
  const base = baseModel(name);
  return base === name ? name : `ft:${base}`;
}
