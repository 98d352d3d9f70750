import { setFlagsFromString } from "node:v8";

/**
 * From now on V8 frees no machine code of WebAssembly before the process ends. With several threads that run some it now and then loses count of what it
 * has, and ends the process: "Check failed: jit_page_->allocations_.erase(addr) == 1" (nodejs/node#64500; seen in Node 24.21). What is kept is the first
 * translation of the kernels, some kilobytes a thread.
 */
export function keepMachineCode(): void {
  setFlagsFromString("--no-wasm-code-gc");
}
