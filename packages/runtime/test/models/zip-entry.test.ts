import { writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zipEntry } from "../../src/models/zip-entry.ts";
import { makeZip, type ZipFile } from "./make-zip.ts";
import { testPlace } from "./place.ts";

const { folder } = testPlace();
const path = join(folder, "a.zip");

async function read(archive: Uint8Array, name: string): Promise<Buffer> {
  writeFileSync(path, archive);
  const file = await open(path, "r");
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await zipEntry(file, name)).chunks()) chunks.push(chunk);
    return Buffer.concat(chunks);
  } finally {
    await file.close();
  }
}

const text = Buffer.from("some bytes that repeat: some bytes that repeat");

describe("a file in a zip archive", () => {
  const layouts: [string, Buffer][] = [
    [
      "deflated",
      makeZip([
        { name: "a", bytes: Buffer.from("not this") },
        { name: "b/c", bytes: text },
      ]),
    ],
    ["stored", makeZip([{ name: "b/c", bytes: text, stored: true }])],
    [
      "behind a comment that looks like an end",
      makeZip([{ name: "b/c", bytes: text }], { comment: "PK\x05\x06 and more than twenty-two characters" }),
    ],
    [
      "with 64-bit sizes",
      makeZip([
        { name: "a", bytes: text, wide: true },
        { name: "b/c", bytes: text, wide: true },
      ]),
    ],
    ["with a 64-bit directory", makeZip([{ name: "b/c", bytes: text, wide: true }], { wideEnd: true })],
  ];
  for (const [what, archive] of layouts) it(`is read ${what}`, async () => expect(await read(archive, "b/c")).toEqual(text));

  it("is whatever was put in", async () => {
    const file = fc.record({
      name: fc.string({ minLength: 1, unit: "binary" }),
      bytes: fc.uint8Array({ maxLength: 3000 }),
      stored: fc.boolean(),
      wide: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(file, { minLength: 1, maxLength: 4, selector: ({ name }) => name }), async (files) => {
        const [wanted] = files as [ZipFile];
        expect(await read(makeZip(files), wanted.name)).toEqual(Buffer.from(wanted.bytes));
      }),
      { numRuns: 50 },
    );
  });

  const refused: [string, Buffer, string][] = [
    ["encrypted", makeZip([{ name: "b/c", bytes: text, flags: 1 }]), "encrypted"],
    ["packed by another method", makeZip([{ name: "b/c", bytes: text, method: 12 }]), "method 12"],
    ["broken inside", makeZip([{ name: "b/c", bytes: Buffer.from([7, 7, 7, 7]), stored: true, method: 8 }]), "deflated data is broken"],
  ];
  for (const [what, archive, says] of refused) {
    it(`is refused where it is ${what}`, async () => {
      await expect(read(archive, "b/c")).rejects.toMatchObject({ code: "bad-archive", message: expect.stringContaining(says) });
    });
  }

  it("of an archive with bytes changed is read, or refused as such: nothing else", async () => {
    const archive = makeZip(
      [
        { name: "a", bytes: text, wide: true },
        { name: "b/c", bytes: text },
      ],
      { wideEnd: true },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.nat(255), fc.nat(30), async (at, value, cut) => {
        const changed = Buffer.from(archive.subarray(0, archive.length - cut));
        if (at < changed.length) changed[at] = value;
        const outcome = await read(changed, "b/c").then(
          () => "read",
          (error: unknown) => (error as { code?: string }).code,
        );
        expect(["read", "bad-archive"]).toContain(outcome);
      }),
      { numRuns: 300 },
    );
  });
});
