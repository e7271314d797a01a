// Rates from counters that the server gives with its own time.

const WINDOW_MS = 5500;
/** Where little comes, a longer look back keeps the number from flickering. */
const LONG_WINDOW_MS = 30_500;
const FEW = 20;
const SHORTEST_MS = 400;

/** The growth of one counter over the last seconds, in events a second; null until there are two observations. */
export class Rate {
  value: number | null = null;
  readonly #counts: number[] = [];
  readonly #times: number[] = [];

  observe(count: number, timeMs: number): void {
    const counts = this.#counts;
    const times = this.#times;
    if (count < (counts.at(-1) ?? 0)) {
      // The server was started anew.
      counts.length = times.length = 0;
      this.value = null;
    }
    if (timeMs - (times.at(-1) ?? -Infinity) < SHORTEST_MS) return;
    counts.push(count);
    times.push(timeMs);
    // The last observation before now stays, however old: who was not looked at for a while has an average at once.
    while (times.length > 2 && timeMs - times[0]! > LONG_WINDOW_MS) {
      counts.shift();
      times.shift();
    }
    if (times.length < 2) return;
    const recent = times.findIndex((time) => timeMs - time <= WINDOW_MS);
    let from = Math.min(recent, times.length - 2);
    if (count - counts[from]! < FEW) from = 0;
    this.value = ((count - counts[from]!) * 1000) / (timeMs - times[from]!);
  }
}

/** The last few minutes of a rate. */
export class RateHistory extends Rate {
  static readonly LENGTH = 300;
  readonly times: number[] = [];
  readonly values: number[] = [];

  override observe(count: number, timeMs: number): void {
    super.observe(count, timeMs);
    if (this.value === null || timeMs / 1000 - (this.times.at(-1) ?? 0) < SHORTEST_MS / 1000) return;
    this.times.push(timeMs / 1000);
    this.values.push(this.value);
    if (this.times.length > RateHistory.LENGTH) {
      this.times.shift();
      this.values.shift();
    }
  }
}
