import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findModel, listModels, modelInfo, type PullEvent, pullModel, type RegisteredModel } from "@cutaway/runtime/models";
import { afterAll, describe, expect, it } from "vitest";
import { modelFolder } from "../model-folder.ts";
import { makeZip } from "./make-zip.ts";
import { testPlace } from "./place.ts";

/** A model that is a folder, and a wheel with a zip archive of it, as packages of sentence-transformers' models are. */
const source = modelFolder("bert", { files: { "1_Pooling/config.json": "{}" } });
afterAll(source.remove);
const bytesOf = (path: string) => readFileSync(join(source.path, path));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const files = ["config.json", "model.safetensors", "tokenizer.json", "1_Pooling/config.json"].map((path) => ({
  path,
  size: bytesOf(path).length,
  sha256: sha256(bytesOf(path)),
}));
const known: RegisteredModel = {
  name: "tiny-bert",
  says: "a tiny one",
  size: files.reduce((sum, { size }) => sum + size, 0),
  sha256: sha256(bytesOf("model.safetensors")),
  licence: "Apache-2.0",
  architecture: "bert",
  trainedContext: 64,
  wheel: { project: "tiny-bert-model", version: "1.0", entry: "tiny_bert/model.zip", wheelSize: 1000 },
  files,
};
const registry = [known];
const wheelOf = (change: (path: string, bytes: Buffer) => Uint8Array | undefined = (_, bytes) => bytes) => {
  const inside = files.flatMap(({ path }) => {
    const bytes = change(path, bytesOf(path));
    return bytes ? [{ name: path, bytes }] : [];
  });
  return makeZip([{ name: known.wheel.entry, bytes: makeZip([...inside, { name: "../outside", bytes: Buffer.from("x") }]) }]);
};

function place(wheel = wheelOf()) {
  const where = testPlace();
  const from = join(where.folder, "tiny_bert.whl");
  writeFileSync(from, wheel);
  return {
    ...where,
    pull: (options: object = {}) => pullModel("tiny-bert", { env: where.env, registry, from, ...options }),
    find: { env: where.env, registry },
  };
}

describe("a model that is a folder", () => {
  it("comes from the archive inside its wheel: the files that are known, and no others", async () => {
    const { pull, models, files: names, find } = place();
    const events: PullEvent[] = [];
    const pulled = await pull({ onProgress: (event: PullEvent) => events.push(event) });
    expect(pulled).toMatchObject({ name: "tiny-bert", path: join(models, "tiny-bert"), size: known.size, sha256: known.sha256, alreadyHere: false });
    expect(names()).toEqual(["tiny-bert", "tiny-bert.json"]);
    for (const { path } of files) expect(readFileSync(join(pulled.path, path)).equals(bytesOf(path)), path).toBe(true);
    expect(events.at(-1)).toEqual({ type: "bytes", source: "file", doing: "install", bytes: known.size, of: known.size });
    expect(await pull()).toMatchObject({ alreadyHere: true });
    expect(await findModel("tiny-bert", find)).toMatchObject({ sha256: known.sha256, registered: known });
    expect(listModels(find.env, registry)).toMatchObject([{ name: "tiny-bert", state: "here", size: known.size, sha256: known.sha256 }]);
  });

  it.each<[string, string, (path: string, bytes: Buffer) => Uint8Array | undefined]>([
    ["a byte that is another", "wrong-hash", (path, bytes) => (path === "tokenizer.json" ? Buffer.from(bytes).fill(32, 3, 4) : bytes)],
    ["a file that is longer", "wrong-size", (path, bytes) => (path === "config.json" ? Buffer.concat([bytes, bytes]) : bytes)],
    ["a file that is shorter", "wrong-size", (path, bytes) => (path === "model.safetensors" ? bytes.subarray(0, 1000) : bytes)],
    ["a file that is not there", "bad-archive", (path, bytes) => (path === "1_Pooling/config.json" ? undefined : bytes)],
    ["an archive much larger than the model", "bad-archive", (path, bytes) => (path === "config.json" ? randomBytes(2_000_000) : bytes)],
  ])("%s is refused, and nothing is left behind", async (_, code, change) => {
    const { pull, files: names } = place(wheelOf(change));
    await expect(pull()).rejects.toMatchObject({ code });
    expect(names()).toEqual([]);
  });

  it("takes the place of one that is damaged, and is not touched where the new one is wrong", async () => {
    const { pull, models, find } = place();
    await pull();
    truncateSync(join(models, "tiny-bert", "tokenizer.json"), 10);
    expect(listModels(find.env, registry)).toMatchObject([{ state: "damaged" }]);
    await expect(findModel("tiny-bert", find)).rejects.toMatchObject({
      code: "model-damaged",
      message: expect.stringContaining("tokenizer.json has 10 bytes"),
    });
    expect(await pull()).toMatchObject({ alreadyHere: false });
    expect(await findModel("tiny-bert", find)).toMatchObject({ sha256: known.sha256 });
  });

  it("is hashed again when a file of it was changed", async () => {
    const { pull, models, find } = place();
    await pull();
    const path = join(models, "tiny-bert", "model.safetensors");
    const bytes = Buffer.from(readFileSync(path));
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    writeFileSync(path, bytes);
    utimesSync(path, new Date(2030, 1), new Date(2030, 1));
    expect(listModels(find.env, registry)).toMatchObject([{ state: "unchecked" }]);
    await expect(findModel("tiny-bert", find)).rejects.toMatchObject({
      code: "model-damaged",
      message: expect.stringContaining("the SHA-256 of its model.safetensors"),
    });
  });

  it("is not asked of the hub, which is not known to have it", async () => {
    const { env } = place();
    await expect(pullModel("tiny-bert", { env, registry, from: "hub" })).rejects.toMatchObject({ code: "bad-option" });
    await expect(pullModel("tiny-bert", { env, registry })).rejects.toMatchObject({
      code: "model-unavailable",
      fix: expect.stringContaining("two ways"),
    });
  });

  it("of the user's own is copied under its folder's name, with what belongs to a model", async () => {
    const { env, folder, models, find } = place();
    const own = join(folder, "my-bert");
    cpSync(source.path, own, { recursive: true });
    writeFileSync(join(own, "pytorch_model.bin"), "not read, and not copied");
    mkdirSync(join(own, ".git"));
    writeFileSync(join(own, ".git", "config.json"), "{}");
    const pulled = await pullModel(own, { env, registry });
    expect(pulled).toMatchObject({ name: "my-bert", path: join(models, "my-bert"), size: known.size, sha256: known.sha256, source: `folder ${own}` });
    expect(await findModel("my-bert", find)).toMatchObject({ path: join(models, "my-bert") });
    expect(listModels(env, registry).map(({ name, state }) => [name, state])).toEqual([
      ["tiny-bert", "absent"],
      ["my-bert", "here"],
    ]);
  });

  it("is found by its path and described by its headers; a folder without config.json is none", async () => {
    const { find, folder } = place();
    expect(await modelInfo(source.path, find)).toMatchObject({
      architecture: "bert",
      layers: 2,
      width: 32,
      heads: 4,
      trainedContext: 64,
      tokenizer: { model: "wordpiece", tokens: 48 },
      tensorTypes: [{ type: "F32" }],
      path: source.path,
    });
    await expect(findModel(folder, find)).rejects.toMatchObject({ code: "not-a-model" });
  });
});

function randomBytes(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
