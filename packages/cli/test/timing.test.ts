import { foldCall } from "@cutaway/core";
import { expect, it } from "vitest";
import { renderTiming } from "../src/render/timing.ts";
import { paint } from "../src/terminal/paint.ts";
import { id } from "./constructed.ts";

it("tells of a whole answer when its headers came, and of no first token", () => {
  const call = foldCall(
    [
      { type: "call-start", model: {}, issued: 0 },
      { type: "headers-received", at: 480, response: { status: 200 } },
      { type: "closed", at: 510, by: "server" },
    ],
    { id, origin: { kind: "proxy" } },
  );
  const lines = renderTiming(call, { total: 510 }, 80).map((line) => paint(line, false));
  expect(lines).toEqual(["510 ms in all · headers after 480 ms"]);
});
