import type { HiddenStepper } from "@cutaway/sampling";
import type { Values } from "../open/open-runner.ts";
import type { OpenModel } from "./open-model.ts";

/** A decoder whose last hidden states are seen, for contrastive search. Every feed reads the whole text anew: exact and slow. */
export function hiddenStepper(model: OpenModel, room = 2048): HiddenStepper {
  const ids: number[] = [];
  const hook = model.architecture.kind === "encoder-decoder" ? "decoder.ln_final.hook_normalized" : "ln_final.hook_normalized";
  return {
    room,
    async feed(more) {
      ids.push(...more);
      const { outputs, hooks } = model.run(
        {
          key: "last states and logits",
          plan: { isProbed: (name) => name === hook },
          asked: [ids.length - 1],
          outputs(network, logits) {
            network.value(hook);
            return { logits };
          },
        },
        { ids },
      );
      const states = hooks.get(hook)?.data as Float32Array;
      const width = states.length / ids.length;
      const hidden = more.map((_, i) => states.slice((ids.length - more.length + i) * width, (ids.length - more.length + i + 1) * width));
      const { logits } = outputs as { logits: Values };
      return { logits: (logits.data as Float32Array).slice(), hidden };
    },
    back(count) {
      ids.length -= count;
    },
  };
}
