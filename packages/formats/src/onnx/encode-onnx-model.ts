import { CutawayError } from "@cutaway/core";
import { type OnnxAttribute, type OnnxModel, type OnnxNode, type OnnxTensor, type OnnxValueInfo, onnxTypes } from "./onnx-model.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** The version of the file format, which ONNX Runtime ≥ 1.20 reads. */
const irVersion = 10;

/** Protobuf's own limit on a message; larger weights must be external. */
const maximumBytes = 2 ** 31 - 1;

const attributeTypes = { float: 1, integer: 2, text: 3, integers: 7 } as const;

/**
 * The bytes of an `.onnx` file.
 * @throws `onnx-too-large` past 2 GiB: protobuf's limit.
 * source  https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (field numbers)
 */
export function encodeOnnxModel({ operatorSets, graph }: OnnxModel): Uint8Array {
  const inline = graph.initializers.reduce((sum, { data }) => sum + (data instanceof Uint8Array ? data.length : 0), 0);
  if (inline > maximumBytes) {
    throw new CutawayError(
      "onnx-too-large",
      `the tensors inside the ONNX model "${graph.name}" take ${inline} bytes, and the format holds ${maximumBytes}`,
      {
        kind: "internal",
        fix: "Make the tensors external.",
      },
    );
  }
  const model = new ProtobufWriter().integer(1, irVersion).text(2, "cutaway");
  model.message(7, (out) => {
    for (const node of graph.nodes) out.message(1, (inner) => writeNode(inner, node));
    out.text(2, graph.name);
    for (const tensor of graph.initializers) out.message(5, (inner) => writeTensor(inner, tensor));
    for (const value of graph.inputs) out.message(11, (inner) => writeValueInfo(inner, value));
    for (const value of graph.outputs) out.message(12, (inner) => writeValueInfo(inner, value));
    for (const value of graph.values ?? []) out.message(13, (inner) => writeValueInfo(inner, value));
  });
  for (const [domain, version] of Object.entries(operatorSets)) {
    model.message(8, (out) => out.text(1, domain).integer(2, version));
  }
  return model.finish();
}

function writeNode(out: ProtobufWriter, node: OnnxNode): void {
  for (const input of node.inputs) out.text(1, input);
  for (const output of node.outputs) out.text(2, output);
  if (node.name !== undefined) out.text(3, node.name);
  out.text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    out.message(5, (inner) => writeAttribute(inner.text(1, name), value));
  }
  if (node.domain !== undefined) out.text(7, node.domain);
}

function writeAttribute(out: ProtobufWriter, value: OnnxAttribute): void {
  if (typeof value === "number") {
    out.integer(3, value).integer(20, attributeTypes.integer);
  } else if (typeof value === "string") {
    out.text(4, value).integer(20, attributeTypes.text);
  } else if ("float" in value) {
    out.float(2, value.float).integer(20, attributeTypes.float);
  } else {
    for (const entry of value) out.integer(8, entry);
    out.integer(20, attributeTypes.integers);
  }
}

function writeTensor(out: ProtobufWriter, { name, type, shape, data }: OnnxTensor): void {
  for (const size of shape) out.integer(1, size);
  out.integer(2, onnxTypes[type]).text(8, name);
  if (data instanceof Uint8Array) {
    out.bytes(9, data);
    return;
  }
  const { external, offset, length } = data;
  for (const [key, value] of [
    ["location", external],
    ["offset", String(offset)],
    ["length", String(length)],
  ] as const) {
    out.message(13, (entry) => entry.text(1, key).text(2, value));
  }
  out.integer(14, 1); // data_location = EXTERNAL
}

function writeValueInfo(out: ProtobufWriter, { name, type, shape }: OnnxValueInfo): void {
  out.text(1, name).message(2, (valueType) =>
    valueType.message(1, (tensor) => {
      tensor.integer(1, onnxTypes[type]).message(2, (dimensions) => {
        for (const size of shape) {
          dimensions.message(1, (dimension) => (typeof size === "number" ? dimension.integer(1, size) : dimension.text(2, size)));
        }
      });
    }),
  );
}
