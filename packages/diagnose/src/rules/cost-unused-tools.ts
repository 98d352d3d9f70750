import type { Call, Request } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";
import { count, percent, tokens } from "../words.ts";

/** Tools that nobody called take a large part of the prompt. */
export const unusedTools = callRule({
  id: "cost.unused-tools",
  title: "Unused tools take a large part of the prompt",
  check: (call, facts): Found[] => {
    const { prompt } = facts;
    if (!call.request || !prompt?.counted || call.answers.length === 0) return [];
    const called = calledTools(call);
    const unused = new Set(call.request.tools.filter(({ name }) => !called.has(name)).map(({ at }) => at));
    const size = prompt.segments.reduce((sum, { kind, at, tokens }) => sum + (kind === "tools" && unused.has(at) ? (tokens ?? 0) : 0), 0);
    const share = size / prompt.counted;
    if (size < 1_000 || share < 0.3) return [];
    const names = new Set(called);
    return [
      {
        severity: "note",
        certainty: prompt.tokenizer?.exact ? "certain" : "likely",
        says: `${count(unused.size)} of ${count(call.request.tools.length)} tools were never called and take about ${tokens(size)}, ${percent(share)} of the prompt.`,
        evidence: call.request.tools
          .flatMap(({ at }, i) => (unused.has(at) ? [inField(call, `request.tools[${i}]`, "not called in this conversation")] : []))
          .slice(0, 10),
        change: {
          says: "send only the tools that this conversation has called",
          apply: (request) => onlyTools(request, names),
          symptom: (other) => (other.request?.tools ?? []).some(({ name }) => !names.has(name)),
          counts: "tools are sent that this conversation has not called",
        },
      },
    ];
  },
});

/** A choice among tools is refused where there are none, and so is the choice of one that is gone: these go with them. */
function onlyTools(request: Request, names: ReadonlySet<string>): Request {
  const tools = request.tools.filter(({ name }) => names.has(name));
  const { toolChoice, parallelToolCalls, ...others } = request.parameters;
  if (tools.length === 0) return { ...request, tools, parameters: others };
  const chosen = JSON.stringify(toolChoice ?? null);
  const isGone = request.tools.some(({ name }) => !names.has(name) && chosen.includes(JSON.stringify(name)));
  const parameters = isGone ? { ...others, ...(parallelToolCalls !== undefined && { parallelToolCalls }) } : request.parameters;
  return { ...request, tools, parameters };
}

function calledTools(call: Call): Set<string> {
  const names = call.answers.flatMap(({ toolCalls }) => toolCalls.map(({ name }) => name));
  for (const { parts } of call.request?.messages ?? []) for (const part of parts) if (part.type === "tool-call") names.push(part.name);
  return new Set(names);
}
