/**
 * When a change is called *confirmed*: a small sequential comparison of two arms. Each arm is looked at after 3, 5, 8 and 12 runs. The change is confirmed
 * at the first look at which the symptom was seen `lead` more times unchanged than changed, and in at least 2 of 3 unchanged and at most 1 of 3
 * changed runs. The leads are chosen by exact enumeration: a change that does nothing is confirmed in at most `errorRate` of cases, whatever the
 * symptom's rate is (docs/verification.md).
 */
export interface Look {
  /** Runs of each arm. */
  runs: number;
  lead: number;
}

export const looks: readonly Look[] = [
  { runs: 3, lead: 3 },
  { runs: 5, lead: 4 },
  { runs: 8, lead: 5 },
  { runs: 12, lead: 5 },
];

/** How often a change that does nothing is confirmed, at most, over all rates of the symptom. A test enumerates it. */
export const errorRate = 0.042;

/** Unchanged runs that must all be without the symptom before it counts as not reproduced: a symptom of rate 0.45 or more passes for that in at most 5 % of cases. */
export const silentRuns = 5;

export type Decision = "confirmed" | "not confirmed" | "not reproduced";

export interface ArmHits {
  unchanged: number;
  changed: number;
}

/** What a look decides; undefined: more runs are needed. */
export function decide({ runs, lead }: Look, { unchanged, changed }: ArmHits): Decision | undefined {
  if (unchanged - changed >= lead && unchanged * 3 >= runs * 2 && changed * 3 <= runs) return "confirmed";
  if (unchanged === 0 && runs >= silentRuns) return "not reproduced";
  if (unchanged > 0 && (changed >= unchanged || !canBeConfirmed(runs, { unchanged, changed }))) return "not confirmed";
  return runs === looks[looks.length - 1]?.runs ? "not confirmed" : undefined;
}

/** Whether a later look could confirm if from now on every unchanged run showed the symptom and no changed one did. */
const canBeConfirmed = (done: number, { unchanged, changed }: ArmHits): boolean =>
  looks.some(({ runs, lead }) => {
    const best = unchanged + runs - done;
    return runs > done && best - changed >= lead && best * 3 >= runs * 2 && changed * 3 <= runs;
  });

export interface Tally extends ArmHits {
  /** Runs of each arm that were counted: those of the last look that was reached. */
  runs: number;
  decision?: Decision;
}

/**
 * Goes through the looks that both arms have runs for.
 * unchanged, changed  of each run, in the order of the runs, whether it shows the symptom
 */
export function tally(unchanged: readonly boolean[], changed: readonly boolean[]): Tally {
  let reached: Tally = { runs: 0, unchanged: 0, changed: 0 };
  for (const look of looks) {
    if (Math.min(unchanged.length, changed.length) < look.runs) break;
    const hits = { unchanged: hitsIn(unchanged, look.runs), changed: hitsIn(changed, look.runs) };
    const decision = decide(look, hits);
    reached = { ...hits, runs: look.runs, ...(decision && { decision }) };
    if (decision) break;
  }
  return reached;
}

const hitsIn = (shown: readonly boolean[], runs: number) => shown.slice(0, runs).filter(Boolean).length;

export interface Characteristics {
  confirmed: number;
  notConfirmed: number;
  notReproduced: number;
  /** No look decided, because the cap on runs came first. */
  undecided: number;
  /** Runs of both arms together, on average. */
  runs: number;
}

/**
 * The probability of each outcome, exact, by enumeration of all counts at all looks.
 * unchanged, changed  the true rates of the symptom, 0 to 1; runs are independent
 * most                runs of each arm that a cap allows
 */
export function characteristics(unchanged: number, changed: number, most = Number.POSITIVE_INFINITY): Characteristics {
  const outcome: Characteristics = { confirmed: 0, notConfirmed: 0, notReproduced: 0, undecided: 0, runs: 0 };
  let open = new Map([["0 0", { unchanged: 0, changed: 0, probability: 1 }]]);
  let before = 0;
  for (const look of looks) {
    if (look.runs > most) break;
    const [a, b] = [binomial(look.runs - before, unchanged), binomial(look.runs - before, changed)];
    const next: typeof open = new Map();
    for (const state of open.values()) {
      a.forEach((chance, i) => {
        b.forEach((other, j) => {
          const hits = { unchanged: state.unchanged + i, changed: state.changed + j };
          const probability = state.probability * chance * other;
          const decision = decide(look, hits);
          if (decision) {
            outcome[fields[decision]] += probability;
            outcome.runs += 2 * look.runs * probability;
          } else {
            const key = `${hits.unchanged} ${hits.changed}`;
            next.set(key, { ...hits, probability: probability + (next.get(key)?.probability ?? 0) });
          }
        });
      });
    }
    open = next;
    before = look.runs;
  }
  for (const { probability } of open.values()) {
    outcome.undecided += probability;
    outcome.runs += 2 * before * probability;
  }
  return outcome;
}

const fields = { confirmed: "confirmed", "not confirmed": "notConfirmed", "not reproduced": "notReproduced" } as const;

/** Probabilities of 0 … n hits. */
function binomial(n: number, rate: number): number[] {
  let ways = 1;
  return Array.from({ length: n + 1 }, (_, hits) => {
    if (hits > 0) ways = (ways * (n - hits + 1)) / hits;
    return ways * rate ** hits * (1 - rate) ** (n - hits);
  });
}
