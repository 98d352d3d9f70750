import { expect, test } from "vitest";
import { call, check, failed, finish, request, text, withId } from "../calls.ts";

test("attempts of the client library", () => {
  const again = call(request(), { type: "headers-received", response: { status: 200, retries: 2 } }, text("Hi."), finish("stop"));
  expect(check("cost.retried", again)[0]?.says).toContain("tried this call 2 times");
});

const body = { model: "gpt-4o-mini", messages: [] };
const at = (issued: number, of: ReturnType<typeof call>) => ({ ...of, instants: { issued } });

test("the same body sent again within a minute", () => {
  const first = withId(at(1_000, call(request({ body }), failed({ kind: "server", message: "Oops" }))), "1");
  const second = at(31_000, call(request({ body }), text("Hi."), finish("stop")));
  expect(check("cost.retried", second, { related: [first] })[0]?.says).toContain(
    "sent once before in this session, 1 of them without a whole answer",
  );
});

test("silent for another body, for a long time between, and for a replay on purpose", () => {
  const first = withId(at(1_000, call(request({ body }), text("Hi."), finish("stop"))), "1");
  expect(check("cost.retried", at(31_000, call(request({ body: { ...body, seed: 1 } }), text("Hi."))), { related: [first] })).toEqual([]);
  expect(check("cost.retried", at(100_000, call(request({ body }), text("Hi."))), { related: [first] })).toEqual([]);
  expect(check("cost.retried", { ...at(31_000, call(request({ body }), text("Hi."))), parent: first.id }, { related: [first] })).toEqual([]);
});
