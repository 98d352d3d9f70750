import { describe, expect, test } from "vitest";
import { encodeOnnxModel, type OnnxModel } from "../../src/index.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const text = (value: string): string => Buffer.from(value).toString("hex");

/** A field of protobuf's wire type 2, in hexadecimal: tag, length, content (under 128 bytes). */
const field = (number: number, content: string): string => {
  expect(content.length / 2).toBeLessThan(128);
  return ((number << 3) | 2).toString(16).padStart(2, "0") + (content.length / 2).toString(16).padStart(2, "0") + content;
};

const empty: OnnxModel = { operatorSets: {}, graph: { name: "g", nodes: [], initializers: [], inputs: [], outputs: [] } };
const head = `080a${field(2, text("cutaway"))}`;
const model = (graph: Partial<OnnxModel["graph"]>): string => hex(encodeOnnxModel({ ...empty, graph: { ...empty.graph, ...graph } }));

describe("an ONNX model's bytes, written out by hand from onnx.proto", () => {
  test("nothing but a name and the versions", () => {
    expect(hex(encodeOnnxModel({ ...empty, operatorSets: { "": 21, "com.microsoft": 1 } }))).toBe(
      head + field(7, field(2, text("g"))) + field(8, `${field(1, "")}1015`) + field(8, `${field(1, text("com.microsoft"))}1001`),
    );
  });

  test("a node, its attributes of every kind, and an input left out", () => {
    const attributes = { axis: -1, alpha: { float: 0.5 }, mode: "x", sizes: [2, 300] };
    const node = [
      field(1, text("a")),
      field(1, ""),
      field(2, text("y")),
      field(4, text("Op")),
      field(5, `${field(1, text("axis"))}18ffffffffffffffffff01a00102`),
      field(5, `${field(1, text("alpha"))}150000003fa00101`),
      field(5, `${field(1, text("mode"))}${field(4, text("x"))}a00103`),
      field(5, `${field(1, text("sizes"))}400240ac02a00107`),
      field(7, text("d")),
    ].join("");
    const bytes = model({ nodes: [{ operator: "Op", domain: "d", inputs: ["a", ""], outputs: ["y"], attributes }] });
    const length = (node.length / 2).toString(16);
    const graph = `0a${length}${node}${field(2, text("g"))}`;
    expect(bytes).toBe(`${head}3a${(graph.length / 2).toString(16).padStart(2, "0")}${graph.length / 2 > 127 ? "01" : ""}${graph}`);
  });

  test("a tensor inside the file, one outside it, and values with named dimensions", () => {
    const inside = { name: "w", type: "uint8", shape: [2, 1], data: Uint8Array.of(7, 9) } as const;
    expect(model({ initializers: [inside] })).toBe(
      head + field(7, field(2, text("g")) + field(5, `080208011002${field(8, text("w"))}${field(9, "0709")}`)),
    );
    const outside = { name: "w", type: "float32", shape: [3], data: { external: "f", offset: 4, length: 12 } } as const;
    const entries = [
      ["location", "f"],
      ["offset", "4"],
      ["length", "12"],
    ].map(([key = "", value = ""]) => field(13, field(1, text(key)) + field(2, text(value))));
    expect(model({ initializers: [outside] })).toBe(
      head + field(7, field(2, text("g")) + field(5, `08031001${field(8, text("w"))}${entries.join("")}7001`)),
    );
    const shape = field(2, field(1, "0801") + field(1, field(2, text("n"))));
    const places = { inputs: 11, outputs: 12, values: 13 } as const;
    for (const [place, number] of Object.entries(places)) {
      expect(model({ [place]: [{ name: "x", type: "int64", shape: [1, "n"] }] })).toBe(
        head + field(7, field(2, text("g")) + field(number, field(1, text("x")) + field(2, field(1, `0807${shape}`)))),
      );
    }
  });
});

test("weights past protobuf's limit are refused before they are copied", () => {
  const vast = Object.defineProperty(new Uint8Array(0), "length", { value: 2 ** 31 });
  const tensor = { name: "w", type: "uint8", shape: [2 ** 31], data: vast } as const;
  expect(() => encodeOnnxModel({ ...empty, graph: { ...empty.graph, initializers: [tensor] } })).toThrow("2147483648 bytes");
});
