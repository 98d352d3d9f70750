import { findModel } from "@cutaway/runtime/models";

/** The weights both sides run: `--model=NAME|PATH`, else the default model, pulled before by `cutaway models pull`. */
export async function benchModel(options: Record<string, string>): Promise<{ name: string; path: string }> {
  const { name, path } = await findModel(options.model ?? "smollm2-135m-instruct");
  return { name, path };
}
