/** A reference tokenizer in a Python process of its own; see oracle.py for the protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

export type ReferenceKind = "tiktoken" | "tekken" | "huggingface" | "sentencepiece";

export interface Question {
  texts: readonly string[];
  /** Texts of special tokens become them; otherwise they are plain text. */
  specials: boolean;
  /** With what the post-processor adds. */
  post: boolean;
  offsets: boolean;
  decode: boolean;
}

/** Of one text. `ids` is absent where the reference refused the text. Offsets are in code points. */
export interface Answer {
  ids: Uint32Array | undefined;
  starts?: Uint32Array;
  ends?: Uint32Array;
  /** With offsets: whether the tokenizer's normaliser rewrites the text. */
  rewritten?: boolean;
  decoded?: string;
}

const refused = 0xffff_ffff;
const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { ignoreBOM: true });

export class Oracle {
  readonly #process: ChildProcess;
  readonly #waiting: { resolve: (answer: Buffer) => void; reject: (error: Error) => void }[] = [];
  #chunks: Buffer[] = [];
  #have = 0;

  constructor(python: string) {
    this.#process = spawn(python, [join(import.meta.dirname, "oracle.py")], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, TOKENIZERS_PARALLELISM: "false", PYTHONDONTWRITEBYTECODE: "1" },
    });
    this.#process.stdout?.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#process.on("error", (error) => this.#fail(error));
    this.#process.on("exit", (code, signal) => this.#fail(new Error(`the reference process ended: ${code ?? signal}`)));
    this.#process.stdin?.on("error", (error) => this.#fail(error));
  }

  async load(kind: ReferenceKind, name: string, path: string): Promise<{ vocabSize: number; version: string }> {
    const answer = JSON.parse((await this.#ask({ op: "load", kind, name, path }, [])).toString("utf8"));
    if (answer.error) throw new Error(`${kind} ${name}: ${answer.error}`);
    return answer;
  }

  async encode({ texts, specials, post, offsets, decode }: Question): Promise<Answer[]> {
    const answer = await this.#ask({ op: "encode", specials, post, offsets, decode, count: texts.length }, textFrames(texts));
    const words = new Uint32Array(answer.buffer, answer.byteOffset, Math.floor(answer.length / 4));
    const counts = words.subarray(0, texts.length);
    const total = counts.reduce((sum, count) => sum + (count === refused ? 0 : count), 0);
    const section = (index: number) => words.subarray(texts.length + index * total, texts.length + (index + 1) * total);
    const [ids, starts, ends] = [section(0), section(1), section(2)];
    const own = texts.length + (offsets ? 3 : 1) * total;
    const rewritten = words.subarray(own, own + texts.length);
    const strings = decode ? decodedTexts(answer, 4 * (own + (offsets ? texts.length : 0)), texts.length) : undefined;
    let at = 0;
    return Array.from(counts, (count, index) => {
      const range = [at, at + (count === refused ? 0 : count)] as const;
      at = range[1];
      return {
        ids: count === refused ? undefined : ids.subarray(...range),
        ...(offsets && { starts: starts.subarray(...range), ends: ends.subarray(...range), rewritten: rewritten[index] === 1 }),
        ...(strings && { decoded: strings[index] as string }),
      };
    });
  }

  end(): void {
    this.#process.removeAllListeners("exit");
    this.#process.stdin?.end();
    this.#process.kill();
  }

  #ask(request: object, data: Uint8Array[]): Promise<Buffer> {
    const head = Buffer.from(`${JSON.stringify(request)}\0`);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(data.reduce((sum, part) => sum + part.length, head.length));
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#waiting.push({ resolve, reject });
    this.#process.stdin?.write(Buffer.concat([length, head, ...data]));
    return promise;
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#have += chunk.length;
    while (this.#have >= 4) {
      const first = this.#chunks[0] as Buffer;
      if (first.length < 4) {
        this.#chunks = [Buffer.concat(this.#chunks)];
        continue;
      }
      const length = first.readUInt32LE();
      if (this.#have < 4 + length) return;
      const all = Buffer.concat(this.#chunks);
      // A copy: it begins where four-byte words may begin.
      this.#waiting.shift()?.resolve(Buffer.from(new Uint8Array(all.subarray(4, 4 + length)).buffer));
      this.#chunks = [all.subarray(4 + length)];
      this.#have -= 4 + length;
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

function textFrames(texts: readonly string[]): Uint8Array[] {
  const lengths = new Uint32Array(texts.length);
  const parts = texts.map((item, index) => {
    // A lone surrogate becomes U+FFFD here, as in the tokenizers.
    const bytes = utf8.encode(item);
    lengths[index] = bytes.length;
    return bytes;
  });
  return [new Uint8Array(lengths.buffer), ...parts];
}

function decodedTexts(answer: Buffer, at: number, count: number): string[] {
  const lengths = new Uint32Array(answer.buffer, answer.byteOffset + at, count);
  let start = at + 4 * count;
  return Array.from(lengths, (length) => {
    start += length;
    return text.decode(answer.subarray(start - length, start));
  });
}
