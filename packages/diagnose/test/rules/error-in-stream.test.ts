import { expect, test } from "vitest";
import { call, check, failed, request, text } from "../calls.ts";

test("an error event after status 200", () => {
  const broke = call(
    request(),
    { type: "headers-received", response: { status: 200 } },
    text("Riv"),
    failed({ kind: "overloaded", message: "Overloaded", inStream: true }),
  );
  const [finding] = check("error.in-stream", broke);
  expect(finding?.says).toContain("(overloaded: Overloaded); what had arrived before it is not a whole answer");
  expect(finding?.evidence.map(({ at }) => at)).toEqual(["error.message", "response.status"]);
});

test("silent for an error that the status announced", () => {
  expect(check("error.in-stream", call(request(), failed({ kind: "overloaded", message: "Overloaded", status: 529 })))).toEqual([]);
});
