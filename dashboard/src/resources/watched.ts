// The resources of one kind with how each is doing, asked for while their page is shown.
import { batch, signal } from '@preact/signals';
import { getJson, ServerProblem } from '../api';
import { askStatus, onPage, sparing } from '../connection';
import type { Page } from '../location';
import { openOn } from '../ui/Pair';

const DOCUMENTS_EVERY_MS = 3000;
/** A status that is not there is asked for again so much later. */
const MISSING_MS = 5000;
const collator = new Intl.Collator('en', { numeric: true });

export class Watched<Document extends { name: string }, Status> {
  readonly documents = signal<readonly Document[] | null>(null);
  readonly statuses = signal<ReadonlyMap<string, Status>>(new Map());
  /** What the server says instead of a list. */
  readonly problem = signal<unknown>(null);
  readonly #kinds: string;
  readonly #page: Page;
  readonly #seen: (name: string, status: Status) => void;
  readonly #missing = new Map<string, number>();
  #visible: readonly string[] = [];
  readonly #loadDocuments = sparing(() => this.#askDocuments(), DOCUMENTS_EVERY_MS);
  readonly #loadStatuses = sparing(() => this.#askStatuses());

  /** `kinds` as URLs have it; `seen` is told each status that comes. */
  constructor(page: Page, kinds: string, seen: (name: string, status: Status) => void = () => {}) {
    this.#page = page;
    this.#kinds = kinds;
    this.#seen = seen;
    onPage(page, async () => {
      await Promise.all([this.#loadDocuments.ask().then(() => this.#loadStatuses.ask()), askStatus()]);
    });
  }

  /** Only the status of these, and of what is open, is asked for. */
  show(names: readonly string[]): void {
    const isNew = names.some((name) => !this.#visible.includes(name) && !this.statuses.peek().has(name));
    this.#visible = names;
    if (isNew) this.#loadStatuses.again();
  }

  askAgain(): void {
    this.#missing.clear();
    this.#loadDocuments.again();
    this.#loadStatuses.again();
  }

  async #askDocuments(): Promise<void> {
    try {
      const { items } = await getJson<{ items: Document[] }>(`api/v1/${this.#kinds}`);
      batch(() => {
        this.documents.value = items.sort((a, b) => collator.compare(a.name, b.name));
        this.problem.value = null;
      });
    } catch (error) {
      if (!(error instanceof ServerProblem)) throw error;
      this.problem.value = error;
    }
  }

  async #askStatuses(): Promise<void> {
    const known = new Set(this.documents.peek()?.map(({ name }) => name));
    const names = [...new Set([...this.#visible, openOn(this.#page)])].filter(
      (name) => known.has(name) && !this.#isMissing(name),
    );
    const found = await Promise.all(names.map((name) => this.#askOne(name)));
    const next = new Map([...this.statuses.peek()].filter(([name]) => known.has(name)));
    names.forEach((name, i) => {
      const status = found[i];
      if (status === undefined) next.delete(name);
      else next.set(name, status);
    });
    this.statuses.value = next;
  }

  #isMissing(name: string): boolean {
    return Date.now() - (this.#missing.get(name) ?? -MISSING_MS) < MISSING_MS;
  }

  async #askOne(name: string): Promise<Status | undefined> {
    try {
      const status = await getJson<Status>(`api/v1/${this.#kinds}/${encodeURIComponent(name)}/status`);
      this.#missing.delete(name);
      this.#seen(name, status);
      return status;
    } catch (error) {
      if (!(error instanceof ServerProblem)) throw error;
      // It was deleted just now, or the server keeps no status of it.
      this.#missing.set(name, Date.now());
      return undefined;
    }
  }
}
