// The part of the server's HTTP API that the dashboard speaks. See docs/reference/http-api.md.

export interface Latest {
  recorded: string;
  type: string;
  id: string;
  source: string;
  stream: string;
  partition: number;
  offset: number;
  preview?: string;
}

export interface ContextChild {
  name: string;
  context: string;
  children: number;
  contexts: number;
  published: number;
  latest?: Latest;
}

export interface ContextParent {
  context: string;
  total: number;
  more: boolean;
  children: ContextChild[];
}

export interface ContextsAnswer {
  time: string;
  contexts: number;
  published: number;
  parents: ContextParent[];
}

export interface PartitionStatus {
  partition: number;
  start: number;
  end: number;
  bytes: number;
  published: number;
  lastRecorded?: string;
  state: string;
  reason?: string;
}

export interface StreamStatus {
  name: string;
  mount: string;
  durability: string;
  events: number;
  bytes: number;
  partitions: PartitionStatus[];
}

export interface StatusAnswer {
  time: string;
  streams: StreamStatus[];
}

export interface StreamDocument {
  name: string;
  retention?: unknown;
}

export interface Health {
  status: string;
  problems?: unknown[];
}

export interface Envelope {
  context: string;
  stream: string;
  partition: number;
  offset: number;
  recorded: string;
  event: CloudEvent;
}

export interface CloudEvent {
  [attribute: string]: unknown;
  id: string;
  source: string;
  type: string;
  datacontenttype?: string;
  data?: unknown;
  data_base64?: string;
}

/** One thing that the server found wrong, with its place where there is one. */
export interface Wrong {
  field?: string;
  detail: string;
}

/** The server answered, but with an error. */
export class ServerProblem extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly errors: readonly Wrong[],
  ) {
    super(message);
  }
}

/** The server could not be reached at all. */
export class ConnectionLost extends Error {}

/** The server's root: the page is served from `<root>/dashboard/`. */
export const serverRoot = new URL('../', new URL('.', document.baseURI)).href;

const TIMEOUT_MS = 8000;
/** What changes something may take its time: thousands of dead letters, a large queue. */
const CHANGE_TIMEOUT_MS = 60_000;

async function request(path: string, options: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(serverRoot + path, {
      cache: 'no-store',
      signal: AbortSignal.timeout(options.method ? CHANGE_TIMEOUT_MS : TIMEOUT_MS),
      ...options,
      headers: { Accept: 'application/json', ...options.headers },
    });
  } catch {
    throw new ConnectionLost('The server does not answer.');
  }
}

/** The text of an answer; throws what the server says instead of one. */
async function textOf(response: Response): Promise<string> {
  if (!response.ok) throw await problemOf(response);
  try {
    return await response.text();
  } catch {
    throw new ConnectionLost('The connection broke within an answer.');
  }
}

export const getText = async (path: string): Promise<string> => textOf(await request(path));

export async function getJson<T>(path: string): Promise<T> {
  const text = await getText(path);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ConnectionLost('The connection broke within an answer.');
  }
}

/** Asks for a change. `body` is JSON text; what comes back is too, or nothing. */
export async function change<T>(method: 'POST' | 'DELETE', path: string, body?: string, type = 'application/json') {
  const options = body === undefined ? { method } : { method, body, headers: { 'Content-Type': type } };
  const text = await textOf(await request(path, options));
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Sends JSON and gives the lines of what comes back, for as long as they come; only the signal ends it. */
export async function* streamLines(path: string, body: string, signal: AbortSignal): AsyncGenerator<string> {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/x-ndjson' };
  const response = await request(path, { method: 'POST', body, headers, signal });
  if (!response.ok) throw await problemOf(response);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new ConnectionLost('The connection broke within an answer.');
    });
    const lines = (rest + (value ?? '')).split('\n');
    rest = done ? '' : lines.pop()!;
    for (const line of lines) if (line.trim()) yield line;
    if (done) return;
  }
}

/** What the server says of an error, as an answer or within one. */
export interface ProblemDocument {
  title?: string;
  detail?: string;
  status?: number;
  errors?: Wrong[];
}

async function problemOf(response: Response): Promise<ServerProblem> {
  const problem = (await response.json().catch(() => ({}))) as ProblemDocument;
  const sentence = problem.detail ?? problem.title ?? response.statusText;
  return new ServerProblem(
    `The server answered ${response.status}: ${sentence}`,
    response.status,
    problem.errors ?? [],
  );
}

/** The same of an answer that had begun well. */
export const problemWithin = ({ title, detail, status, errors }: ProblemDocument): ServerProblem =>
  new ServerProblem(detail ?? title ?? 'The server does not say what is wrong.', status ?? 500, errors ?? []);

export const getStatus = () => getJson<StatusAnswer>('api/v1/status');
export const getServer = () => getJson<{ name: string; version: string; started: string }>('api/v1/server');

/** Documents of all streams; they hold what the status does not, such as retention. */
export async function getStreams(): Promise<StreamDocument[]> {
  return (await getJson<{ items: StreamDocument[] }>('api/v1/streams')).items;
}

/** The server's own view of its health; 503 is an answer too. */
export async function getHealth(): Promise<Health> {
  const response = await request('health/ready');
  const health = (await response.json().catch(() => undefined)) as Health | undefined;
  return health?.status ? health : { status: response.ok ? 'ready' : 'degraded' };
}

/** The newest event of exactly this context, as the text of its envelope; undefined if it never had one. */
export async function getLatest(context: string): Promise<string | undefined> {
  const response = await request(`api/v1/contexts/latest?context=${queryPath(context)}`);
  return response.ok ? response.text().catch(() => undefined) : undefined;
}

/** The children of several contexts at once. */
export function getContexts(under: readonly string[], limit: number, after?: string): Promise<ContextsAnswer> {
  const query = under.map((context) => `under=${queryPath(context)}`);
  query.push(`limit=${limit}`);
  if (after !== undefined) query.push(`after=${encodeURIComponent(after)}`);
  return getJson<ContextsAnswer>(`api/v1/contexts?${query.join('&')}`);
}

/** A context for use in a query: slashes stay readable. */
export const queryPath = (context: string) => encodeURIComponent(context).replaceAll('%2F', '/');

/** A context or pattern for use in a path: each segment is encoded, the leading slash goes. */
export const urlPath = (context: string) => context.slice(1).split('/').map(encodeURIComponent).join('/');
