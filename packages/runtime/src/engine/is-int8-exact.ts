import { GraphBuilder, type Value } from "./graph-builder.ts";
import { OrtSession } from "./ort-session.ts";
import { ortTensor } from "./ort-tensor.ts";

const inputs = 64;
const outputs = 32;

let known: boolean | undefined;

/**
 * Whether ONNX Runtime's 8-bit product is exact on this processor. x64 without VNNI adds two products in 16 bits,
 * and large ones saturate (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html, "When and why do I need to try U8U8").
 */
export function isInt8Exact(): boolean {
  known ??= largestProduct() === inputs * 255 * 127;
  return known;
}

function largestProduct(): number {
  const g = new GraphBuilder("largest product");
  const x = g.input("x", "float32", [1, "tokens", inputs]);
  const weight = {
    numbers: g.constant("weight", "int8", [inputs, outputs], new Int8Array(inputs * outputs).fill(127)),
    scales: g.constant("scales", "float32", [outputs], new Float32Array(outputs).fill(1)),
  };
  const numbers: Value = g.node("numbers", "Cast", [x], { to: 2 }); // uint8
  const scale = g.constant("scale", "float32", [], Float32Array.of(1));
  const zeroPoint = g.constant("zero_point", "uint8", [], Uint8Array.of(0));
  g.output(g.matMulInteger("y", { numbers, scale, zeroPoint }, weight), "float32", [1, "tokens", outputs]);
  const session = new OrtSession(g.finish(), { threads: 1 });
  const largest = ortTensor("float32", [1, 8, inputs]);
  const y = ortTensor("float32", [1, 8, outputs]);
  largest.data.fill(255);
  session.binding({ x: largest }, { y }).run();
  for (const tensor of [largest, y]) tensor.release();
  session.close();
  return Math.min(...y.data);
}
