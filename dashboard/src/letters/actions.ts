// What is asked before dead letters are sent again or thrown away.
import * as format from '../format';
import { item } from '../location';
import { ask, type Field } from '../ui/Ask';
import { apply, type Chosen } from './letters';

const PACE: Field[] = [
  { name: 'perSecond', label: 'At most so many a second', kind: 'number', hint: 'without one, as fast as it goes' },
  { name: 'delay', label: 'Not before', kind: 'text', hint: 'a duration from now, such as 10s or 1h' },
];

const named = (chosen: Chosen) => {
  if ('search' in chosen)
    return Object.keys(chosen.search).length > 0 ? 'all dead letters that are found' : 'ALL dead letters';
  return chosen.ids.length === 1 ? 'this dead letter' : `${format.count(chosen.ids.length)} dead letters`;
};

/** What was done to the letter that is open; it is gone then. */
const closeIfOne = (chosen: Chosen) => {
  if ('ids' in chosen && chosen.ids.includes(item.peek())) item.value = '';
};

export function askResubmit(chosen: Chosen): void {
  ask({
    title: `Send ${named(chosen)} again?`,
    text: 'Each goes to only the subscription or queue that failed.',
    action: 'Resubmit',
    fields: PACE,
    run: async ({ perSecond, delay }) => {
      const done = await apply('resubmit', chosen, {
        ...(perSecond ? { perSecond: String(Number(perSecond)) } : {}),
        ...(delay?.trim() ? { delay: JSON.stringify(delay.trim()) } : {}),
      });
      closeIfOne(chosen);
      return done;
    },
  });
}

export function askDiscard(chosen: Chosen): void {
  ask({
    title: `Throw ${named(chosen)} away?`,
    text: 'They cannot be sent again afterwards. The reason is kept in the record of it.',
    action: 'Discard',
    danger: true,
    fields: [{ name: 'reason', label: 'Reason', kind: 'text', required: true }],
    run: async ({ reason }) => {
      const done = await apply('discard', chosen, { reason: JSON.stringify(reason) });
      closeIfOne(chosen);
      return done;
    },
  });
}
