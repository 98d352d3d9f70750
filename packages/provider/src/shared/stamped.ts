/** The event with the time of its arrival, where a clock ran. */
export function stamped<T extends object>(event: T, at: number | undefined): T & { at?: number } {
  return at === undefined ? event : { ...event, at };
}
