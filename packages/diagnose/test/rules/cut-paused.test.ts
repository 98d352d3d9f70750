import { expect, test } from "vitest";
import { call, check, finish, request, text } from "../calls.ts";

test("a paused turn waits to be sent back", () => {
  expect(check("cut.paused", call(request(), text("Searching"), finish("paused", "pause_turn")))[0]?.says).toContain("“pause_turn”");
});

test("silent for a turn that ended", () => {
  expect(check("cut.paused", call(request(), text("Found."), finish("stop", "end_turn")))).toEqual([]);
});
