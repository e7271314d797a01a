// One subscription: where its events have gone, and what can be done with it.
import { change } from '../api';
import * as format from '../format';
import { ask } from '../ui/Ask';
import { SideHead } from '../ui/Pair';
import { Explain } from './Explain';
import { askAgain, delivery, oldest, pathOf, type Group } from './groups';
import { DocumentView, LedgerBar, LettersLink, Named, PauseButton, StateMark } from './parts';

const HOUR_MS = 3_600_000;

export function SubscriptionDetail({ name, group }: { name: string; group: Group | undefined }) {
  if (!group)
    return (
      <>
        <SideHead title={name} />
        <p class="none">There is no subscription of this name.</p>
      </>
    );
  const { status, document } = group;
  const { ledger } = status;
  return (
    <>
      <SideHead title={name}>
        <PauseButton status={status} />
        <button type="button" class="tool" onClick={() => seek(name)}>
          Seek…
        </button>
      </SideHead>
      <div class="side-body">
        <LedgerBar ledger={ledger} />
        <dl class="facts">
          <Named name="state">
            <StateMark status={status} /> {status.reason}
          </Named>
          <Named name="pattern">
            <span class="mono">{document?.pattern}</span>
          </Named>
          <Named name="delivery">{delivery(document)}</Named>
          <Named name="pending">
            {format.count(ledger.pending)}: {format.count(ledger.leased)} leased, {format.count(ledger.delayed)}{' '}
            delayed, {format.count(ledger.deferred)} deferred
          </Named>
          <Named name="unread">{format.count(ledger.unread)}</Named>
          <Named name="oldest">{oldest(status) || '–'}</Named>
          <Named name="settled">{format.rate(status.perSecond) || '0'} a second</Named>
          <Named name="waiting">{format.count(status.waiting)} consumers</Named>
          <Named name="dead letters">
            <LettersLink status={status} empty="none" />
          </Named>
          <Named name="last failure">{status.lastFailure ?? 'none'}</Named>
        </dl>
        <Explain name={name} />
        <DocumentView path={pathOf('Subscription', name)} />
      </div>
    </>
  );
}

function seek(name: string): void {
  ask({
    title: `Go on elsewhere with ${name}`,
    text: 'What is leased or waiting is forgotten, and the ledger begins anew.',
    action: 'Seek',
    danger: true,
    fields: [
      {
        name: 'where',
        label: 'Go on from',
        kind: { time: 'a time', earliest: 'the earliest event', latest: 'now', position: 'a position' },
        value: 'time',
      },
      {
        name: 'time',
        label: 'Time',
        kind: 'datetime-local',
        value: format.localInput(Date.now() - HOUR_MS),
        required: true,
        when: ({ where }) => where === 'time',
      },
      {
        name: 'position',
        label: 'Position',
        kind: 'text',
        required: true,
        hint: 'as answers of the server have it, such as events.1:12.40.7.9',
        when: ({ where }) => where === 'position',
      },
    ],
    run: async ({ where = '', time, position }) => {
      const to = time ? new Date(time).toISOString() : (position ?? where);
      await change('POST', `${pathOf('Subscription', name)}/seek`, JSON.stringify({ to }));
      askAgain();
      return { text: `${name} goes on elsewhere.` };
    },
  });
}
