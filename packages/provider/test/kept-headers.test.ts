import { expect, test } from "vitest";
import { keptRequestHeaders, keptResponseHeaders } from "../src/headers/kept-headers.ts";

test("only listed headers are kept", () => {
  const headers = {
    authorization: "a",
    "x-api-key": "b",
    cookie: "c",
    "openai-organization": "d",
    "x-anything": "e",
    "content-type": "application/json",
    "x-stainless-retry-count": "1",
  };
  expect(keptRequestHeaders(headers)).toEqual({ "content-type": "application/json", "x-stainless-retry-count": "1" });
  expect(keptResponseHeaders({ "set-cookie": "a", "openai-organization": "b", "apim-request-id": "c" })).toEqual({ "apim-request-id": "c" });
});
