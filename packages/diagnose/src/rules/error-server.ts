import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";
import { clause, oneLine } from "../words.ts";

const saying = {
  server: "The provider failed on its side: send it again, and quote the request id to its support if it lasts",
  timeout: "The call ran into a time limit: stream the answer, ask for less of it, or raise the client's limit",
  network: "The connection failed before an answer came: look at the address, DNS, proxy and TLS",
} as const;

const engineFailed = "The engine on this machine failed: check the model's file, and get it again if in doubt";

/** The provider's own failure, a time limit, or the network; of a local call, a failure of the engine. */
export const server = callRule({
  id: "error.server",
  title: "The provider or the network failed",
  check: (call): Found[] => {
    const kind = call.error?.kind;
    if (!call.error || (kind !== "server" && kind !== "timeout" && kind !== "network")) return [];
    const evidence = [inField(call, "error.message", oneLine(call.error.message))];
    if (call.response?.requestId !== undefined) evidence.push(inField(call, "response.requestId", call.response.requestId));
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `${call.format === "local" ? engineFailed : saying[kind]} (${clause(call.error.message, 200)}).`,
        evidence,
      },
    ];
  },
});
