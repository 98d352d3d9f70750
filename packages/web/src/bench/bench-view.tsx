import { tokenizersApi } from "../api/tokenizers.ts";
import { useFetched } from "../api/use-fetched.ts";
import { type Command, useCommands } from "../shell/commands.ts";
import { type BenchPlace, type BenchTask, benchShows, benchTasks } from "../state/bench-place.ts";
import { closeCall, goBench } from "../state/location.ts";
import { PriceChoice } from "./price-choice.tsx";
import { TermsTask } from "./terms-task.tsx";
import { TextsTask } from "./texts-task.tsx";
import { TokensTask } from "./tokens-task.tsx";

const taskNames: Record<BenchTask, string> = { tokens: "One text", texts: "Two texts", terms: "Terms" };

const tasks = { tokens: TokensTask, texts: TextsTask, terms: TermsTask };

/** The tokenizer bench: what texts become under tokenizers, and why. */
export function BenchView({ place }: { place: BenchPlace }) {
  const listed = useFetched("tokenizers", place.tokenizers.length, (_, signal) => tokenizersApi.list(signal));
  const prices = useFetched("prices", 0, (_, signal) => tokenizersApi.prices(signal));
  const price = prices.value?.models.find(({ provider, model }) => `${provider}/${model}` === place.price);
  const Task = tasks[place.task];
  useCommands([
    ...benchTasks.map(
      (task, i): Command => ({
        id: `bench-${task}`,
        title: `Bench: ${taskNames[task]}`,
        keys: [String(i + 1)],
        group: "Tokens",
        run: () => goBench({ task }),
      }),
    ),
    {
      id: "bench-show",
      title: "Tokens as text, ids or bytes",
      keys: ["c"],
      group: "Tokens",
      run: () => goBench({ show: benchShows[(benchShows.indexOf(place.show) + 1) % benchShows.length] ?? "text" }, "replace"),
    },
    {
      id: "bench-marks",
      title: "Light or do not light where tokenizers disagree",
      keys: ["m"],
      group: "Tokens",
      run: () => goBench({ marks: !place.marks }, "replace"),
    },
    {
      id: "bench-close",
      title: "Back to the calls",
      keys: ["Escape"],
      group: "Go",
      run: () => (place.picked ? goBench({ picked: undefined }) : closeCall()),
    },
  ]);
  return (
    <main className="bench" data-testid="bench" data-task={place.task}>
      <div className="bench-bar">
        <div className="picker" role="group" aria-label="Task">
          {benchTasks.map((task) => (
            <button key={task} type="button" aria-pressed={place.task === task} onClick={() => goBench({ task })}>
              {taskNames[task]}
            </button>
          ))}
        </div>
        <span className="push" />
        <PriceChoice prices={prices} chosen={place.price} price={price} />
      </div>
      <Task place={place} listed={listed.value ?? []} price={price} />
    </main>
  );
}
