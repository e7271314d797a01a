// Queries and how they are doing, as the server tells it.
import { change } from '../api';
import { Watched } from '../resources/watched';
import { act } from '../ui/Ask';

export interface QueryDocument {
  name: string;
  sql?: string;
  output?: { context?: string; type?: string; view?: string };
  eventTime?: { lateContext?: string };
}

/** What is wrong with a query's SQL, or what ended it, and where. */
export interface QueryError {
  message: string;
  line?: number | null;
  column?: number | null;
  at?: string | null;
  restarts?: number;
}

export interface PlanNode {
  id: string;
  name: string;
  detail?: string | null;
  parallelism?: number;
  inRate?: number | null;
  outRate?: number | null;
  /** Parts of the time, from 0 to 1. */
  busy?: number | null;
  backpressured?: number | null;
}

export interface PlanEdge {
  from: string;
  to: string;
  rate?: number | null;
  ship?: string | null;
}

export interface Plan {
  nodes: readonly PlanNode[];
  edges: readonly PlanEdge[];
}

/** Every event that came in is in one of the others but the last. */
export interface QueryCounts {
  input: number;
  counted: number;
  corrected: number;
  late: number;
  invalid: number;
  output: number;
}

export interface QueryStatus {
  name: string;
  state: string;
  progress?: string | null;
  since?: string | null;
  error?: QueryError | null;
  sql?: string;
  restarts: number;
  counts: QueryCounts;
  rates: { input: number; output: number };
  lag: { events: number; watermarkMillis?: number | null };
  watermark?: string | null;
  stateBytes?: number | null;
  checkpoint?: {
    last?: string | null;
    durationMillis?: number | null;
    bytes?: number | null;
    completed: number;
    failed: number;
  } | null;
  warnings?: readonly string[];
  plan?: Plan | null;
}

/** The rates of one query in the last minutes, the newest at the end; times in seconds since 1970. */
export interface Course {
  times: number[];
  input: number[];
  output: number[];
}

const LENGTH = 300;
const courses = new Map<string, Course>();

export const courseOf = (name: string): Course => courses.get(name) ?? { times: [], input: [], output: [] };

export const watched = new Watched<QueryDocument, QueryStatus>('queries', 'queries', (name, { rates }) => {
  const before = courseOf(name);
  courses.set(name, {
    times: [...before.times, Date.now() / 1000].slice(-LENGTH),
    input: [...before.input, rates.input].slice(-LENGTH),
    output: [...before.output, rates.output].slice(-LENGTH),
  });
});

export interface Query {
  document: QueryDocument;
  status: QueryStatus | undefined;
}

export const pathOf = (name: string) => `queries/${encodeURIComponent(name)}`;

/** What can be paused; everything else can be resumed. */
export const isGoing = ({ state }: QueryStatus) => ['starting', 'running', 'restarting'].includes(state);

const DONE = {
  pause: (name: string) => `${name} is paused; its state is kept.`,
  resume: (name: string) => `${name} goes on.`,
  savepoint: (name: string) => `The state of ${name} is saved.`,
};

export function tell(name: string, verb: keyof typeof DONE): Promise<void> {
  return act(async () => {
    await change('POST', `${pathOf(name)}/${verb}`);
    watched.askAgain();
    return { text: DONE[verb](name) };
  });
}

/** The contexts that a template such as `/derived/{floor}` leads to. */
export const patternOfTemplate = (template: string) =>
  template
    .split('/')
    .map((segment) => (segment.includes('{') ? '*' : segment))
    .join('/');

/** Where in the SQL something is wrong: told by itself, or within a sentence of the server. */
export function placeOf({ message, line, column }: QueryError): { line: number; column: number } | null {
  if (line) return { line, column: column ?? 1 };
  const told = /\bline\s+(\d+)\D{1,12}column\s+(\d+)/i.exec(message);
  return told && { line: Number(told[1]), column: Number(told[2]) };
}
