/**
 * Where a team's threads agree on who does what, in memory that all see.
 *
 * A job's shares are claimed one by one, by whoever is free: a thread that the operating system has put aside holds nobody up. The claim is one word,
 * job number and next share, raised by compare-and-swap: whoever reads a job's fields and then claims a share of it has read them whole, since they
 * change only when all of its shares are done.
 */
export class StepBoard {
  static readonly bytes = 256;
  readonly words: Int32Array;
  readonly floats: Float32Array;
  /** The job's fields. */
  readonly job: Int32Array;

  constructor(buffer: SharedArrayBuffer, address: number) {
    this.words = new Int32Array(buffer, address, StepBoard.bytes / 4);
    this.job = this.words.subarray(16);
    this.floats = new Float32Array(buffer, address + 64, 32);
  }

  get claim(): number {
    return Atomics.load(this.words, 0);
  }

  /** Begins a job, whose fields are written. */
  begin(units: number, shares: number): void {
    this.words[2] = units;
    this.words[3] = shares;
    Atomics.store(this.words, 1, 0);
    Atomics.store(this.words, 0, ((this.claim >>> 8) + 1) << 8);
    if (Atomics.load(this.words, 4) > 0) Atomics.notify(this.words, 0);
  }

  /** Does shares of the job that `claim` was read from, as long as there are some. */
  help(claim: number, work: (from: number, to: number) => void): void {
    for (let seen = claim; ; seen = this.claim) {
      if (seen >>> 8 !== claim >>> 8) return;
      const share = seen & 255;
      const [units, shares] = [this.words[2] as number, this.words[3] as number];
      if (share >= shares) return;
      if (Atomics.compareExchange(this.words, 0, seen, seen + 1) !== seen) continue;
      work(Math.floor((units * share) / shares), Math.floor((units * (share + 1)) / shares));
      Atomics.add(this.words, 1, 1);
    }
  }

  get isDone(): boolean {
    return Atomics.load(this.words, 1) === this.words[3];
  }

  /** Sleeps until another job begins, or the team is dismissed. */
  sleep(claim: number): void {
    Atomics.add(this.words, 4, 1);
    Atomics.wait(this.words, 0, claim, 10_000);
    Atomics.sub(this.words, 4, 1);
  }

  dismiss(): void {
    Atomics.store(this.words, 5, 1);
    this.begin(0, 0); // wakes them
    Atomics.notify(this.words, 0);
  }

  get isDismissed(): boolean {
    return Atomics.load(this.words, 5) === 1;
  }
}
