// Where every event that a query took in has gone; the parts add up to it.
import * as format from '../format';
import { showContext } from '../location';
import type { QueryCounts } from './queries';

const SHARES = [
  ['counted', 'counted'],
  ['corrected', 'corrected'],
  ['late', 'late'],
  ['invalid', 'invalid'],
] as const;

export function Balance({ counts, lateContext }: { counts: QueryCounts; lateContext: string | undefined }) {
  const told = SHARES.map(([key, name]) => `${format.count(counts[key])} ${name}`);
  const missing = counts.input - SHARES.reduce((sum, [key]) => sum + counts[key], 0);
  const share = (value: number) => (counts.input > 0 ? `${((value * 100) / counts.input).toFixed(1)} %` : '');
  return (
    <div class="ledger">
      <p class="ledger-sum">
        <b>{format.count(counts.input)}</b> {counts.input === 1 ? 'event' : 'events'} taken in{' '}
        <span class="muted">=</span>
      </p>
      <div
        class="ledger-bar"
        role="img"
        aria-label={`Of ${format.count(counts.input)} events taken in: ${told.join(', ')}`}
      >
        {SHARES.map(
          ([key]) => counts[key] > 0 && <span key={key} class={`share ${key}`} style={{ flexGrow: counts[key] }} />,
        )}
      </div>
      <dl class="shares sum">
        {SHARES.map(([key, name]) => (
          <div key={key} data-share={key}>
            <dt>
              <span class={`swatch ${key}`} />
              {name}
            </dt>
            <dd>
              <b>{format.count(counts[key])}</b> <span class="muted">{share(counts[key])}</span>
              {key === 'late' && counts.late > 0 && lateContext && (
                <>
                  {' '}
                  <button type="button" class="link" onClick={() => showContext(lateContext)}>
                    show them
                  </button>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {missing !== 0 && (
        <p class="why balance-off">
          {missing > 0
            ? `${format.count(missing)} more came in than these are: they are still on their way, or were lost.`
            : `${format.count(-missing)} fewer came in than these are: some were counted twice.`}
        </p>
      )}
    </div>
  );
}
