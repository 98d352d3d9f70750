import { expect, test } from "vitest";
import { credentialsOf, keptRequestHeaders, redactor, withoutSecrets } from "../src/recording/credentials.ts";

const key = "sk-test-0123456789abcdef";

test("credentials are found wherever clients put them", () => {
  expect(credentialsOf({ authorization: `Bearer ${key}` }, "/v1/x")).toContain(key);
  expect(credentialsOf({ "x-api-key": key }, "/v1/x")).toContain(key);
  expect(credentialsOf({ "api-key": key }, "/v1/x")).toContain(key);
  expect(credentialsOf({ "proxy-authorization": `Basic ${key}` }, "/v1/x")).toContain(key);
  expect(credentialsOf({}, `/v1/x?key=${key}&api-version=2024-10-21`)).toEqual([key]);
});

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

test("a key is blanked out of bytes, every time it occurs, and other bytes are not touched or copied", () => {
  const redact = redactor([key]);
  const plain = new TextEncoder().encode("nothing here");
  expect(redact(plain)).toBe(plain);
  expect(new TextDecoder().decode(redact(new TextEncoder().encode(`a ${key} b ${key}`)))).toBe(
    `a ${"*".repeat(key.length)} b ${"*".repeat(key.length)}`,
  );
});
