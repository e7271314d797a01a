// Views and how they are doing, as the server tells it.
import { Watched } from '../resources/watched';
import { Rate } from '../rate';

export interface ViewDocument {
  name: string;
  key?: string;
  from?: { stream?: string; pattern?: string; types?: string[] };
}

export interface ViewStatus {
  name: string;
  state: string;
  keys: number;
  bytes: number;
  lag: { events: number };
  updates: number;
  fedBy: { query?: string; pattern?: string; stream?: string };
}

const rates = new Map<string, Rate>();

/** Updates a second. */
export const rateOf = (name: string) => rates.get(name)?.value ?? null;

export const watched = new Watched<ViewDocument, ViewStatus>('views', 'views', (name, { updates }) => {
  let rate = rates.get(name);
  if (!rate) rates.set(name, (rate = new Rate()));
  rate.observe(updates, Date.now());
});

export interface View {
  document: ViewDocument;
  status: ViewStatus | undefined;
}

export const pathOf = (name: string) => `views/${encodeURIComponent(name)}`;
