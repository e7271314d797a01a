// What the pages of subscriptions and queues share.
import type { ComponentChildren } from 'preact';
import { getText } from '../api';
import { Tokens } from '../events/EventDetail';
import { pretty } from '../events/json';
import * as format from '../format';
import { go } from '../location';
import { Problem } from '../ui/Ask';
import { useAsked } from '../ui/asked';
import { Icon, Sparkline } from '../ui/icons';
import { isStopped, toggle, type Group, type GroupStatus, type Ledger } from './groups';

const SHARES = [
  ['settled', 'settled'],
  ['filtered', 'filtered'],
  ['expired', 'expired'],
  ['deadLettered', 'dead-lettered'],
  ['pending', 'pending'],
] as const;

/** Where everything that was accepted has gone; the parts add up to it. */
export function LedgerBar({ ledger }: { ledger: Ledger }) {
  const told = SHARES.map(([key, name]) => `${format.count(ledger[key])} ${name}`).join(', ');
  const share = (value: number) => (ledger.accepted > 0 ? `${((value * 100) / ledger.accepted).toFixed(1)} %` : '');
  return (
    <div class="ledger">
      <p class="ledger-sum">
        <b>{format.count(ledger.accepted)}</b> accepted
      </p>
      <div class="ledger-bar" role="img" aria-label={`Of ${format.count(ledger.accepted)} accepted: ${told}`}>
        {SHARES.map(
          ([key]) => ledger[key] > 0 && <span key={key} class={`share ${key}`} style={{ flexGrow: ledger[key] }} />,
        )}
      </div>
      <dl class="shares">
        {SHARES.map(([key, name]) => (
          <div key={key} data-share={key}>
            <dt>
              <span class={`swatch ${key}`} />
              {name}
            </dt>
            <dd>
              <b>{format.count(ledger[key])}</b> <span class="muted">{share(ledger[key])}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

export function StateMark({ status }: { status: GroupStatus }) {
  return (
    <span class={`mark ${status.state}`} title={status.reason ?? undefined}>
      {status.state}
    </span>
  );
}

export function RateCell({ group }: { group: Group }) {
  return (
    <span class="rate-cell">
      <Sparkline values={group.rates} length={60} />
      <span>{format.rate(group.status.perSecond) || '0'}</span>
    </span>
  );
}

/** How many dead letters; leads to them. */
export function LettersLink({ status, empty = '0' }: { status: GroupStatus; empty?: string }) {
  const { deadLettered } = status.ledger;
  if (deadLettered === 0) return <>{empty}</>;
  return (
    <button
      type="button"
      class="link bad"
      aria-label={`Dead letters of ${status.name}: ${deadLettered}`}
      onClick={() => go('dead-letters', '', { kind: status.kind, name: status.name })}
    >
      {format.count(deadLettered)}
    </button>
  );
}

export function PauseButton({ status }: { status: GroupStatus }) {
  const stopped = isStopped(status);
  return (
    <button type="button" class="tool" onClick={() => void toggle(status)}>
      <Icon name={stopped ? 'play' : 'pause'} />
      {stopped ? 'Resume' : 'Pause'}
    </button>
  );
}

export function Named({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The resource's document, as the server has it. */
export function DocumentView({ path }: { path: string }) {
  const asked = useAsked(path, () => getText(`api/v1/${path}`), 10_000);
  if (asked.error) return <Problem error={asked.error} />;
  return (
    <details class="fold">
      <summary>Document</summary>
      <pre class="data" tabIndex={0}>
        <Tokens tokens={pretty(asked.value ?? '')} />
      </pre>
    </details>
  );
}

/** A search of a list by what is typed. */
export function FilterField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (v: string) => void;
}) {
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && onChange('')}
    />
  );
}
