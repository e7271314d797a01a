// A look at a queue's jobs, which takes none of them.
import { useSignal } from '@preact/signals';
import { change, getText, type CloudEvent } from '../api';
import { serverNow } from '../connection';
import { Tokens } from '../events/EventDetail';
import { elements, member, pretty } from '../events/json';
import * as format from '../format';
import { act, Problem } from '../ui/Ask';
import { useAsked } from '../ui/asked';
import { pathOf } from './groups';

interface Job {
  number: string;
  state: string;
  until?: string | null;
  deliveries: number;
  failures: number;
  recordedtime: string;
  event: CloudEvent;
  /** The event's text, in which numbers are as they were sent. */
  raw: string;
}

const MAX = 50;
const EVERY_MS = 2000;

async function peek(name: string, after: string): Promise<Job[]> {
  const from = after && `&after=${encodeURIComponent(after)}`;
  const text = await getText(`${pathOf('Queue', name)}/jobs?max=${MAX}${from}`);
  return elements(member(text, 'jobs') ?? '[]').map((job) => ({
    ...(JSON.parse(job) as Omit<Job, 'raw'>),
    raw: member(job, 'event') ?? '{}',
  }));
}

export function Jobs({ name }: { name: string }) {
  /** Behind which jobs the pages begin, the one that is shown last. */
  const pages = useSignal(['']);
  const opened = useSignal('');
  const after = pages.value.at(-1)!;
  const asked = useAsked(`${name} ${after}`, () => peek(name, after), EVERY_MS);
  const jobs = asked.value;
  const cancel = (number: string) =>
    void act(async () => {
      await change('DELETE', `${pathOf('Queue', name)}/jobs/${encodeURIComponent(number)}`);
      asked.again();
      return { text: `Job ${number} is taken back.` };
    });
  return (
    <section class="block" aria-label="Jobs">
      <h3>Jobs</h3>
      {asked.error !== undefined && <Problem error={asked.error} />}
      {jobs?.length === 0 && <p class="muted">{after ? 'There are no further jobs.' : 'The queue is empty.'}</p>}
      <ul class="jobs">
        {jobs?.map((job) => (
          <li key={job.number} data-job={job.number}>
            <button
              type="button"
              class="job"
              aria-expanded={opened.value === job.number}
              onClick={() => (opened.value = opened.value === job.number ? '' : job.number)}
            >
              <span class="mono">{job.number}</span>
              <span class={`mark ${job.state}`}>{job.state}</span>
              <span class="job-type">{job.event.type}</span>
              <span class="muted right">{told(job)}</span>
            </button>
            {opened.value === job.number && (
              <div class="job-body">
                <p class="muted">
                  recorded {format.moment(job.recordedtime)}
                  {job.until && <> · until {format.moment(job.until)}</>} · given out {times(job.deliveries)}, failed{' '}
                  {times(job.failures)}
                  {job.state === 'scheduled' && (
                    <>
                      {' · '}
                      <button type="button" class="link" onClick={() => cancel(job.number)}>
                        Take it back
                      </button>
                    </>
                  )}
                </p>
                <pre class="data" tabIndex={0} aria-label={`Job ${job.number}`}>
                  <Tokens tokens={pretty(job.raw)} />
                </pre>
              </div>
            )}
          </li>
        ))}
      </ul>
      <p class="paging">
        <button type="button" class="tool" disabled={!after} onClick={() => (pages.value = pages.value.slice(0, -1))}>
          Before
        </button>
        <button
          type="button"
          class="tool"
          disabled={!jobs?.length}
          onClick={() => (pages.value = [...pages.value, jobs!.at(-1)!.number])}
        >
          After
        </button>
      </p>
    </section>
  );
}

const times = (count: number) => (count === 1 ? 'once' : `${format.count(count)} times`);

/** When something happens with the job, or how long it has been there. */
function told({ until, recordedtime, deliveries }: Job): string {
  const left = until ? Date.parse(until) - serverNow() : 0;
  const when = left > 0 ? `in ${format.age(left + 999)}` : format.age(serverNow() - Date.parse(recordedtime));
  return deliveries > 0 ? `${deliveries}× · ${when}` : when;
}
