import { expect, test } from "vitest";
import { keptRequestHeaders, withoutSecrets } from "../src/recording/credentials.ts";

const key = "sk-test-0123456789abcdef";

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
});

test("a URL keeps its parameters' names, and values only of known ones", () => {
  expect(withoutSecrets(`https://user:pass@host/v1/x?api-version=1&key=${key}#f`)).toBe("https://host/v1/x?api-version=1&key=redacted");
});
