// One queue: where its jobs have gone, those that are in it, and what can be done with it.
import { change } from '../api';
import * as format from '../format';
import { ask } from '../ui/Ask';
import { SideHead } from '../ui/Pair';
import { askAgain, oldest, pathOf, type Group } from './groups';
import { Jobs } from './Jobs';
import { DocumentView, LedgerBar, LettersLink, Named, PauseButton, StateMark } from './parts';

export function QueueDetail({ name, group }: { name: string; group: Group | undefined }) {
  if (!group)
    return (
      <>
        <SideHead title={name} />
        <p class="none">There is no queue of this name.</p>
      </>
    );
  const { status } = group;
  const { ledger } = status;
  return (
    <>
      <SideHead title={name}>
        <button type="button" class="tool" onClick={() => sendTestJob(name)}>
          Send a test job…
        </button>
        <PauseButton status={status} />
        <button type="button" class="tool danger" onClick={() => purge(name, ledger.pending - ledger.leased)}>
          Purge…
        </button>
      </SideHead>
      <div class="side-body">
        <LedgerBar ledger={ledger} />
        <dl class="facts">
          <Named name="state">
            <StateMark status={status} /> {status.reason}
          </Named>
          <Named name="depth">
            {format.count(ledger.pending)}: {format.count(ledger.leased)} leased, {format.count(ledger.delayed)}{' '}
            delayed, {format.count(ledger.deferred)} deferred
          </Named>
          <Named name="oldest">{oldest(status) || '–'}</Named>
          <Named name="settled">{format.rate(status.perSecond) || '0'} a second</Named>
          <Named name="waiting">{format.count(status.waiting)} workers</Named>
          <Named name="dead letters">
            <LettersLink status={status} empty="none" />
          </Named>
          <Named name="last failure">{status.lastFailure ?? 'none'}</Named>
        </dl>
        <Jobs name={name} />
        <DocumentView path={pathOf('Queue', name)} />
      </div>
    </>
  );
}

function purge(name: string, count: number): void {
  ask({
    title: `Purge ${name}?`,
    text: `About ${format.count(count)} jobs are thrown away for good, everything that is not leased now.`,
    action: 'Throw the jobs away',
    danger: true,
    run: async () => {
      const { purged } = await change<{ purged: number }>('POST', `${pathOf('Queue', name)}/purge`);
      askAgain();
      return { text: `${format.count(purged)} jobs of ${name} were thrown away.` };
    },
  });
}

function sendTestJob(name: string): void {
  const id = `test-${Date.now().toString(36)}`;
  const job = { specversion: '1.0', id, source: '/dashboard', type: 'test', data: { test: true } };
  ask({
    title: `Send a test job to ${name}`,
    action: 'Send',
    fields: [
      {
        name: 'job',
        label: 'Job',
        kind: 'textarea',
        value: JSON.stringify(job, null, 2),
        required: true,
        hint: 'as CloudEvents JSON; priority, scheduledtime, expirytime and partitionkey are understood',
      },
    ],
    run: async (values) => {
      const { jobs } = await change<{ jobs: { number?: string; duplicate: boolean }[] }>(
        'POST',
        pathOf('Queue', name),
        values.job,
        'application/cloudevents+json',
      );
      askAgain();
      const [sent] = jobs;
      return {
        text: sent?.duplicate
          ? 'The queue had this job already.'
          : `The job has the number ${sent?.number} in ${name}.`,
      };
    },
  });
}
