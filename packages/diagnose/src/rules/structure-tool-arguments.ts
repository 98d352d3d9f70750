import { isJsonObject, type JsonValue } from "@cutaway/core";
import { misfits, scanJson } from "@cutaway/metrics";
import { callRule, type Found } from "../call-rule.ts";
import { inField, inText, within } from "../evidence.ts";
import { brokenHere, cutReason } from "../json-break.ts";

/** The arguments of a tool call that a client would fail to parse, or that contradict what the tool declared. */
export const toolArguments = callRule({
  id: "structure.tool-arguments",
  title: "The arguments of a tool call are not valid",
  check: (call) =>
    call.answers.flatMap((answer, i) =>
      answer.toolCalls.flatMap((tool, k): Found[] => {
        const at = `answers[${i}].toolCalls[${k}].arguments`;
        const declared = call.request?.tools.find(({ name }) => name === tool.name);
        const freeForm = declared !== undefined && declared.schema === undefined;
        if (freeForm) return [];
        if (tool.arguments.trim() === "") {
          const takes = requiredOf(declared?.schema);
          if (takes.length === 0) return [];
          return [
            {
              severity: "problem",
              certainty: "certain",
              says: `The call of ${tool.name} has no arguments, and its schema requires ${takes.slice(0, 5).join(", ")}.`,
              evidence: [inField(call, at, "empty")],
            },
          ];
        }
        const scan = scanJson(tool.arguments);
        if (scan.ok) {
          const wrong = declared?.schema === undefined ? [] : misfits(tool.arguments, declared.schema, { strict: isStrict(declared.json) });
          if (wrong.length === 0) return [];
          return [
            {
              severity: "problem",
              certainty: "certain",
              says: `The arguments of ${tool.name} do not fit its schema: ${wrong.map(({ says }) => says).join("; ")}.`,
              evidence: wrong.map(({ span, says }) =>
                inText(call, at, within(tool.arguments, span.start, Math.min(span.end, span.start + 200)), says),
              ),
            },
          ];
        }
        const looksFreeForm = declared === undefined && !/^\s*[{[]/.test(tool.arguments);
        if (looksFreeForm) return [];
        const cut = cutReason(call, answer, scan);
        return [
          {
            severity: "problem",
            certainty: "certain",
            says: `The arguments of ${tool.name || "a tool call"} are not valid JSON: at ${scan.path}, line ${scan.line}, column ${scan.column}, ${scan.says}${cut ? `; ${cut.says}` : ""}.`,
            evidence: [inText(call, at, brokenHere(tool.arguments, scan.at), scan.says), ...(cut ? [inField(call, cut.at, cut.says)] : [])],
          },
        ];
      }),
    ),
});

/** Strict mode, beside the tool's name or one level above. */
function isStrict(tool: JsonValue): boolean {
  return isJsonObject(tool) && (tool.strict === true || (isJsonObject(tool.function) && tool.function.strict === true));
}

function requiredOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null || !("required" in schema) || !Array.isArray(schema.required)) return [];
  return schema.required.filter((name) => typeof name === "string");
}
