import { expect, test } from "vitest";
import { call, check, cutCall, finish, pointedAt, request, text } from "../calls.ts";

test("a stream without a finish reason and without its end is cut, at its last characters", () => {
  const cut = cutCall(request(), "server", text("Rivers begin as"));
  const [finding] = check("cut.no-terminal", cut);
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.says).toContain("after 15 characters without a finish reason");
  expect(finding && pointedAt(cut, finding)).toEqual(["Rivers begin as"]);
});

test("a cut after the finish reason is a warning: the text is probably whole", () => {
  expect(check("cut.no-terminal", cutCall(request(), "server", text("Done."), finish("stop")))[0]).toMatchObject({ severity: "warning" });
});

test("a cut before anything arrived", () => {
  expect(check("cut.no-terminal", cutCall(request(), "server"))[0]?.says).toBe("Nothing of an answer had arrived when the bytes stopped.");
});

test("a line that was too long to be read is named: the answer may have been in it", () => {
  const says = "An event of 104857600 bytes was passed over.";
  const [finding] = check("cut.no-terminal", cutCall(request(), "server", { type: "notice", notice: { code: "event-too-long", says } }));
  expect(finding?.says).toContain("An event of 104857600 bytes was passed over");
  expect(finding?.says).not.toContain("Nothing of an answer");
  expect(finding?.evidence.map((piece) => piece.says)).toContain(says);
});

test("silent for a whole stream, for one the caller closed, and for a request alone", () => {
  expect(check("cut.no-terminal", call(request(), text("Done."), finish("stop")))).toEqual([]);
  expect(check("cut.no-terminal", cutCall(request(), "client", text("Riv")))).toEqual([]);
});
