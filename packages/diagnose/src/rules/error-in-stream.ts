import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";
import { clause } from "../words.ts";

/** An error event inside a stream that had begun with status 200: a client that looks at the status only takes it for success. */
export const inStream = callRule({
  id: "error.in-stream",
  title: "An error came inside a stream of status 200",
  check: (call): Found[] => {
    if (!call.error?.inStream) return [];
    const status = call.response?.status;
    const evidence = [inField(call, "error.message", call.error.message)];
    if (status !== undefined) evidence.push(inField(call, "response.status", `the status had already said ${status}`));
    const began = call.answers.some(({ text, toolCalls }) => text !== "" || toolCalls.length > 0);
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `The stream began as a success and then carried an error (${call.error.kind}: ${clause(call.error.message)})${began ? "; what had arrived before it is not a whole answer" : ""}.`,
        evidence,
      },
    ];
  },
});
