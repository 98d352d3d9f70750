import { globSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import koffi from "koffi";

/**
 * llama.cpp by its own C API, from the library that node-llama-cpp installs: the binding hands logits over as a Map of the whole vocabulary, which takes
 * longer than the model itself.
 * source  include/llama.h of llama.cpp, tag v0.5.0, the one of node-llama-cpp 3.22.1
 */
export interface LlamaContext {
  vocabSize: number;
  /** Forgets all tokens. */
  clear(): void;
  /** Reads tokens after those before, as one batch of a prompt; gives the logits after each, valid until the next batch. */
  feed(ids: ArrayLike<number>): Float32Array[];
  close(): void;
}

const modelParameters = koffi.struct("llama_model_params", {
  devices: "void *",
  tensor_buft_overrides: "void *",
  n_gpu_layers: "int32",
  split_mode: "int",
  load_mode: "int",
  lazy_mode: "int",
  main_gpu: "int32",
  tensor_split: "void *",
  progress_callback: "void *",
  progress_callback_user_data: "void *",
  kv_overrides: "void *",
  vocab_only: "bool",
  check_tensors: "bool",
  use_extra_bufts: "bool",
  no_host: "bool",
  no_alloc: "bool",
  load_mtp: "bool",
});

const contextParameters = koffi.struct("llama_context_params", {
  n_ctx: "uint32",
  n_batch: "uint32",
  n_ubatch: "uint32",
  n_seq_max: "uint32",
  n_rs_seq: "uint32",
  n_outputs_max: "uint32",
  n_outputs_max_per_seq: "uint32",
  n_threads: "int32",
  n_threads_batch: "int32",
  kinds: koffi.array("int", 5),
  factors: koffi.array("float", 6),
  yarn_orig_ctx: "uint32",
  defrag_thold: "float",
  cb_eval: "void *",
  cb_eval_user_data: "void *",
  type_k: "int",
  type_v: "int",
  abort_callback: "void *",
  abort_callback_data: "void *",
  flags: koffi.array("bool", 6),
  samplers: "void *",
  n_samplers: "size_t",
  ctx_other: "void *",
});

const batchOf = koffi.struct("llama_batch", {
  n_tokens: "int32",
  token: "int32 *",
  embd: "float *",
  pos: "int32 *",
  n_seq_id: "int32 *",
  seq_id: "void *",
  logits: "int8 *",
});

type Fields = Record<string, unknown>;

/** The options besides these are llama.cpp's own defaults. `contextSize`: tokens that a text may have, which is also the largest batch. */
export function openLlama(modelPath: string, { threads, contextSize }: { threads: number; contextSize: number }): LlamaContext {
  const folder = fileURLToPath(new URL(`../node_modules/@node-llama-cpp/${process.platform}-${process.arch}/bins/`, import.meta.url));
  const [llamaFile] = globSync("*/libllama.v*", { cwd: folder });
  const [ggmlFile] = globSync("*/libggml.v*", { cwd: folder });
  if (!llamaFile || !ggmlFile) throw new Error(`there is no llama.cpp for this platform in ${folder}`);
  const ggml = koffi.load(folder + ggmlFile);
  const llama = koffi.load(folder + llamaFile);
  ggml.func("void ggml_backend_load_all_from_path(const char *folder)")(dirname(folder + ggmlFile));
  const quiet = koffi.register(() => undefined, koffi.pointer(koffi.proto("void log_callback(int level, const char *text, void *data)")));
  llama.func("void llama_log_set(void *callback, void *data)")(quiet, null);
  llama.func("void llama_backend_init()")();

  const modelDefaults = llama.func("llama_model_default_params", modelParameters, [])() as Fields;
  const load = llama.func("llama_model_load_from_file", "void *", ["str", modelParameters]);
  const model = load(modelPath, { ...modelDefaults, n_gpu_layers: 0 });
  if (!model) throw new Error(`llama.cpp does not load ${modelPath}`);
  const contextDefaults = llama.func("llama_context_default_params", contextParameters, [])() as Fields;
  const sizes = { n_ctx: contextSize, n_batch: contextSize, n_threads: threads, n_threads_batch: threads };
  const context = llama.func("llama_init_from_model", "void *", ["void *", contextParameters])(model, { ...contextDefaults, ...sizes });
  if (!context) throw new Error(`llama.cpp makes no context for ${modelPath}`);

  const vocabulary = llama.func("void *llama_model_get_vocab(void *model)")(model);
  const vocabSize = llama.func("int32 llama_vocab_n_tokens(void *vocabulary)")(vocabulary) as number;
  const memory = llama.func("void *llama_get_memory(void *context)")(context);
  const clear = llama.func("void llama_memory_clear(void *memory, bool data)");
  const decode = llama.func("llama_decode", "int32", ["void *", batchOf]);
  const logitsAt = llama.func("void *llama_get_logits_ith(void *context, int32 at)");
  return {
    vocabSize,
    clear: () => clear(memory, true),
    feed(ids) {
      const token = Int32Array.from(ids);
      const logits = new Int8Array(token.length).fill(1);
      const batch = { n_tokens: token.length, token, embd: null, pos: null, n_seq_id: null, seq_id: null, logits };
      const status = decode(context, batch) as number;
      if (status !== 0) throw new Error(`llama_decode of ${token.length} tokens: ${status}`);
      return Array.from(token, (_, at) => new Float32Array(koffi.view(logitsAt(context, at), vocabSize * 4)));
    },
    close() {
      llama.func("void llama_free(void *context)")(context);
      llama.func("void llama_model_free(void *model)")(model);
      koffi.unregister(quiet);
    },
  };
}
