import { CutawayError, isCutawayError } from "@cutaway/core";
import { JinjaEnvironment, JinjaInterpreter, type JinjaNode, type JinjaValue, parseTemplate } from "./jinja.ts";
import { strftime } from "./strftime.ts";

/** What a template may use up; each bound lies far above what published templates need. */
const limits = {
  /** Characters of the template [about 40,000]. */
  template: 256 * 1024,
  /** White space in a row: the lexer's time grows with its square. */
  whiteSpace: 250,
  /** Nodes of the template that are evaluated; the turn of a loop, which sets up a scope, counts as ten. */
  steps: 1_000_000,
  /** Milliseconds, looked at before each node: what filters and comparisons do with long lists and texts is counted nowhere else. */
  time: 5000,
  /** Characters of any text it makes, the result included. */
  text: 16 * 1024 * 1024,
  /** Elements of any list it makes. */
  list: 100_000,
} as const;

/**
 * A Jinja template's text for these variables, with what transformers gives to chat templates: `trim_blocks`, `lstrip_blocks`, `raise_exception`,
 * `strftime_now`, loop controls, `{% generation %}`.
 * Templates come with models and are taken for hostile: its length, the nodes evaluated, the time and every text and list made are
 * bounded. Not bounded is what a single filter does with texts inside these bounds; who must not wait for that runs this in a thread that can be ended.
 * throws  `bad-chat-template`, with what the template itself (`raise_exception`) or the interpreter says.
 */
export function runTemplate(template: string, variables: Record<string, unknown>, now: Date): string {
  refuseLength(template);
  try {
    const environment = new JinjaEnvironment();
    for (const [name, value] of Object.entries({ ...globals(now), ...variables })) environment.set(name, value);
    return String(new BoundedInterpreter(environment).run(parseTemplate(template)).value);
  } catch (error) {
    throw isCutawayError(error) ? error : failed(error);
  }
}

function globals(now: Date): Record<string, unknown> {
  return {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    range: boundedRange,
    strftime_now: (format: unknown) => strftime(now, String(format)),
    raise_exception(message: unknown) {
      throw badTemplate(`the chat template refuses these messages: ${String(message)}`, "Change the messages as it asks, or give another template.");
    },
  };
}

class BoundedInterpreter extends JinjaInterpreter {
  #steps = 0;
  readonly #deadline = performance.now() + limits.time;
  /** What loops run over: a loop without a body evaluates nothing on its turns. */
  readonly #iterables = new WeakSet<object>();

  override evaluate(statement: JinjaNode | undefined, environment: JinjaEnvironment): JinjaValue {
    this.#count(1);
    if (performance.now() > this.#deadline) throw outgrown(`more than ${limits.time} ms`);
    if (statement?.type === "For" && statement.iterable) this.#iterables.add(statement.iterable.lhs ?? statement.iterable);
    const result = super.evaluate(statement, environment);
    const { value } = result;
    if (statement && this.#iterables.has(statement)) this.#count(10 * (Array.isArray(value) ? value.length : value instanceof Map ? value.size : 0));
    if (typeof value === "string" && value.length > limits.text) throw outgrown(`a text of more than ${limits.text} characters`);
    if (Array.isArray(value) && value.length > limits.list) throw outgrown(`a list of more than ${limits.list} elements`);
    return result;
  }

  #count(steps: number): void {
    this.#steps += steps;
    if (this.#steps > limits.steps) throw outgrown(`more than ${limits.steps} steps`);
  }
}

function boundedRange(first: unknown, second?: unknown, third?: unknown): number[] {
  const [start, stop] = second === undefined || second === null ? [0, Number(first)] : [Number(first), Number(second)];
  const step = third === undefined || third === null ? 1 : Number(third);
  if (step === 0 || ![start, stop, step].every(Number.isInteger)) throw new Error("range() takes whole numbers, and a step other than 0");
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > limits.list) throw outgrown(`a list of ${length} elements`);
  return Array.from({ length }, (_, index) => start + index * step);
}

function refuseLength(template: string): void {
  if (template.length > limits.template) throw outgrown(`${template.length} characters, more than ${limits.template}`);
  if (template.search(longSpace) >= 0) throw outgrown(`more than ${limits.whiteSpace} white-space characters in a row`);
}

const longSpace = new RegExp(`\\s{${limits.whiteSpace + 1}}`);

const outgrown = (what: string) => badTemplate(`the chat template is too large or does too much: ${what}`, "Give another template.");

function failed(error: unknown): CutawayError {
  const says = error instanceof Error ? error.message : String(error);
  return badTemplate(`the chat template cannot be rendered: ${says}`, "Check the template and what it is given; or give another one.", error);
}

const badTemplate = (message: string, fix: string, cause?: unknown) => new CutawayError("bad-chat-template", message, { fix, cause });
