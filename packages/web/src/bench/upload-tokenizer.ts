import { tokenizersApi } from "../api/tokenizers.ts";
import { asApiError } from "../api/use-fetched.ts";
import { notify } from "../shell/notify.ts";
import type { BenchPlace } from "../state/bench-place.ts";
import { goBench } from "../state/location.ts";

/** Takes a tokenizer file and puts it on the bench, or says what is wrong with it. */
export async function uploadTokenizer(file: File, place: BenchPlace, first: boolean): Promise<void> {
  try {
    const { name } = await tokenizersApi.upload(file);
    goBench(first ? withFirst(place, name) : { tokenizers: [...place.tokenizers.filter((other) => other !== name), name] });
  } catch (failure) {
    const error = asApiError(failure);
    notify("failed", `${file.name}: ${error.message}`, error.fix);
  }
}

/** The first tokenizer is the one of tasks that take one. */
export const withFirst = ({ tokenizers }: BenchPlace, name: string): Partial<BenchPlace> => ({
  tokenizers: [name, ...tokenizers.filter((other) => other !== name)],
  picked: undefined,
});
