import { CutawayError } from "@cutaway/core";
import { encodeOnnxModel, type OnnxModel, type OnnxTensor } from "@cutaway/formats";
import koffi from "koffi";
import { type OrtLibrary, ortLibrary, type Pointer } from "./ort-library.ts";
import type { OrtTensor } from "./ort-tensor.ts";

export interface SessionOptions {
  threads: number;
  /** Threads wait for the next operator in a busy loop: faster on a quiet machine, slower on a shared one. */
  spinning?: boolean;
  /** Kernels keep weights rearranged for themselves. Without it, nodes that share a weight share its memory. */
  prepacking?: boolean;
  /**
   * Nodes are fused and reordered for speed, and one block of memory is kept for every shape of inputs seen. A graph of thousands of nodes that runs a
   * few times, with texts of other lengths, takes longer to optimise than to run, and the block would lie beside the memory of the first run.
   */
  optimizing?: boolean;
  /** What a run takes for its intermediate results goes back when it ends: for graphs that run seldom, and on much. */
  shrinking?: boolean;
}

/** Tensors this small stay inside the model file: ONNX Runtime reads shapes and the like from there. */
const inlineBytes = 1024;

/**
 * A graph made ready to run.
 * Everything handed to the native side is referenced from here, since it is used after the call that hands it over.
 */
export class OrtSession {
  readonly #library: OrtLibrary;
  readonly #session: Pointer;
  /** Null: all as it is by itself. */
  readonly runOptions: Pointer | null;
  #closed = false;

  /** The model's tensors are copied, and can be dropped afterwards. */
  constructor(model: OnnxModel, { threads, spinning = true, prepacking = true, optimizing = true, shrinking = false }: SessionOptions) {
    this.#library = ortLibrary();
    this.runOptions = shrinking ? this.#library.create("CreateRunOptions") : null;
    if (shrinking) this.#library.call("AddRunConfigEntry", this.runOptions, "memory.enable_memory_arena_shrinkage", "cpu:0");
    const options = this.#library.create("CreateSessionOptions");
    try {
      this.#library.call("SetIntraOpNumThreads", options, threads);
      this.#library.call("SetInterOpNumThreads", options, 1);
      this.#library.call("SetSessionGraphOptimizationLevel", options, optimizing ? 99 : 0);
      if (!optimizing) this.#library.call("DisableMemPattern", options);
      this.#library.call("AddSessionConfigEntry", options, "session.intra_op.allow_spinning", spinning ? "1" : "0");
      this.#library.call("AddSessionConfigEntry", options, "session.disable_prepacking", prepacking ? "0" : "1");
      // Weights that were rearranged are freed as read; in the arena their memory would stay.
      this.#library.call("AddSessionConfigEntry", options, "session.use_device_allocator_for_initializers", "1");
      const { light, files } = apart(model);
      const names = new NativeStrings(files.map(({ name }) => name));
      const buffers = BigUint64Array.from(files, ({ data }) => koffi.address(data));
      const sizes = BigUint64Array.from(files, ({ data }) => BigInt(data.length));
      if (files.length > 0) {
        this.#library.call("AddExternalInitializersFromFilesInMemory", options, names.pointers, buffers, sizes, files.length);
      }
      const bytes = encodeOnnxModel(light);
      this.#session = this.#library.create("CreateSessionFromArray", this.#library.env, bytes, bytes.length, options);
      keepUntilHere(names, files, bytes);
    } finally {
      this.#library.call("ReleaseSessionOptions", options);
    }
  }

  /** A set of inputs and outputs to run the graph with, again and again. */
  binding(inputs: Record<string, OrtTensor>, outputs: Record<string, OrtTensor>): OrtBinding {
    return new OrtBinding(this, inputs, outputs);
  }

  /** @throws `engine-closed`: running a released session would end the process. */
  get pointer(): Pointer {
    this.refuseClosed();
    return this.#session;
  }

  refuseClosed(): void {
    if (this.#closed) throw new CutawayError("engine-closed", "the engine that this stepper belongs to is closed", { kind: "internal" });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#library.call("ReleaseSession", this.#session);
    if (this.runOptions !== null) this.#library.call("ReleaseRunOptions", this.runOptions);
  }
}

export class OrtBinding {
  readonly #session: OrtSession;
  readonly #inputNames: NativeStrings;
  readonly #outputNames: NativeStrings;
  readonly #inputs: BigUint64Array;
  readonly #outputs: BigUint64Array;
  readonly #inputPlaces: Map<string, number>;
  readonly #outputPlaces: Map<string, number>;

  constructor(session: OrtSession, inputs: Record<string, OrtTensor>, outputs: Record<string, OrtTensor>) {
    this.#session = session;
    this.#inputPlaces = places(inputs);
    this.#outputPlaces = places(outputs);
    this.#inputNames = new NativeStrings([...this.#inputPlaces.keys()]);
    this.#outputNames = new NativeStrings([...this.#outputPlaces.keys()]);
    this.#inputs = BigUint64Array.from(Object.values(inputs), ({ pointer }) => pointer);
    this.#outputs = BigUint64Array.from(Object.values(outputs), ({ pointer }) => pointer);
  }

  /** Runs with some of the tensors replaced. */
  run(inputs: Record<string, OrtTensor> = {}, outputs: Record<string, OrtTensor> = {}): void {
    for (const [name, { pointer }] of Object.entries(inputs)) this.#inputs[this.#inputPlaces.get(name) ?? -1] = pointer;
    for (const [name, { pointer }] of Object.entries(outputs)) this.#outputs[this.#outputPlaces.get(name) ?? -1] = pointer;
    ortLibrary().call(
      "Run",
      this.#session.pointer,
      this.#session.runOptions,
      this.#inputNames.pointers,
      this.#inputs,
      this.#inputs.length,
      this.#outputNames.pointers,
      this.#outputs.length,
      this.#outputs,
    );
  }
}

const places = (tensors: Record<string, OrtTensor>): Map<string, number> => new Map(Object.keys(tensors).map((name, index) => [name, index]));

/** C strings and the array of their addresses. */
class NativeStrings {
  readonly pointers: BigUint64Array;
  /** Referenced for as long as the addresses are. */
  readonly #strings: Uint8Array[];

  constructor(strings: string[]) {
    // 64 bytes and more: V8 keeps shorter arrays inside its own heap, where they move.
    this.#strings = strings.map((text) => {
      const bytes = new Uint8Array(Math.max(64, Buffer.byteLength(text) + 1));
      new TextEncoder().encodeInto(text, bytes);
      return bytes;
    });
    this.pointers = new BigUint64Array(Math.max(8, strings.length));
    for (const [index, bytes] of this.#strings.entries()) this.pointers[index] = koffi.address(bytes);
  }
}

interface InMemoryFile {
  name: string;
  data: Uint8Array;
}

/** The graph with its large tensors taken out, each to a file of its own that exists in memory only. */
function apart(model: OnnxModel): { light: OnnxModel; files: InMemoryFile[] } {
  const files: InMemoryFile[] = [];
  const initializers = model.graph.initializers.map((tensor): OnnxTensor => {
    if (!(tensor.data instanceof Uint8Array) || tensor.data.length < inlineBytes) return tensor;
    files.push({ name: tensor.name, data: tensor.data });
    return { ...tensor, data: { external: tensor.name, offset: 0, length: tensor.data.length } };
  });
  return { light: { ...model, graph: { ...model.graph, initializers } }, files };
}

/** The values are in use up to this call, whatever an optimising compiler thinks. */
function keepUntilHere(..._values: unknown[]): void {}
