import { expect, test } from "vitest";
import { withoutSecrets } from "../src/recording/credentials.ts";

const key = "sk-test-0123456789abcdef";

test("a URL keeps its parameters' names, and values only of known ones", () => {
  expect(withoutSecrets(`https://user:pass@host/v1/x?api-version=1&key=${key}#f`)).toBe("https://host/v1/x?api-version=1&key=redacted");
});
