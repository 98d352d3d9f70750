import { expect, test } from "vitest";
import { call, check, finish, request, text } from "../calls.ts";

test("a stop sequence that the provider names and that was meant to stop is a note", () => {
  const asked = request({ parameters: { stop: ["\nObservation:"] } });
  const stopped = call(asked, text("Action: search"), finish("stop-sequence", "stop_sequence", { stopSequence: "\nObservation:" }));
  const [finding] = check("cut.stop-sequence", stopped);
  expect(finding).toMatchObject({ severity: "note", certainty: "certain" });
  expect(finding?.says).toBe("The answer was ended by the stop sequence “\\nObservation:” after character 14.");
});

test("an everyday string is a warning, and leaving it out the change", () => {
  const asked = request({ parameters: { stop: ["\n", "END"] } });
  const stopped = call(asked, text("Rivers are:"), finish("stop-sequence", "stop_sequence", { stopSequence: "\n" }));
  const [finding] = check("cut.stop-sequence", stopped);
  expect(finding).toMatchObject({ severity: "warning", certainty: "certain" });
  expect(finding?.change?.set).toEqual({ stop: ["END"] });
  expect(finding?.change?.apply(asked).parameters.stop).toEqual(["END"]);
});

test("where the provider says only “stop”, an everyday string and an open end make it possible", () => {
  const stopped = call(request({ parameters: { stop: ["\n"] } }), text("The three longest rivers are the"), finish("stop"));
  expect(check("cut.stop-sequence", stopped)[0]).toMatchObject({ severity: "warning", certainty: "possible" });
  const json = call(request({ parameters: { stop: ["}"] } }), text('{"name": "Nile"'), finish("stop"));
  expect(check("cut.stop-sequence", json)[0]?.says).toContain("its JSON is left open");
});

test("silent for a sentence that ends, for a custom marker not reached, and without stop sequences", () => {
  expect(check("cut.stop-sequence", call(request({ parameters: { stop: ["\n"] } }), text("The Nile."), finish("stop")))).toEqual([]);
  expect(check("cut.stop-sequence", call(request({ parameters: { stop: ["###"] } }), text("The list of"), finish("stop")))).toEqual([]);
  expect(check("cut.stop-sequence", call(request(), text("The list of"), finish("stop")))).toEqual([]);
});
