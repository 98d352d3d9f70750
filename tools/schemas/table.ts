/** `otherOrder`: rejects a valid instance only because its properties stand in another order than the option asks for. */
export type Outcome = "right" | "refused" | "rejectsValid" | "acceptsInvalid" | "otherOrder";
type Row = Record<Outcome, number>;

const emptyRow = (): Row => ({ right: 0, refused: 0, rejectsValid: 0, acceptsInvalid: 0, otherOrder: 0 });

/** Outcomes counted by name. */
export class Table {
  #rows = new Map<string, Row>();

  add(name: string, outcome: Outcome): void {
    let row = this.#rows.get(name);
    if (row === undefined) {
      row = emptyRow();
      this.#rows.set(name, row);
    }
    row[outcome]++;
  }

  rows(): Record<string, Row> {
    return Object.fromEntries(this.#rows);
  }

  total(): Row {
    const total = emptyRow();
    for (const row of this.#rows.values()) for (const key of Object.keys(total) as Outcome[]) total[key] += row[key];
    return total;
  }

  print(): string {
    const line = (name: string, cells: readonly (string | number)[]): string =>
      name.padEnd(24) + cells.map((cell) => String(cell).padStart(16)).join("");
    return [
      line("", ["right", "refused", "rejects valid", "accepts invalid", "other order"]),
      ...[...this.#rows].map(([name, row]) => line(name, [row.right, row.refused, row.rejectsValid, row.acceptsInvalid, row.otherOrder])),
    ].join("\n");
  }
}

/** @param sorted ascending */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
