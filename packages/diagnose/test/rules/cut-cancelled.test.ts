import { expect, test } from "vitest";
import { call, check, cutCall, finish, request, text } from "../calls.ts";

test("a stream closed by the caller", () => {
  expect(check("cut.cancelled", cutCall(request(), "client", text("Riv")))[0]).toMatchObject({ severity: "warning", certainty: "certain" });
});

test("silent for one that the server closed, whole or cut", () => {
  expect(check("cut.cancelled", cutCall(request(), "server", text("Riv")))).toEqual([]);
  expect(check("cut.cancelled", call(request(), text("Done."), finish("stop")))).toEqual([]);
});
